"""The command line in this process, on real stores, with an engine that sends nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desktop_relay.cli import workplace
from desktop_relay.cli.main import run
from tests.fakes.engine_link import FakeEngineLink


@dataclass
class Shell:
    """Runs commands and keeps what they printed."""

    directory: Path
    engine: FakeEngineLink
    capture: pytest.CaptureFixture[str]
    language: str = "en"
    out: str = ""
    err: str = ""

    def run(self, *arguments: str | Path, json: bool = False) -> int:
        """The exit code of a command."""
        options = ["--data", str(self.directory), "--lang", self.language, *(["--json"] if json else [])]
        code = run([*options, *(str(argument) for argument in arguments)])
        self.out, self.err = self.capture.readouterr()
        return code

    def say(self, *arguments: str | Path) -> str:
        """What a command that must succeed tells a person."""
        assert self.run(*arguments) == 0, self.err
        return self.out

    def lines(self, *arguments: str | Path, code: int = 0) -> list[Any]:
        """The JSON lines of a command; nothing else is on standard output."""
        assert self.run(*arguments, json=True) == code, self.err
        return [json.loads(line) for line in self.out.splitlines()]

    def call(self, *arguments: str | Path, code: int = 0) -> Any:
        """The one JSON document of a command."""
        (document,) = self.lines(*arguments, code=code)
        return document

    def fail(self, *arguments: str | Path) -> tuple[int, str]:
        """Exit code and the one sentence of a command that must fail."""
        code = self.run(*arguments, json=True)
        assert code != 0
        assert self.out == ""
        assert "Traceback" not in self.err
        return code, self.err.strip()


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("DESKTOP_RELAY_KEYCHAIN", "off")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    engine = FakeEngineLink(tmp_path / "data")
    monkeypatch.setattr(workplace, "Link", lambda _directory, language: engine)
    return Shell(tmp_path / "data", engine, capsys)


PEOPLE = (
    "メールアドレス,氏名,会員番号,同意日\n"
    "a@docomo.ne.jp,例田 花子,1,2026-01-01\n"
    "ｂ＠docomo.ne.jp,例山 太郎,2,2026-01-01\n"
    "c@shop.example,例川 次郎,3,2026-01-01\n"
    "d@ezweb.ne.jp,例村 三郎,4,\n"
    "a@docomo.ne.jp,例田 花子,1,2026-01-01\n"
    "nobody,誰か,5,2026-01-01\n"
)
LETTER = "件名: {{ name }} 様へ\n\n{{ name }} 様\n配信停止: {{ unsubscribe_url }}\n{{ sender_postal }}\n"
POSTAL = "〒100-0001 東京都千代田区千代田1-1"


@pytest.fixture
def stocked(shell: Shell, tmp_path: Path) -> Shell:
    """People, a template, a signed sender, and campaign 1 drafted into practice."""
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="cp932")
    (tmp_path / "letter.txt").write_text(LETTER, encoding="utf-8")
    shell.call("import", tmp_path / "people.csv", "--list", "all")
    shell.call("template", "add", tmp_path / "letter.txt")
    shell.call("identity", "add", "shop@example.jp", "--name", "みなと商店", "--postal", POSTAL)
    shell.call("identity", "key", "shop@example.jp")
    parts = ("--template", "letter", "--from", "shop@example.jp", "--route", "sandbox", "--list", "all")
    shell.call("campaign", "create", "秋", *parts)
    return shell
