from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_relay.domain.errors import ErrorCode, NotFound, RelayError

from ui.tasks import MAX_THREADS, Tasks

Settle = Callable[[], None]


def test_worker_runs_elsewhere_and_answers(loop: asyncio.AbstractEventLoop, tasks: Tasks) -> None:
    here = threading.get_ident()
    there, value = loop.run_until_complete(tasks.in_worker(lambda x: (threading.get_ident(), x + 1), 41))
    assert there != here
    assert value == 42


def test_no_more_than_four_threads(loop: asyncio.AbstractEventLoop, tasks: Tasks) -> None:
    barrier = threading.Event()
    seen: set[int] = set()

    def work() -> None:
        seen.add(threading.get_ident())
        barrier.wait(0.05)

    async def many() -> None:
        await asyncio.gather(*(tasks.in_worker(work) for _ in range(20)))

    loop.run_until_complete(many())
    assert 1 < len(seen) <= MAX_THREADS


def test_a_typed_error_is_told_as_itself(tasks: Tasks, settle: Settle) -> None:
    told: list[RelayError] = []
    tasks.failed.connect(told.append)

    async def fail() -> None:
        raise NotFound(ErrorCode.NO_SUCH_LIST, name="x")

    tasks.start(fail())
    settle()
    assert [type(error) for error in told] == [NotFound]
    assert told[0].params == {"name": "x"}


@pytest.mark.expect_warnings
def test_a_bug_becomes_internal_and_a_report(tasks: Tasks, settle: Settle, tmp_path: Path) -> None:
    told: list[RelayError] = []
    tasks.failed.connect(told.append)

    async def stumble() -> None:
        raise ZeroDivisionError("apples")

    tasks.start(stumble())
    settle()
    assert [error.code for error in told] == [ErrorCode.INTERNAL]
    assert "apples" in (tmp_path / "logs" / "window-crash.txt").read_text(encoding="utf-8")


def test_callbacks_of_workers_come_back_to_the_window(
    loop: asyncio.AbstractEventLoop, tasks: Tasks, settle: Settle
) -> None:
    here = threading.get_ident()
    heard: list[tuple[int, int]] = []
    callback = tasks.on_ui_thread(lambda done: heard.append((threading.get_ident(), done)))
    loop.run_until_complete(tasks.in_worker(callback, 7))
    settle()
    assert heard == [(here, 7)]


def test_closing_cancels_what_runs(loop: asyncio.AbstractEventLoop, tasks: Tasks) -> None:
    endless = tasks.start(asyncio.sleep(3600))
    loop.run_until_complete(tasks.close())
    assert endless.cancelled()
    assert tasks.running == 0
