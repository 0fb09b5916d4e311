"""A campaign is moved to another computer while it is being sent.

The file to move is made: the engine of the old computer ends after what is on the wire, and none starts there
any more. Restored on the new computer the campaign goes on by itself, without a question. The same file
restored a second time, anywhere, asks.

Result: everybody accepted once, by one computer or the other; data_moved on the old one.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_relay.domain.command import SetLane, Submit
from desktop_relay.domain.errors import EngineUnreachable, ErrorCode, StoreUnusable
from desktop_relay.engine.process import run_engine
from desktop_relay.ipc.launcher import Link
from desktop_relay.operations import backups
from desktop_relay.operations.workspace import Workspace
from tests.scenarios.process import EngineProcess
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account
from tests.unit.engine.desk import LETTER, ROUTE

PEOPLE = 120


def make_to_move(directory: Path, target: Path) -> None:
    with Workspace(directory, Link(directory)) as ws:
        backups.make_to_move(ws, target)


async def test_everybody_once(still: Scene, process: EngineProcess, tmp_path: Path) -> None:
    target = tmp_path / "move.drbackup"
    async with Receiver() as receiver:
        receiver.seconds = 0.01
        campaign = await process.submit(still, PEOPLE, receiver.port, connections=2)
        await still.until(lambda: receiver.taken.total() >= 10)
        await asyncio.to_thread(make_to_move, still.directory, target)
        sent = receiver.taken.total()
        assert sent < PEOPLE, "it was still being sent"

        with pytest.raises(StoreUnusable) as refused:
            await asyncio.to_thread(run_engine, still.directory, foreground=False)
        assert refused.value.code is ErrorCode.DATA_MOVED
        with pytest.raises(EngineUnreachable):
            await process.start()
        assert receiver.taken.total() == sent

        new = Scene(tmp_path / "new")
        restored = await asyncio.to_thread(backups.restore, new.directory, target)
        assert (restored.goes_on, restored.paused, restored.unknown) == (True, 0, 0)
        engine = EngineProcess(new.directory)
        await engine.start()
        try:
            await new.until(lambda: new.states(campaign) == {"accepted": PEOPLE})
        finally:
            await engine.stop()
        new.check_received(campaign, receiver)
        assert set(receiver.seen.values()) == {1}

        for directory in (tmp_path / "third", new.directory, still.directory):
            again = await asyncio.to_thread(backups.restore, directory, target)
            assert (again.goes_on, again.paused) == (False, 1)


async def test_a_failed_one_changes_nothing(still: Scene, process: EngineProcess, tmp_path: Path) -> None:
    async with Receiver() as receiver:
        receiver.seconds = 0.01
        campaign = await process.submit(still, PEOPLE, receiver.port, connections=2)
        await still.until(lambda: receiver.taken.total() >= 10)
        with pytest.raises(StoreUnusable) as told:
            await asyncio.to_thread(make_to_move, still.directory, tmp_path / "no such folder" / "move")
        assert told.value.code is ErrorCode.BACKUP_FOLDER
        await process.start()
        await still.until(lambda: still.states(campaign) == {"accepted": PEOPLE})
        still.check_received(campaign, receiver)


async def test_the_old_computer_after_all(still: Scene, process: EngineProcess, tmp_path: Path) -> None:
    """It waits to be resumed, since the new one may have begun."""
    async with Receiver() as receiver:
        receiver.seconds = 0.01
        campaign = await process.submit(still, PEOPLE, receiver.port, connections=2)
        await still.until(lambda: receiver.taken.total() >= 10)
        await asyncio.to_thread(make_to_move, still.directory, tmp_path / "move.drbackup")
        sent = receiver.taken.total()
        with Workspace(still.directory, Link(still.directory)) as ws:
            backups.stay(ws)
        await process.start()
        progress = await process.progress()
        assert progress is not None
        told = {c.campaign: (c.state.value, c.pause_reason.value) for c in progress.campaigns}
        assert told == {campaign: ("paused", "moved")}
        assert receiver.taken.total() == sent


async def test_what_is_attached_goes_along(still: Scene, process: EngineProcess, tmp_path: Path) -> None:
    """The new computer has no such file, yet the campaign under way goes on with it."""
    flyer = tmp_path / "old" / "ちらし.pdf"
    flyer.parent.mkdir()
    flyer.write_bytes(b"%PDF-1.4" * 1000)
    async with Receiver() as receiver:
        receiver.seconds = 0.01
        draft = still.write(
            [f"p{n}@{LANE}" for n in range(PEOPLE)],
            template=replace(LETTER, attachments=(str(flyer),)),
            route=account(receiver.port, connections=2),
        )
        await process.start()
        await process.call(SetLane(ROUTE.name, LANE, rate=100_000.0, connections=20))
        campaign = (await process.call(Submit(draft)))["campaign"]
        await still.until(lambda: receiver.taken.total() >= 10)
        await asyncio.to_thread(make_to_move, still.directory, tmp_path / "move.drbackup")
        assert receiver.taken.total() < PEOPLE, "it was still being sent"
        flyer.unlink()

        new = Scene(tmp_path / "new")
        restored = await asyncio.to_thread(backups.restore, new.directory, tmp_path / "move.drbackup")
        assert (restored.goes_on, restored.attachments) == (True, ())
        engine = EngineProcess(new.directory)
        await engine.start()
        try:
            await new.until(lambda: new.states(campaign) == {"accepted": PEOPLE})
        finally:
            await engine.stop()
        assert set(receiver.seen.values()) == {1}
