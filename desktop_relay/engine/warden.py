"""What happens to campaigns while they are sent: stopped by replies, drained, kept from the disk, bounced."""

from __future__ import annotations

import logging
from functools import partial

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.domain.outcome import Outcome
from desktop_relay.domain.route import RouteKind
from desktop_relay.domain.suppression import SuppressionReason
from desktop_relay.engine.braking import Braking
from desktop_relay.engine.canaries import Canaries
from desktop_relay.engine.moves import Moves, Step
from desktop_relay.engine.run import Run
from desktop_relay.engine.stream import Parcel
from desktop_relay.engine.workshop import Workshop
from desktop_relay.policy.suppress import suppresses

log = logging.getLogger(__name__)

_S = CampaignState


class Warden:
    """Reacts to what the traffic meets; every reaction ends in a state that a person can see."""

    def __init__(self, shop: Workshop, moves: Moves, braking: Braking, canaries: Canaries) -> None:
        self._shop = shop
        self._moves = moves
        self._canaries = canaries
        self._braking = braking
        # every answer passes here, so there is no step between
        self.judged = braking.judged

    def stop(self, run: Run, reason: PauseReason) -> None:
        """It cannot go on; others do."""
        if run.is_live:
            log.info("campaign %d stops: %s", run.id, reason)
            self._moves.halt(run)
            self._moves.do(run, self._stop_for(reason))

    def drained(self, run: Run) -> None:
        """Nobody may be left: look, and finish it."""
        if run.sending and not run.ending:
            run.ending = True
            self._moves.do(run, self._finish)

    def deferred_after_cancel(self, run: Run) -> None:
        """The last transactions of a cancelled campaign ended: who was deferred by them is cancelled, too."""
        self._moves.do(run, self._sweep)

    def bounced(self, parcel: Parcel, outcome: Outcome) -> None:
        """A dead address goes on the list above all lists, except in practice."""
        run = parcel.stream.run
        # an address may begin with an asterisk, and on the list that stands for everybody at its domain
        if parcel.key.startswith("*") or not suppresses(outcome.reason):
            return
        if run.submitted.snapshot.route.kind is not RouteKind.SANDBOX:
            self._moves.do(run, partial(self._suppress, parcel.key))

    def trouble(self, error: StoreUnusable) -> None:
        """The spool cannot be written: nothing may be sent that could not be remembered."""
        if error.code is ErrorCode.DATA_BUSY:
            return  # it passes by itself
        full = error.code is ErrorCode.DISK_FULL
        for run in self._moves.runs.values():
            if run.is_live:
                run.halted = PauseReason.DISK_FULL if full else PauseReason.DATA_UNUSABLE
                self._moves.halt(run)
        self._moves.changed()

    def recovered(self) -> None:
        """The spool can be written again: what was paused only in memory is paused for good."""
        for run in self._moves.runs.values():
            if run.halted is not PauseReason.NONE:
                self._moves.do(run, self._stop_for(run.halted))

    def look_after(self) -> None:
        """Now and then: a campaign that lies still may be finished, a canary may be over."""
        for run in list(self._moves.runs.values()):
            self._canaries.look(run)
            if run.sending and run.in_flight == 0 and run.fetches == 0:
                streams = run.streams.values()
                works = any(s.ready or s.wanted for s in streams)
                # an alarm may be for somebody who was made due by hand since
                waits = run.open > 0 and not run.dirty and any(s.alarm is not None for s in streams)
                if not works and not waits:
                    self.drained(run)

    async def save(self) -> None:
        """Keep what brakes counted; raises ``StoreUnusable``."""
        await self._braking.save()

    def _stop_for(self, reason: PauseReason) -> Step:
        async def stop(run: Run) -> None:
            async with run.lock:
                if run.submitted.state in (_S.SUBMITTED, _S.SENDING):
                    await self._moves.stand_down(run)
                    await self._moves.move(run, _S.PAUSED, reason)

        return stop

    async def _finish(self, run: Run) -> None:
        async with run.lock:
            run.ending = False
            await self._shop.committer.flush()
            await self._moves.refresh(run)
            if run.open == 0 and run.sending and run.in_flight == 0:
                run.stop()
                await self._moves.move(run, _S.FINISHED)
                run.forget_streams()

    async def _sweep(self, run: Run) -> None:
        async with run.lock:
            if run.state is _S.CANCELLED:
                await self._shop.committer.flush()
                spool, now = self._shop.spool, self._shop.clock.now()
                await self._shop.writer.call_sliced(spool.cancel, run.id, now)
                await self._moves.refresh(run)
                self._moves.changed()

    async def _suppress(self, key: str, run: Run) -> None:
        await self._shop.suppressions.add([key], SuppressionReason.BOUNCED, f"campaign {run.id}")
