"""Backups by the command line: made while mail is sent, listed, verified, restored, moved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.letters import draft
from tests.e2e.program import Program

PASSPHRASE = "開けゴマ 123"
PEOPLE = [f"p{number}@lane{number % 3}.example" for number in range(30)]


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Program]:
    """The program on another computer."""
    found = Program(tmp_path / "other")
    yield found
    found.stop()


@pytest.fixture
def sending(program: Program, tmp_path: Path) -> Program:
    """A practice campaign that takes its time, under way."""
    program.call("config", "set", "sandbox.speed", "1")
    program.call("config", "set", "sandbox.faults", "off")
    campaign = draft(program, tmp_path, PEOPLE, route="sandbox")
    for lane in range(3):
        program.call("lane", "set", f"lane{lane}.example", "--rate", "0.1", "--connections", "1")
    program.call("campaign", "send", str(campaign), "--force", "all")
    return program


def test_made_while_sending_and_restored_elsewhere(sending: Program, other: Program, tmp_path: Path) -> None:
    file = tmp_path / "shop.drbackup"
    made = sending.call("backup", "make", str(file), "--passphrase-stdin", stdin=f"{PASSPHRASE}\n")
    assert (made["recipients"], made["encrypted"], made["kind"]) == (len(PEOPLE), True, "hand")
    assert sending.call("campaign", "status", "1")["state"] == "sending"
    assert (
        sending.fails("backup", "restore", str(file), "--passphrase-stdin", stdin=f"{PASSPHRASE}\n")[0] == 1
    )

    assert other.fails("backup", "restore", str(file))[0] == 1
    code, told = other.fails("backup", "verify", str(file), "--passphrase-stdin", stdin="wrong\n")
    assert (code, told) == (1, "The passphrase is not the one of this backup.")
    restored = other.call("backup", "restore", str(file), "--passphrase-stdin", stdin=f"{PASSPHRASE}\n")
    assert (restored["goes_on"], restored["paused"], restored["keys"]) == (False, 1, [])
    other.call("engine")
    status = other.call("campaign", "status", "1")
    assert (status["state"], status["pause_reason"]) == ("paused", "restored")
    assert status["accepted"] == made["accepted"]
    assert status["total"] == len(PEOPLE)

    code, out, err = other.run("campaign", "resume", "1", "--yes")
    assert code == 0, err
    assert "may get it twice" in err
    assert json.loads(out)["state"] == "sending"


def test_the_move(sending: Program, other: Program, tmp_path: Path) -> None:
    file = tmp_path / "move.drbackup"
    made = sending.call("backup", "make", str(file), "--move")
    assert made["kind"] == "move"
    code, told = sending.fails("campaign", "resume", "1")
    assert code == 5
    assert "moved to another computer" in told
    assert sending.call("campaign", "status", "1")["pause_reason"] == "moved"
    assert sending.fails("backup", "make", str(file), "--move")[0] == 1
    _, _, err = sending.run("backup", "list")
    assert "backup stay" in err

    restored = other.call("backup", "restore", str(file))
    assert (restored["goes_on"], restored["paused"], restored["unknown"]) == (True, 0, 0)
    other.call("engine")
    assert other.call("campaign", "status", "1")["state"] == "sending"


def test_a_draft_of_the_backup_is_looked_at_before_sending(
    program: Program, other: Program, tmp_path: Path
) -> None:
    campaign = draft(program, tmp_path, PEOPLE, route="sandbox")
    file = tmp_path / "shop.drbackup"
    program.call("backup", "make", str(file))
    other.call("backup", "restore", str(file))
    checks = json.loads(other.run("campaign", "check", str(campaign))[1])
    assert "restored_draft" in [check["code"] for check in checks["amber"]]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_cannot_be_is_one_sentence(program: Program, tmp_path: Path, language: str) -> None:
    program.language = language
    (tmp_path / "letter.txt").write_text("no backup")
    assert program.fails("backup", "restore", str(tmp_path / "letter.txt"))[0] == 1
    assert program.fails("backup", "restore", str(tmp_path / "nothing"))[0] == 4
    assert program.fails("backup", "verify", str(tmp_path / "letter.txt"))[0] == 1
    assert program.fails("backup", "make", str(tmp_path / "no folder" / "file"))[0] == 1
    program.call("config", "set", "backup.folder", str(tmp_path / "no drive"))
    code, told = program.fails("backup", "make")
    assert code == 1
    assert len(told.splitlines()) == 1
    assert "no drive" in told
