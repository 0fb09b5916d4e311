"""Exit codes: 0 done, 1 failed, 2 usage, 3 blocked by a check, 4 no such thing, 5 no engine."""

from __future__ import annotations

import errno
import io
import os
import shlex
import sys
from pathlib import Path

import pytest

from desktop_relay.cli import follow, main, secret
from desktop_relay.cli.commands import config
from desktop_relay.cli.console import Console
from desktop_relay.cli.main import run
from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.errors import BadInput, EngineUnreachable, ErrorCode
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.spool import Spool
from tests.fakes.engine_link import NOW
from tests.unit.cli.conftest import Shell
from tests.unit.cli.test_json import drafted


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("contacts export /no/such/folder/file.csv", 1),
        ("route add sandbox --kind smarthost --host h.example", 1),
        ("route remove sandbox", 1),
        ("route rename sandbox other", 1),
        ("route add r --kind smarthost --host 'two words'", 1),
        ("lane set docomo --rate=-1", 1),
        ("lane set docomo --until 18:30", 1),
        ("config set engine.expire nan", 1),
        ("campaign send 1 --at yesterday", 1),
        ("campaign send 1 --at ''", 1),
        ("lane set docomo --rate 1 --until ''", 1),
        ("lane set docomo --rate 1 --for ''", 1),
        ("lane set docomo --rate 1e308", 1),
        ("campaign pause 1", 1),
        ("campaign release 1", 1),
        ("campaign resend 1 --outcome held", 1),
        ("lane release docomo --campaign 1", 1),
        (f"campaign create c {' '.join(drafted('sandbox'))} --canary 0", 1),
        ("simulate --recipients 9 --canary nan", 1),
        ("simulate --recipients 9 --canary=-1", 1),
        ("simulate --recipients 9 --trouble nobody:dead", 1),
        ("simulate --recipients 9 --trouble docomo:dead:5h-2h", 1),
        ("lane set docomo --per-day 9999999999999", 1),
        ("route set sandbox --daily-quota 9999999999999", 1),
        ("route add r --kind smarthost --host h.example --rate 1e308", 1),
        ("campaign send 1 --at 2001-01-01T09:00", 1),
        ("campaign send 1 --at 0001-01-01T00:00", 1),
        ("campaign", 2),
        ("campaign launch 1", 2),
        ("campaign status one", 2),
        ("campaign status 99999999999999999999", 2),
        ("import --undo 99999999999999999999", 2),
        ("campaign resend 1 --outcome accepted", 2),
        ("contacts list --limit 0", 2),
        ("contacts list --limit x", 2),
        ("demo --contacts 0", 2),
        ("import", 2),
        ("import a.csv --undo 1", 2),
        ("simulate 99999999999999999999", 2),
        ("simulate --recipients 99999999999", 2),
        ("lane set docomo --pause --resume", 2),
        ("suppress remove nobody@example.jp", 4),
        ("lane list --route gone", 4),
        ("lane set docomo --route gone --rate 1", 4),
        ("campaign recipients 99", 4),
        ("campaign pause 99", 4),
        ("lane release docomo --campaign 99", 4),
        ("campaign create c --template letter --from shop@example.jp --route sandbox --list gone", 4),
        ("engine status", 5),
        ("engine stop --now", 5),
    ],
)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_failures(stocked: Shell, line: str, code: int, language: str) -> None:
    stocked.language = language
    found, sentence = stocked.fail(*shlex.split(line))
    assert found == code, sentence
    assert "Error" not in sentence, "a thing of Python's"
    assert code == 2 or len(sentence.splitlines()) == 1


def test_unknown_commands_and_options(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["fly"], ["--fly"], ["--lang", "fr", "config", "list"], ["--jso", "config", "list"]):
        assert run(arguments) == 2
        assert capsys.readouterr().out == ""


