"""A real engine process on a scene's directory: started, asked, killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from desktop_relay.domain.command import Command, SetLane, Shutdown, Submit
from desktop_relay.domain.errors import EngineUnreachable
from desktop_relay.domain.network import NetworkState
from desktop_relay.domain.progress import Progress
from desktop_relay.engine.crew import MOST_AHEAD
from desktop_relay.ipc.launcher import Link, engine_command
from tests.scenarios.receiver import Act, Receiver, Said
from tests.scenarios.scene import LANE, Scene, account
from tests.unit.engine.desk import ROUTE


class EngineProcess:
    """The engine of a directory, as the window and the command line start it."""

    def __init__(self, directory: Path, inside: Sequence[str] = ()) -> None:
        """``inside`` is what its command begins with."""
        self._link = Link(directory, command=lambda path: [*inside, *engine_command(path)])
        self.pid = 0

    async def start(self) -> None:
        """Run one, if none runs."""
        await asyncio.to_thread(self._link.start)
        progress = await self.progress()
        assert progress is not None
        self.pid = progress.pid

    async def call(self, command: Command) -> Mapping[str, Any]:
        """Send a command."""
        return await asyncio.to_thread(self._link.call, command)

    async def progress(self) -> Progress | None:
        """What it tells, or nothing where none runs."""
        return await asyncio.to_thread(self._link.progress)

    async def until_told(self, network: NetworkState) -> Progress:
        """Wait until it says so of the network; answers all it says then."""
        async with asyncio.timeout(20):
            while True:
                progress = await self.progress()
                if progress is not None and progress.network is network:
                    return progress
                await asyncio.sleep(0.05)

    def kill(self) -> None:
        """As a power cut would."""
        os.kill(self.pid, signal.SIGKILL)

    async def gone(self) -> None:
        """Wait until nobody answers."""
        async with asyncio.timeout(20):
            while await self.progress() is not None:  # noqa: ASYNC110  (a process has no event)
                await asyncio.sleep(0.01)

    async def ask_to_end(self, *, drain: bool) -> None:
        """Ask, and do not wait."""
        await asyncio.to_thread(self._link.find, Shutdown(drain=drain))

    async def stop(self) -> None:
        """End it, if one runs."""
        await self.ask_to_end(drain=False)
        await self.gone()

    async def submit(self, scene: Scene, number: int, port: int, *, connections: int) -> int:
        """Send to so many people over an account on ``port``. One that is killed over it answers no more."""
        draft = scene.write(
            [f"p{n}@{LANE}" for n in range(number)], route=account(port, connections=connections)
        )
        await self.call(SetLane(ROUTE.name, LANE, rate=100_000.0, connections=20))
        with contextlib.suppress(EngineUnreachable):
            await self.call(Submit(draft))
        return draft


PEOPLE = 40
CONNECTIONS = 2


async def doubt_is_kept(still: Scene, process: EngineProcess, verb: str) -> None:
    """Killed at a ``verb`` after ten messages and started again: in doubt is what was in flight, no more."""
    alive = True

    def answer(said: Said) -> Act | None:
        nonlocal alive
        if said.verb == verb and said.seen >= 10 and alive:
            alive = False
            process.kill()
            return Act.CLOSE
        return None

    async with Receiver(answer) as receiver:
        campaign = await process.submit(still, PEOPLE, receiver.port, connections=CONNECTIONS)
        await process.gone()
        in_flight = still.states(campaign)["in_flight"]
        assert 1 <= in_flight <= CONNECTIONS * (1 + MOST_AHEAD)
        await process.start()
        await still.until(lambda: set(still.states(campaign)) <= {"accepted", "unknown"})
        assert still.states(campaign) == {"accepted": PEOPLE - in_flight, "unknown": in_flight}
        assert {row.reason for row in still.ledger(campaign) if row.state == "unknown"} == {"engine_stopped"}
        still.check_received(campaign, receiver)
        assert set(receiver.seen.values()) == {1}
        progress = await process.progress()
        assert progress is not None
        counts = progress.campaigns[0].counts if progress.campaigns else None
        assert counts is None or (counts.accepted, counts.unknown) == (PEOPLE - in_flight, in_flight)
