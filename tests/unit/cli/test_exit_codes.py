"""Exit codes: 0 done, 1 failed, 2 usage, 3 blocked by a check, 4 no such thing, 5 no engine."""

from __future__ import annotations

import io
import os
import shlex
import sys
from pathlib import Path

import pytest

from desktop_relay.cli import follow
from desktop_relay.cli.commands import config
from desktop_relay.cli.main import run
from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.errors import EngineUnreachable, ErrorCode
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
        ("lane set docomo --pause --resume", 2),
        ("suppress remove nobody@example.jp", 4),
        ("lane list --route gone", 4),
        ("lane set docomo --route gone --rate 1", 4),
        ("campaign recipients 99", 4),
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
