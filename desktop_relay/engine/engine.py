"""The engine: makes its parts, runs them, and answers commands."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, assert_never

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.clock import Clock
from desktop_relay.domain.command import (
    Cancel,
    Command,
    Complain,
    Pause,
    Release,
    ReloadSettings,
    Resend,
    Resume,
    RetryNow,
    SendTest,
    SetLane,
    Shutdown,
    Status,
    Submit,
    Suppress,
    Unsuppress,
    Watch,
)
from desktop_relay.domain.errors import BadInput, ErrorCode, RelayError, StoreUnusable
from desktop_relay.domain.suppression import SuppressionReason
from desktop_relay.engine.braking import Braking
from desktop_relay.engine.canaries import Canaries
from desktop_relay.engine.caretaker import Caretaker
from desktop_relay.engine.clock import SystemClock
from desktop_relay.engine.committer import Committer
from desktop_relay.engine.door import Door
from desktop_relay.engine.lane import override_of
from desktop_relay.engine.lines import Lines, OpensOutlets
from desktop_relay.engine.moves import Moves
from desktop_relay.engine.outlets import Outlets
from desktop_relay.engine.preparer import Preparer
from desktop_relay.engine.reporter import Reporter
from desktop_relay.engine.steering import Steering
from desktop_relay.engine.submission import Submission
from desktop_relay.engine.suppressions import Suppressions
from desktop_relay.engine.traffic import Traffic
from desktop_relay.engine.wakeups import Wakeups
from desktop_relay.engine.warden import Warden
from desktop_relay.engine.workshop import Workshop
from desktop_relay.engine.writer import Writer
from desktop_relay.policy.profiles import Directory, parse_profiles
from desktop_relay.store.database import Database, open_spool_for_engine
from desktop_relay.store.spool import Spool
from resources import locate

log = logging.getLogger(__name__)

DRAIN_SECONDS = 30.0

Answer = Mapping[str, Any]


class Engine:
    """The engine of one data directory, whose lock the caller holds.

    ``handle`` answers commands; ``end`` sets ``shutdown``, and ``failure`` says what forced it, if anything
    did. Everything is of one loop.
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
    ) -> None:
        self.clock = clock or SystemClock()
        self.carriers = carriers or load_carriers()
        self.outlets = outlets or Outlets(directory)
        self.shutdown: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._database = open_spool_for_engine(directory)
        self.shop = self._workshop(directory, make_spool(self._database))
        self.lines = Lines(self.outlets, self.shop, self.carriers)
        self.traffic = Traffic(self.shop)
        self.moves = Moves(self.shop, self.traffic, self._moved)
        self.braking = Braking(self.shop, self.traffic, self.moves)
        self.canaries = Canaries(self.shop, self.traffic, self.moves, self.braking)
        self.warden = self.traffic.warden = Warden(self.shop, self.moves, self.braking, self.canaries)
        self.steering = Steering(self.shop, self.lines, self.traffic, self.moves, self.warden, self.canaries)
        self.submission = Submission(directory, self.shop)
        self.reporter = Reporter(self.shop, self.moves, self.carriers)
        self.failure: StoreUnusable | None = None
        self._caretaker = Caretaker(
            self.shop,
            self._database,
            (self.lines, self.traffic, self.moves, self.steering, self.warden),
            self._gone,
        )
        self._door = Door()
        self._submitting = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    def _workshop(self, directory: Path, spool: Spool) -> Workshop:
        writer = Writer()
        committer = Committer(
            writer, spool, self.clock, on_trouble=self._trouble, on_recovery=self._recovered
        )
        suppressions = Suppressions(writer, spool, self.clock)
        preparer = Preparer(directory)
        return Workshop(writer, spool, committer, preparer, suppressions, Wakeups(self.clock), self.clock)

    # life

    async def start(self) -> None:
        """Clear up after an earlier engine, and go on where it was."""
        recovered = await self.shop.writer.call(self.shop.spool.recover, self.clock.now())
        if recovered.unknown or recovered.released:
            log.info("recovered: %d unknown, %d released", recovered.unknown, recovered.released)
        await self.shop.suppressions.load()
        caretaker = self._caretaker
        parts = (self.shop.committer.run, self.shop.wakeups.run, self.reporter.run, caretaker.run)
        for part in (*parts, caretaker.watch_time):
            self._tasks.append(asyncio.create_task(self._guarded(part())))
        await self.submission.prepare()
        await self._mark_drafts()
        await self.steering.restore()

    def end(self, *, drain: bool = True) -> None:
        """Ask for the end, once: commands that come from now on are refused (``engine_stopping``)."""
        self._door.close()
        if not self.shutdown.done():
            self.shutdown.set_result(drain)

    async def stop(self, *, drain: bool = True) -> None:
        """End: after the commands and transactions that run, for at most half a minute, or at once."""
        self.end(drain=drain)
        self.steering.halt()
        if not await self._door.emptied(DRAIN_SECONDS):
            log.warning("some commands did not end in time")
        if drain and not await self.traffic.ended(DRAIN_SECONDS):
            log.warning("some transactions did not end in time")
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

    # commands

    async def handle(self, command: Command) -> Answer:
        """Do what is asked; raises the typed error that the asker is told."""
        with self._door.enter(command):
            return await self._do(command)

    async def _do(self, command: Command) -> Answer:  # noqa: C901, PLR0911, PLR0912  (one line a command)
        match command:
            case Submit():
                return await self._submit(command)
            case SendTest():
                return await self._send_test(command)
            case Pause(campaign):
                run = await self.steering.find(campaign)
                await self.steering.pause(run, PauseReason.USER)
                return {"campaign": campaign, "count": run.open}
            case Resume(campaign):
                run = await self.steering.find(campaign)
                await self.steering.resume(run)
                return {"campaign": campaign, "count": run.open}
            case Cancel(campaign):
                run = await self.steering.find(campaign)
                return {"campaign": campaign, "count": await self.steering.cancel(run)}
            case RetryNow(campaign, recipient):
                run = await self.steering.find(campaign)
                return {"campaign": campaign, "count": await self.steering.retry_now(run, recipient)}
            case Resend(campaign, outcome):
                run = await self.steering.find(campaign)
                return {"campaign": campaign, "count": await self.steering.resend(run, outcome)}
            case SetLane():
                return await self._set_lane(command)
            case Release(campaign, lane, leave):
                run = await self.steering.find(campaign)
                return {"campaign": campaign, "count": await self.canaries.release(run, lane, leave=leave)}
            case Complain(recipient):
                return {"campaign": await self.steering.complain(recipient)}
            case Suppress(patterns, reason, source):
                return await self._suppress(patterns, reason, source)
            case Unsuppress(patterns):
                removed = await self.shop.suppressions.remove(patterns)
                self.reporter.note(suppressions=True)
                return {"removed": removed}
            case Status():
                return {"progress": await self.reporter.progress()}
            case Watch():
                self.reporter.note(campaigns=True)
                return {}
            case ReloadSettings():
                await self.lines.reopen()
                self.traffic.wake_lines()
                for run in self.moves.runs.values():
                    self.traffic.wake(run)  # a quota may be larger now than what it waited for
                return {}
            case Shutdown(drain):
                self.end(drain=drain)
                return {}
            case _:
                assert_never(command)

    async def _submit(self, command: Submit) -> Answer:
        async with self._submitting:
            known = await self.shop.writer.call(self.shop.spool.load_campaign, command.campaign)
            if known is not None:
                await self.submission.mark(known)
                return {"campaign": command.campaign}
            plan = await self.submission.plan(command.campaign, command.at)
            line = await self.lines.line_of(plan.snapshot)
            submitted = await self.submission.submit(plan, line)
        if command.force:
            log.info("campaign %d was submitted over red checks: %s", command.campaign, command.force)
        await self.steering.start(self.steering.enter(submitted))
        self._moved()
        return {"campaign": submitted.snapshot.id}

    async def _send_test(self, command: SendTest) -> Answer:
        async with self._submitting:
            plan = await self.submission.plan_test(command.campaign)
            line = await self.lines.line_of(plan.snapshot)
            submitted = await self.submission.submit_test(plan, line, command.to, command.contact)
        await self.steering.start(self.steering.enter(submitted))
        self._moved()
        return {"campaign": submitted.snapshot.id}

    async def _set_lane(self, command: SetLane) -> Answer:
        limits = (command.rate, command.connections, command.per_hour, command.per_day)
        if wrong := [limit for limit in limits if limit is not None and limit < 0]:
            raise BadInput(ErrorCode.VALUE_INVALID, field="lane", value=str(wrong[0]))
        before = await self.lines.override_of(command.route, command.lane)
        override = override_of(before, command)
        await self.lines.override(command.route, command.lane, override)
        for line in self.lines.of_route(command.route):
            runs = [run for run in self.moves.runs.values() if run.line is line]
            self.traffic.lane_changed(line, line.lane(command.lane), runs)
        self.reporter.note(lanes=True)
        return {"lane": command.lane, "count": 1}

    async def _suppress(self, patterns: tuple[str, ...], reason: str, source: str) -> Answer:
        try:
            why = SuppressionReason(reason)
        except ValueError as error:
            raise BadInput(ErrorCode.VALUE_INVALID, field="reason", value=reason) from error
        added = await self.shop.suppressions.add(patterns, why, source)
        self.reporter.note(suppressions=True)
        return {"added": added}

    # inside

    def _moved(self) -> None:
        self.reporter.note(campaigns=True)

    def _trouble(self, error: StoreUnusable) -> None:
        self.warden.trouble(error)

    def _recovered(self) -> None:
        self.warden.recovered()

    async def _mark_drafts(self) -> None:
        """An engine may have died between writing a campaign and telling the library so."""
        for submitted in await self.shop.writer.call(self.shop.spool.load_campaigns):
            await self.submission.mark(submitted)

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
