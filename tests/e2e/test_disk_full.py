"""The disk fills up in mid-campaign: it pauses, nothing is lost, and goes on when there is room again."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.progress import CampaignProgress
from desktop_relay.ipc.launcher import Link
from tests.e2e.letters import draft
from tests.e2e.program import Program
from tests.fakes.sink import Sink

PEOPLE = [f"p{number}@lane{number % 3}.example" for number in range(600)]


@contextmanager
def mounted(disk: Path, megabytes: int) -> Iterator[Path]:
    """A file system of that size."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    disk.mkdir()
    options = f"size={megabytes}m"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], capture_output=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("no file system may be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB."""
    with mounted(tmp_path / "disk", 12) as disk:
        yield disk


def test_pauses_and_goes_on(small_disk: Path, tmp_path: Path) -> None:
    program = Program(small_disk / "data")
    with Sink() as sink:
        try:
            run(program, tmp_path, small_disk, sink)
        finally:
            program.stop()
    assert set(sink.taken.values()) == {1}
    assert len(sink.taken) == len(PEOPLE)


def run(program: Program, folder: Path, disk: Path, sink: Sink) -> None:
    program.call(
        *("route", "add", "sink", "--kind", "smarthost", "--host", "127.0.0.1", "--port", str(sink.port)),
        *("--tls", "none", "--rate", "150"),
    )
    campaign = draft(program, folder, PEOPLE, "sink")
    for lane in range(3):
        program.call("lane", "set", f"lane{lane}.example", "--route", "sink", "--rate", "500")
    program.call("campaign", "send", str(campaign), "--force", "all")
    fill(disk / "ballast")
    assert wait_until_paused(program).pause_reason is PauseReason.DISK_FULL
    code, sentence = program.fails("campaign", "pause", str(campaign))
    assert code == 1
    assert "full" in sentence
    (disk / "ballast").unlink()
    program.call("campaign", "resume", str(campaign))
    status = program.call("campaign", "send", str(campaign), "--wait")
    assert status["accepted"] == len(PEOPLE)
    assert status["unknown"] == 0


def fill(path: Path) -> None:
    """Take every octet that is left."""
    with path.open("wb", buffering=0) as ballast:
        size = 1 << 20
        while size:
            try:
                ballast.write(bytes(size))
            except OSError:
                size //= 2


def wait_until_paused(program: Program) -> CampaignProgress:
    """The engine's own word, since on a full disk no other process can even open the library."""
    link = Link(program.directory)
    end = time.monotonic() + 40
    while time.monotonic() < end:
        progress = link.progress()
        assert progress is not None, "the engine lives on"
        if progress.campaigns[0].state is CampaignState.PAUSED:
            return progress.campaigns[0]
        time.sleep(0.1)
    pytest.fail(f"never paused: {progress.campaigns[0]}")