def test_a_red_check_blocks_sending_unless_forced(stocked: Shell) -> None:
    stocked.call("route", "add", "r", "--kind", "smarthost", "--host", "h.example", "--user", "me")
    number = str(stocked.call("campaign", "create", "c", *drafted("r"))["campaign"])
    report = stocked.call("campaign", "check", number, code=3)
    assert [finding["code"] for finding in report["red"]] == ["no_password"]
    code, sentence = stocked.fail("campaign", "send", number)
    assert code == 3
    assert "password" in sentence
    assert stocked.fail("campaign", "send", number, "--force", "no_dkim_key")[0] == 3
    assert stocked.call("campaign", "send", number, "--force", "no_password")["state"] == "submitted"
    assert stocked.call("campaign", "send", number)["total"] == 4, "asked again, it answers as it stands"


def move(shell: Shell, *states: CampaignState) -> None:
    with open_spool_for_engine(shell.directory) as db:
        for state in states:
            Spool(db).move_campaign(1, state, PauseReason.NONE, NOW)


def test_waiting_ends_when_it_is_over(stocked: Shell) -> None:
    stocked.run("campaign", "send", "1")
    move(stocked, CampaignState.SENDING, CampaignState.FINISHED)
    assert stocked.call("campaign", "send", "1", "--wait")["state"] == "finished"


def test_waiting_without_an_engine_is_not_for_ever(stocked: Shell) -> None:
    code, sentence = stocked.fail("campaign", "send", "1", "--wait")
    assert (code, sentence) == (5, "The sending engine is not running.")
    assert stocked.call("campaign", "status", "1")["total"] == 4


def test_an_engine_of_another_version(stocked: Shell) -> None:
    stocked.engine.refusal = EngineUnreachable(ErrorCode.ENGINE_VERSION, version="9")
    assert stocked.fail("campaign", "send", "1")[0] == 5


