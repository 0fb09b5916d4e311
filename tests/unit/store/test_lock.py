"""One engine per data directory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.store.lock import EngineLock

HOLD = (
    "import sys, time\n"
    "from pathlib import Path\n"
    "from desktop_relay.store.lock import EngineLock\n"
    "EngineLock(Path(sys.argv[1])).acquire()\n"
    "print('held', flush=True)\n"
    "sys.stdin.read()\n"
)


def test_a_second_process_is_told_who_has_it_and_death_frees_it(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreUnusable) as caught:
            EngineLock(tmp_path).acquire()
        assert caught.value.code is ErrorCode.DATA_LOCKED
        assert caught.value.params["pid"] == holder.pid
        holder.kill()
        holder.wait(timeout=30)
    assert (tmp_path / "engine.lock").read_text() == str(holder.pid)
    lock = EngineLock(tmp_path)
    lock.acquire()
    assert (tmp_path / "engine.lock").read_text() == str(os.getpid())
    lock.release()


def test_released_lock_can_be_taken_again(tmp_path: Path) -> None:
    first, second = EngineLock(tmp_path), EngineLock(tmp_path)
    first.acquire()
    with pytest.raises(StoreUnusable) as caught:
        second.acquire()
    assert caught.value.params["pid"] == os.getpid()
    first.release()
    first.release()
    second.acquire()
    second.release()


def test_what_lies_in_the_file_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "engine.lock").write_text("not a number at all, and rather long for one")
    lock = EngineLock(tmp_path)
    lock.acquire()
    other = EngineLock(tmp_path)
    with pytest.raises(StoreUnusable):
        other.acquire()
    lock.release()


def test_directory_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable) as caught:
        EngineLock(tmp_path / "missing").acquire()
    assert caught.value.code is ErrorCode.DATA_READ_ONLY
