"""Bad input of every kind: one clear sentence in the user's language, the right exit code, nothing lost."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.program import Program

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@dataclass(frozen=True)
class Case:
    """What is prepared in the folder, the command (``{folder}`` is filled in), and the exit code."""

    name: str
    command: str
    code: int
    prepare: Callable[[Path], None]


def nothing(_folder: Path) -> None:
    """No preparation."""


def file_of(name: str, content: bytes) -> Callable[[Path], None]:
    """A file with that content."""

    def write(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return write


CASES = [
    Case("no file", "import {folder}/gone.csv", 4, nothing),
    Case("a folder", "import {folder}", 1, nothing),
    Case("empty", "import {folder}/a.csv", 1, file_of("a.csv", b"")),
    Case("blank", "import {folder}/a.csv", 1, file_of("a.csv", b"\n\n  \n")),
    Case("binary", "import {folder}/a.csv", 1, file_of("a.csv", bytes(range(256)) * 40)),
    Case("png", "import {folder}/a.csv", 1, file_of("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(2000))),
    Case("a workbook", "import {folder}/a.xlsx", 1, file_of("a.xlsx", b"PK\x03\x04" + bytes(200))),
    Case("10 MB line", "import {folder}/a.csv", 1, file_of("a.csv", b"email\n" + b"x" * 10_000_000)),
    Case(
        "wrong encoding",
        "import {folder}/a.csv --encoding cp932",
        1,
        file_of("a.csv", "email,氏名\na@example.jp,高橋 さくら\n".encode() + b"\xff\xff\xfd"),
    ),
    Case(
        "unknown encoding", "import {folder}/a.csv --encoding klingon", 1, file_of("a.csv", b"email\na@b.jp")
    ),
    Case("no address column", "import {folder}/a.csv", 1, file_of("a.csv", b"name,age\nTaro,3\nJiro,4\n")),
    Case("no such column", "import {folder}/a.csv --map x=email", 1, file_of("a.csv", b"email\na@b.jp\n")),
    Case("bad map", "import {folder}/a.csv --map email", 1, file_of("a.csv", b"email\na@b.jp\n")),
    Case("no such import", "import --undo 7", 4, nothing),
    Case("no such list", "contacts list --list nobody", 4, nothing),
    Case("unwritable export", "contacts export {folder}/no/such/folder.csv", 1, nothing),
    Case("no such template", "template render gone --to a@example.jp", 4, nothing),
    Case("no template file", "template add {folder}/gone.html", 4, nothing),
    Case(
        "broken template",
        "template add {folder}/t.html",
        1,
        file_of("t.html", b"<title>x</title>{% if %}"),
    ),
    Case("unclosed field", "template add {folder}/t.html", 1, file_of("t.html", b"<p>{{ name </p>")),
    Case("template of nothing", "template add {folder}/t.html", 1, file_of("t.html", b"")),
    Case("unknown form of template", "template add {folder}/t.docx", 1, file_of("t.docx", b"PK")),
    Case("bad address", "identity add not-an-address", 1, nothing),
    Case("no such sender", "identity key gone@example.jp", 4, nothing),
    Case("header injection", "identity add a@example.jp --name a\nBcc:b", 1, nothing),
    Case("no such route", "route test gone", 4, nothing),
    Case("route without server", "route add r --kind smarthost", 1, nothing),
    Case("no such setting", "config get no.such", 4, nothing),
    Case("impossible setting", "config set direct.port many", 1, nothing),
    Case("no such campaign", "campaign status 99", 4, nothing),
    Case("no such campaign to send", "campaign send 99", 4, nothing),
    Case("no such lane", "lane show nowhere", 4, nothing),
    Case("engine not running", "engine status", 5, nothing),
    Case("engine not running, stop", "engine stop", 5, nothing),
]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_sentence(program: Program, tmp_path: Path, case: Case, language: str) -> None:
    case.prepare(tmp_path)
    program.language = language
    arguments = [part.replace("{folder}", str(tmp_path)) for part in case.command.split(" ")]
    code, sentence = program.fails(*arguments)
    assert code == case.code, sentence
    assert len(sentence.splitlines()) == 1, sentence
    assert bool(JAPANESE.search(sentence)) == (language == "ja"), sentence


def test_usage_is_2(program: Program) -> None:
    code, _ = program.fails("campaign", "launch")
    assert code == 2


@pytest.fixture
def ready(program: Program, tmp_path: Path) -> Program:
    """One person, a sender, a campaign drafted into practice with the template ``letter``."""
    (tmp_path / "people.csv").write_text("email,name,consent_at\na@example.jp,あ,2026-01-01\n", "utf-8")
    (tmp_path / "letter.txt").write_text("Subject: hello\n\n{{ 会員番号 }}\n", "utf-8")
    program.call("import", str(tmp_path / "people.csv"), "--list", "all")
    program.call("template", "add", str(tmp_path / "letter.txt"))
    program.call("identity", "add", "shop@example.com")
    return program


def draft(program: Program, *options: str) -> tuple[int, str, str]:
    """Create a campaign from the given parts over good ones."""
    parts = {"--template": "letter", "--from": "shop@example.com", "--route": "sandbox", "--list": "all"}
    parts |= dict(zip(options[::2], options[1::2], strict=True))
    return program.run("campaign", "create", "c", *(word for pair in parts.items() for word in pair))


@pytest.mark.parametrize(
    "part", [("--template", "gone"), ("--from", "gone@example.jp"), ("--route", "gone"), ("--list", "gone")]
)
def test_campaign_of_unknown_parts(ready: Program, part: tuple[str, str]) -> None:
    code, out, err = draft(ready, *part)
    assert code == 4
    assert out == ""
    assert part[1] in err


def test_missing_merge_field_is_held_and_named(ready: Program) -> None:
    assert draft(ready)[0] == 0
    checked = ready.call("campaign", "check", "1")
    assert any("会員番号" in finding["text"] for finding in checked["amber"])
    status = ready.call("campaign", "send", "1", "--wait")
    assert status["held"] == 1
    (row,) = ready.lines("campaign", "recipients", "1")
    assert row["state"] == "held"
    assert row["reason"] == "merge_failed"
    assert "会員番号" in row["text"]


def test_red_check_blocks_and_force_overrides(ready: Program) -> None:
    ready.call(
        *("route", "add", "account", "--kind", "smarthost", "--host", "127.0.0.1", "--port", "9"),
        *("--user", "me", "--tls", "none"),
    )
    assert draft(ready, "--route", "account")[0] == 0
    code, out, _ = ready.run("campaign", "check", "1")
    assert code == 3
    assert '"no_password"' in out
    code, sentence = ready.fails("campaign", "send", "1")
    assert code == 3
    assert "password" in sentence


def test_locked_by_another_engine(program: Program) -> None:
    program.call("engine")
    code, sentence = program.fails("engine", "--foreground")
    assert code == 1
    assert len(sentence.splitlines()) == 1


def test_newer_data(program: Program) -> None:
    program.lines("config", "list")
    with closing(sqlite3.connect(program.directory / "library.db")) as library, library:
        library.execute("PRAGMA user_version = 9999")
    code, _ = program.fails("contacts", "list")
    assert code == 1


@pytest.mark.parametrize("name", ["library.db", "spool.db"])
def test_corrupt_data(program: Program, name: str) -> None:
    program.call("engine")
    program.call("engine", "stop")
    path = program.directory / name
    for log in program.directory.glob(f"{name}-*"):
        log.unlink()
    path.write_bytes(b"not a database" * 1000)
    before = path.read_bytes()
    code, sentence = (
        program.fails("campaign", "list") if name == "spool.db" else program.fails("contacts", "list")
    )
    assert code == 1
    assert len(sentence.splitlines()) == 1
    assert path.read_bytes() == before, "what may still be saved is not touched"


def test_directory_that_is_a_file(program: Program) -> None:
    program.directory.write_text("in the way")
    code, sentence = program.fails("contacts", "list")
    assert code == 1
    assert str(program.directory) in sentence


@pytest.mark.skipif(sys.platform == "win32", reason="needs chattr")
def test_read_only_directory(program: Program) -> None:
    """Root writes everywhere, so the folder is made immutable; where that is not possible, mode 0500."""
    program.lines("config", "list")
    frozen = subprocess.run(["chattr", "+i", str(program.directory)], capture_output=True, check=False)
    if frozen.returncode != 0:
        pytest.skip("the file system has no immutable folders, and root ignores modes")
    try:
        code, sentence = program.fails("import", __file__)
        assert code == 1
        assert len(sentence.splitlines()) == 1
    finally:
        subprocess.run(["chattr", "-i", str(program.directory)], check=True)
