"""Canaries of campaigns at work: a small first part, a wait, then the rest by itself or a stop."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.canary import Canary, CanaryPhase
from desktop_relay.engine.braking import Braking
from desktop_relay.engine.line import Line
from desktop_relay.engine.moves import Moves
from desktop_relay.engine.run import Run
from desktop_relay.engine.stream import Stream
from desktop_relay.engine.traffic import Traffic
from desktop_relay.engine.workshop import Workshop
from desktop_relay.policy.canary import (
    begin_canary,
    begin_wait,
    end_wait,
    has_told,
    hold_time,
    hurry,
    is_due,
    stop_troubled,
    try_on,
)

log = logging.getLogger(__name__)

_P = CanaryPhase


class Canaries:
    """Looks at each canary once a second; nothing of it is done for every message."""

    def __init__(self, shop: Workshop, traffic: Traffic, moves: Moves, braking: Braking) -> None:
        self._shop = shop
        self._traffic = traffic
        self._moves = moves
        self._braking = braking

    async def recall(self, run: Run) -> None:
        """How far an earlier engine had come, with what its brakes knew; once for each run."""
        if not run.recalled:
            run.recalled = True
            await self._braking.load(run)
            run.canary = await self._shop.writer.call(self._shop.spool.load_canary, run.id)

    async def begin(self, run: Run) -> None:
        """Choose who goes first, once; one that had stopped goes on, since a person wants it to."""
        minutes = run.submitted.snapshot.canary_minutes
        if minutes is None:
            return
        if run.canary is None:
            waiting = {lane: counts.pending for lane, counts in run.counts.items()}
            await self._keep(run, begin_canary(waiting, self._shop.clock.now() + wait_of(run)))
        elif run.canary.phase is _P.STOPPED:
            await self._keep(run, replace(run.canary, phase=_P.PASSED, until=None))

    def look(self, run: Run) -> None:
        """Is it time for the next step?"""
        canary = run.canary
        if canary is None or not canary.holds or not run.sending:
            return
        now = self._shop.clock.now()
        if hurry(canary, now, wait_of(run)) is not None:
            self._moves.do(run, self._hurry)
        elif is_due(canary, now, run.in_flight):
            self._moves.do(run, self._wait if canary.phase is _P.TRYING else self._decide)

    async def release(self, run: Run, lane: str, *, leave: bool) -> int:
        """A person decided about a lane's brake, or does not want to wait for the canary any longer.

        Answers whether there was anything to decide; raises ``NotFound``.
        """
        if lane:
            return await self._braking.release(run, lane, leave=leave)
        async with run.lock:
            if run.canary is None or not run.canary.holds or not run.sending:
                return 0
            await self._pass(run, run.canary)
            return 1

    async def complain(self, run: Run, lane: str, line: Line) -> None:
        """Somebody reported a mail of this lane, which went over this line, as unwanted."""
        await self._braking.complain(run, lane, line)

    async def _hurry(self, run: Run) -> None:
        """The clock was set back: nobody waits for hours for what was to take minutes."""
        async with run.lock:
            if run.canary is not None:
                sooner = hurry(run.canary, self._shop.clock.now(), wait_of(run))
                if sooner is not None:
                    await self._keep(run, sooner)

    async def _wait(self, run: Run) -> None:
        """Everybody chosen was tried, or had the time to be: let answers come in."""
        async with run.lock:
            canary = run.canary
            if canary is None or canary.phase is not _P.TRYING or not run.sending:
                return
            await self._shop.committer.flush()
            await self._moves.refresh(run)
            now = self._shop.clock.now()
            if self._is_shut(run, now):
                later = hold_time(canary, now, wait_of(run))
                if later is not None:
                    await self._keep(run, later)
                return
            waiting = begin_wait(canary, now, wait_of(run), tried=self._tried(run, now))
            if waiting is not None:
                await self._keep(run, waiting)

    def _is_shut(self, run: Run, now: datetime) -> bool:
        """Some of those chosen were not tried, and nobody can be sent to: that time proves nothing."""
        left = [
            (run.streams[lane], counts.pending + counts.ready > run.kept(lane))
            for lane, counts in run.counts.items()
            if counts.open and lane in run.streams and run.brake(lane).stopped is None
        ]
        return any(untried for _, untried in left) and not any(can_go(stream, now) for stream, _ in left)

    def _is_untold(self, run: Run) -> bool:
        """No answer came so far, and some may still come."""
        return not has_told(run.brakes.values()) and any(
            counts.in_flight or counts.deferred or counts.pending + counts.ready > run.kept(lane)
            for lane, counts in run.counts.items()
        )

    def _tried(self, run: Run, now: datetime) -> bool:
        """A lane that cannot send now does not keep the others waiting."""
        for lane, counts in run.counts.items():
            stream = run.streams.get(lane)
            open_now = stream is not None and stream.is_open(now)
            if open_now and (counts.in_flight or counts.pending + counts.ready > run.kept(lane)):
                return False
        return True

    async def _decide(self, run: Run) -> None:
        async with run.lock:
            canary = run.canary
            if canary is None or canary.phase is not _P.WAITING or not run.sending:
                return
            await self._shop.committer.flush()
            await self._moves.refresh(run)
            if self._is_untold(run):
                await self._keep(run, try_on(canary, self._shop.clock.now(), wait_of(run)))
                return
            strict = run.submitted.snapshot.brakes
            if strict:
                for lane in stop_troubled(run.brakes, canary.kept, self._shop.clock.now()):
                    self._braking.hold(run, lane)
            decided = end_wait(canary, run.brakes.values(), strict=strict)
            if decided.phase is not _P.STOPPED:
                await self._pass(run, decided)
                return
            log.info("campaign %d stops after its canary: %s", run.id, decided.finding)
            await self._keep(run, decided)
            await self._moves.stand_down(run)
            await self._moves.move(run, CampaignState.PAUSED, PauseReason.CANARY)

    async def _pass(self, run: Run, canary: Canary) -> None:
        await self._keep(run, replace(canary, phase=_P.PASSED, until=None))
        self._traffic.wake(run)

    async def _keep(self, run: Run, canary: Canary) -> None:
        await self._shop.writer.call(self._shop.spool.save_canary, run.id, canary)
        run.canary = canary
        log.info("campaign %d: its canary is %s", run.id, canary.phase)
        self._moves.changed()


def can_go(stream: Stream, now: datetime) -> bool:
    """Whether nothing but its pace keeps the next message of its lane."""
    line, governor = stream.line, stream.lane.governor
    if line is None or not stream.is_open(now):
        return False
    at = line.clock.monotonic()
    is_held = governor.suspended_for(at) > 0 or governor.counted_out_for(at) > 0
    return not is_held and line.closed_for(stream.mail, at) <= 0


def wait_of(run: Run) -> timedelta:
    """In real time."""
    return timedelta(minutes=run.submitted.snapshot.canary_minutes or 0.0) / run.speed