def test_interrupted_is_130(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(config, "run", interrupt)
    assert shell.fail("config", "list") == (130, "")


def test_interrupted_while_the_language_is_looked_for(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_arguments: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "choose_language", interrupt)
    assert run(["--data", str(tmp_path / "data"), "config", "list"]) == 130


class Terminal(io.StringIO):
    """Somebody looks at it, or types the lines."""

    def isatty(self) -> bool:
        return True


def test_a_line_half_said_is_ended_before_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    console = Console("en", json=False)
    console.progress("importing 1 / 3")
    console.progress("importing 2 / 3")
    console.fail(BadInput(ErrorCode.FILE_EMPTY, path="a.csv"))
    console.end_progress()
    assert screen.getvalue().endswith("\r\033[Kimporting 2 / 3\nThe file a.csv is empty.\n")


def test_interrupted_in_a_line_the_prompt_gets_its_own(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_options: object, console: Console) -> int:
        console.progress("1 / 3")
        raise KeyboardInterrupt

    screen = Terminal()
    monkeypatch.setattr(config, "run", interrupt)
    monkeypatch.setattr(sys, "stderr", screen)
    assert run(["--data", str(shell.directory), "config", "list"]) == 130
    assert screen.getvalue().endswith("1 / 3\n")


def test_a_bug_is_one_sentence(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> int:
        raise ZeroDivisionError("here")

    monkeypatch.setattr(config, "run", fail)
    code, sentence = shell.fail("config", "list")
    assert (code, sentence) == (1, "Something unexpected went wrong. ZeroDivisionError: here")
    monkeypatch.setenv("DESKTOP_RELAY_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        shell.run("config", "list")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_folder_that_cannot_be_meant_is_a_usage_error(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for data in ("~nobody-of-that-name/data", ""):
        assert run(["--lang", language, "--data", data, "config", "list"]) == 2
        shown = capsys.readouterr()
        assert shown.out == ""
        assert "--data" in shown.err.splitlines()[-1]
        assert f"「{data}」" in shown.err or f"“{data}”" in shown.err


def test_a_program_without_a_console_is_no_failure(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A windowed program of Windows, and a closed descriptor."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    code = run(["--data", str(tmp_path / "data"), "config", "list"])
    monkeypatch.undo()
    assert code == 0


@pytest.mark.parametrize("name", ["stdin", "stdout", "stderr"])
def test_commands_do_without_a_stream_that_was_closed(
    stocked: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    stocked.run("campaign", "send", "1")
    for line in ("import {people}", "campaign resend 1 --outcome held", "import nowhere.csv", "campaign"):
        words = shlex.split(line.format(people=tmp_path / "people.csv"))
        with monkeypatch.context() as closed:
            closed.setattr(sys, name, None)
            code = run(["--data", str(stocked.directory), "--lang", "en", "--json", *words])
        shown = stocked.capture.readouterr()
        assert code == {"import nowhere.csv": 4, "campaign": 2}.get(line, 0), shown
        assert "unexpected" not in shown.err
        assert code == 0 or shown.out == "", "what goes wrong is not told among the results"


def test_a_secret_that_does_not_come_is_told(stocked: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    route = ("route", "add", "r", "--kind", "smarthost", "--host", "h.example", "--user", "u")
    with monkeypatch.context() as closed:
        closed.setattr(sys, "stdin", None)
        code, sentence = stocked.fail(*route, "--password-stdin")
        assert (code, "--password-stdin" in sentence) == (1, True)
    for errors in ("strict", "surrogateescape"):
        stdin = io.TextIOWrapper(io.BytesIO(b"\xff\xfe\n"), encoding="utf-8", errors=errors)
        monkeypatch.setattr(sys, "stdin", stdin)
        code, sentence = stocked.fail("backup", "make", "--passphrase-stdin")
        assert (code, "--passphrase-stdin" in sentence) == (1, True)


@pytest.mark.parametrize(("typed", "code"), [("ひみつ", 0), ("", 1), (EOFError, 1)])
def test_at_a_terminal_a_secret_is_asked_for_and_not_shown(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, typed: str | type[EOFError], code: int
) -> None:
    asked: list[str] = []

    def ask(prompt: str, stream: object) -> str:
        asked.append(prompt)
        if isinstance(typed, str):
            return typed
        raise typed

    monkeypatch.setattr(secret, "getpass", ask)
    monkeypatch.setattr(sys, "stdin", Terminal("not this\n"))
    route = ("route", "add", "r", "--kind", "smarthost", "--host", "h.example", "--user", "u")
    assert shell.run(*route, "--password-stdin") == code
    assert asked == ["Enter the password (--password-stdin): "]


def test_a_full_disk_behind_the_output_is_told_in_the_users_language(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(*_arguments: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    shell.language = "ja"
    monkeypatch.setattr(config, "run", fill)
    assert shell.fail("config", "list") == (1, "思わぬ不具合が起きました。ディスクの空きがありません。")


@pytest.mark.skipif(sys.platform == "win32", reason="long names")
def test_a_folder_of_which_nothing_can_be_seen_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No path so long can be asked for; a folder of another user that is shut answers alike."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    shut = tmp_path / ("n" * 300)
    for words, code in ((["config", "list"], 1), (["engine", "status"], 5), (["backup", "list"], 1)):
        assert run(["--data", str(shut), *words]) == code
        shown = capsys.readouterr()
        assert shown.out == ""
        assert len(shown.err.splitlines()) == 1
        assert "unexpected" not in shown.err


def test_a_reader_that_has_read_enough(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    os.close(read)
    with io.TextIOWrapper(io.BufferedWriter(io.FileIO(write, "w")), encoding="utf-8") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        assert run(["--data", str(tmp_path / "data"), "config", "list"]) == 1
        monkeypatch.undo()


def test_names_that_no_encoding_has_end_nothing(shell: Shell, tmp_path: Path) -> None:
    code, sentence = shell.fail("import", os.fsdecode(os.fsencode(tmp_path) + b"/\xe3\xff.csv"))
    assert code == 4
    assert sentence


def test_the_bar_says_how_far(stocked: Shell) -> None:
    assert follow.POLL_SECONDS < 1
    stocked.run("campaign", "send", "1")
    shown = stocked.say("campaign", "status", "1")
    assert "4 in all" in shown
