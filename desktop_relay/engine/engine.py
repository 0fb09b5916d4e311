"""The engine: makes its parts, starts them and stops them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from desktop_relay.domain.clock import Clock
from desktop_relay.domain.command import Command
from desktop_relay.domain.errors import RelayError, StoreUnusable
from desktop_relay.domain.network import Network
from desktop_relay.engine.answers import Answer, Answers
from desktop_relay.engine.backups import Backups
from desktop_relay.engine.braking import Braking
from desktop_relay.engine.canaries import Canaries
from desktop_relay.engine.caretaker import Caretaker
from desktop_relay.engine.clock import SystemClock
from desktop_relay.engine.committer import Committer
from desktop_relay.engine.door import Door
from desktop_relay.engine.intake import Intake
from desktop_relay.engine.keep_awake import Hold, KeepAwake, hold_awake
from desktop_relay.engine.lane_keeper import LaneKeeper
from desktop_relay.engine.lines import Lines, OpensOutlets
from desktop_relay.engine.moves import Moves
from desktop_relay.engine.outlets import Outlets
from desktop_relay.engine.preparer import Preparer
from desktop_relay.engine.reporter import Reporter
from desktop_relay.engine.steering import Steering
from desktop_relay.engine.submission import Submission
from desktop_relay.engine.suppressions import Suppressions
from desktop_relay.engine.traffic import Traffic
from desktop_relay.engine.uplink import Uplink
from desktop_relay.engine.wakeups import Wakeups
from desktop_relay.engine.warden import Warden
from desktop_relay.engine.workshop import Workshop
from desktop_relay.engine.writer import Writer
from desktop_relay.policy.profiles import Directory, parse_profiles
from desktop_relay.store.database import Database, open_spool_for_engine
from desktop_relay.store.spool import Spool
from desktop_relay.transport.network import look_at_network
from resources import locate

log = logging.getLogger(__name__)

DRAIN_SECONDS = 30.0
HANG_UP_SECONDS = 2.0
"""For what was broken off to be settled, which takes milliseconds."""


class Engine:
    """The engine of one data directory, whose lock the caller holds.

    ``handle`` answers commands; ``end`` sets ``shutdown``, and ``failure`` says what forced it, if anything
    did. ``look`` tells what network there is, ``hold`` keeps the machine awake. Everything is of one loop.
    Raises ``StoreUnusable`` when the spool cannot be opened.
    """

    def __init__(
        self,
        directory: Path,
        *,
        clock: Clock | None = None,
        carriers: Directory | None = None,
        outlets: OpensOutlets | None = None,
        make_spool: Callable[[Database], Spool] = Spool,
        look: Callable[[], Network] = look_at_network,
        hold: Hold = hold_awake,
    ) -> None:
        self.clock = clock or SystemClock()
        self.carriers = carriers or load_carriers()
        self.outlets = outlets or Outlets(directory)
        self.shutdown: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._database = open_spool_for_engine(directory)
        self.shop = self._workshop(directory, make_spool(self._database), Uplink(self.clock, look))
        self.lines = Lines(self.outlets, self.shop, self.carriers)
        self.traffic = Traffic(self.shop)
        self.moves = Moves(self.shop, self.traffic, self._moved)
        self.braking = Braking(self.shop, self.traffic, self.moves)
        self.canaries = Canaries(self.shop, self.traffic, self.moves, self.braking)
        self.warden = Warden(self.shop, self.moves, self.braking, self.canaries)
        self.traffic.aftermath.warden = self.warden
        self.steering = Steering(self.shop, self.lines, self.traffic, self.moves, self.warden, self.canaries)
        self.intake = Intake(self.shop, Submission(directory, self.shop), self.lines, self.steering)
        self.lane_keeper = LaneKeeper(self.lines, self.traffic, self.moves, self.clock)
        self.reporter = Reporter(self.shop, self.moves, self.carriers)
        self.failure: StoreUnusable | None = None
        self._caretaker = Caretaker(
            self.shop,
            self._database,
            (self.lines, self.traffic, self.moves, self.steering, self.warden),
            self._gone,
        )
        self._keep_awake = KeepAwake(self.clock, self.moves.runs, directory, hold)
        self._backups = Backups(self.clock, directory)
        self._door = Door()
        self._answers = Answers(self)
        self._tasks: list[asyncio.Task[None]] = []

    def _workshop(self, directory: Path, spool: Spool, uplink: Uplink) -> Workshop:
        writer = Writer()
        committer = Committer(
            writer, spool, self.clock, on_trouble=self._trouble, on_recovery=self._recovered
        )
        suppressions = Suppressions(writer, spool, self.clock)
        preparer = Preparer(directory)
        wakeups = Wakeups(self.clock)
        return Workshop(writer, spool, committer, preparer, suppressions, wakeups, self.clock, uplink)

    # life

    async def start(self) -> None:
        """Clear up after an earlier engine, and go on where it was."""
        recovered = await self.shop.writer.call_sliced(self.shop.spool.recover, self.clock.now())
        if recovered.unknown or recovered.released:
            log.info("recovered: %d unknown, %d released", recovered.unknown, recovered.released)
        await self.shop.suppressions.load()
        caretaker = self._caretaker
        parts = (self.shop.committer.run, self.shop.wakeups.run, self.reporter.run, caretaker.run)
        for part in (
            *parts,
            self.lane_keeper.run,
            caretaker.watch_time,
            caretaker.watch_network,
            self._keep_awake.run,
            self._backups.run,
            self.intake.run,
        ):
            self._tasks.append(asyncio.create_task(self._guarded(part())))
        await self.intake.prepare()
        await self.steering.restore()
        self._tasks.append(asyncio.create_task(self.intake.clear_up()))

    def end(self, *, drain: bool = True) -> None:
        """Ask for the end, once: commands that come from now on are refused (``engine_stopping``)."""
        self._door.close()
        if not self.shutdown.done():
            self.shutdown.set_result(drain)

    async def stop(self, *, drain: bool = True, patience: float = DRAIN_SECONDS) -> None:
        """End: after the commands and transactions that run, for at most ``patience`` seconds, or at once."""
        self.end(drain=drain)
        self.steering.halt()
        if drain:
            self.lines.call_off()
        if not await self._door.emptied(patience):
            log.warning("some commands did not end in time")
        if drain and not await self.traffic.ended(patience):
            log.warning("some transactions did not end in time")
            self.traffic.hang_up()
            await self.traffic.ended(HANG_UP_SECONDS)
        self.traffic.abandon()
        await self.traffic.feeder.close()
        await self.steering.close()
        await self._caretaker.save(everything=True)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.lines.close()
        self.shop.preparer.close()
        self.shop.writer.close()
        self._database.close()

    @property
    def is_idle(self) -> bool:
        """No campaign needs it, now or later."""
        return not any(run.is_live or run.in_flight for run in self.moves.runs.values())

    async def handle(self, command: Command) -> Answer:
        """Do what is asked; raises the typed error that the asker is told."""
        with self._door.enter(command):
            return await self._answers.to(command)

    # inside

    def _moved(self) -> None:
        self.reporter.note(campaigns=True)

    def _trouble(self, error: StoreUnusable) -> None:
        self.warden.trouble(error)

    def _recovered(self) -> None:
        self.warden.recovered()

    def _gone(self, error: StoreUnusable) -> None:
        log.error("the data is no longer there, the engine ends: %s", error)
        self.failure = error
        self.end()

    async def _guarded(self, part: Coroutine[Any, Any, None]) -> None:
        """A part that ends by an error ends the engine: what it would not do any more is not optional."""
        try:
            await part
        except RelayError:
            log.exception("a part of the engine failed")
        except Exception:  # process boundary
            log.exception("a part of the engine broke")
        self.end()


def load_carriers() -> Directory:
    """The shipped profiles; raises ``BadInput`` (``profile_invalid``)."""
    return parse_profiles(locate("carriers", "carriers.toml").read_text(encoding="utf-8"))
