"""Starting, pausing, resuming and cancelling campaigns as people ask for it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial

from desktop_relay.domain.campaign import OVER, CampaignState, PauseReason, SubmittedCampaign
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound, Refused
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.engine.canaries import Canaries
from desktop_relay.engine.departure import Departure
from desktop_relay.engine.lines import Lines
from desktop_relay.engine.moves import Moves, Step
from desktop_relay.engine.run import Run
from desktop_relay.engine.traffic import Traffic
from desktop_relay.engine.warden import Warden
from desktop_relay.engine.workshop import Workshop

log = logging.getLogger(__name__)

_S = CampaignState

LATE_START = timedelta(hours=1)
"""A start that was missed by more than this is for a person to decide."""

_KEPT_FINISHED = 20
_KEPT_LANES = 5_000
"""Of campaigns that are over: each of their lanes is told again with every Progress."""


class Steering:
    """Takes campaigns along their table of states, each under its lock."""

    def __init__(
        self,
        shop: Workshop,
        lines: Lines,
        traffic: Traffic,
        moves: Moves,
        warden: Warden,
        canaries: Canaries,
    ) -> None:
        self._shop = shop
        self._clock = shop.clock
        self._lines = lines
        self._departure = Departure(shop, lines)
        self._traffic = traffic
        self._moves = moves
        self._warden = warden
        self._canaries = canaries
        self._runs = moves.runs
        self._halting = False

    # at start and after submission

    async def restore(self) -> None:
        """Take up what an earlier engine left open."""
        for submitted in await self._shop.writer.call(self._shop.spool.load_campaigns):
            if submitted.state in (_S.SUBMITTED, _S.SENDING, _S.PAUSED):
                await self.start(self.enter(submitted))

    def enter(self, submitted: SubmittedCampaign) -> Run:
        """The run of a submitted campaign."""
        found = self._runs.get(submitted.snapshot.id)
        if found is None:
            found = Run(submitted, self._clock.monotonic())
            self._runs[found.id] = found
            self._forget_old()
        return found

    async def find(self, campaign: int) -> Run:
        """The run of a campaign that was submitted; raises ``NotFound``."""
        if campaign not in self._runs:
            submitted = await self._shop.writer.call(self._shop.spool.load_campaign, campaign)
            if submitted is None:
                raise NotFound(ErrorCode.NO_SUCH_CAMPAIGN, campaign=campaign)
            run = self.enter(submitted)
            await self._canaries.recall(run)
            await self._moves.refresh(run)
        return self._runs[campaign]

    async def start(self, run: Run) -> None:
        """Begin now or at its time; one whose time was missed by long waits for a person."""
        async with run.lock:
            await self._canaries.recall(run)
            await self._moves.refresh(run)
            start_at = run.submitted.snapshot.start_at
            now = self._clock.now()
            if run.state is _S.SUBMITTED and start_at is not None:
                if start_at > now:
                    self._later(run, start_at, self.start)
                    return
                if now - start_at > LATE_START:
                    await self._moves.move(run, _S.PAUSED, PauseReason.MISSED_START)
                    return
            if run.is_live and not run.sending:
                await self._go(run)

    async def look_again(self, run: Run) -> None:
        """Time jumped: what was reckoned for a time of day is due at another moment."""
        if run.state is _S.SUBMITTED:
            await self.start(run)
        else:
            await self._expire_later(run)
            self._traffic.wake(run)

    # commands

    async def pause(self, run: Run, reason: PauseReason) -> None:
        """Start nothing more; idempotent. Raises ``Refused`` for one that is over."""
        self._moves.halt(run)
        async with run.lock:
            if run.state is not _S.PAUSED:
                await self._moves.stand_down(run)
                await self._moves.move(run, _S.PAUSED, reason)

    async def resume(self, run: Run) -> None:
        """Go on, or wait for the planned start again; idempotent. Raises ``Refused`` for one that is over."""
        async with run.lock:
            if run.sending or run.state is _S.SUBMITTED:
                return
            if run.submitted.state in OVER:  # only ``resend`` takes it up again: for people, not by itself
                raise Refused(ErrorCode.CAMPAIGN_OVER, campaign=run.id)
            run.halted = PauseReason.NONE
            start_at = run.submitted.snapshot.start_at
            if run.submitted.started_at is None and start_at is not None and start_at > self._clock.now():
                if run.submitted.state is not _S.SUBMITTED:
                    await self._moves.move(run, _S.SUBMITTED)
                self._later(run, start_at, self.start)
                return
            if run.submitted.state is not _S.SENDING:
                await self._moves.move(run, _S.SENDING)
            await self._go(run)

    async def cancel(self, run: Run) -> int:
        """Send nothing more and cancel who was not sent to; answers how many. Idempotent."""
        self._moves.halt(run)
        async with run.lock:
            await self._moves.stand_down(run)
            if run.state is not _S.CANCELLED:
                await self._moves.move(run, _S.CANCELLED)
            cancelled = await self._cancel_rest(run)
            run.forget_streams()
            return cancelled

    async def retry_now(self, run: Run, recipient: int | None) -> int:
        """Make those who wait for a retry due; answers how many."""
        async with run.lock:
            spool, now = self._shop.spool, self._clock.now()
            number = await self._shop.writer.call_sliced(spool.retry_now, run.id, recipient, now)
            await self._moves.refresh(run)
            self._traffic.wake(run)
            return number

    async def resend(self, run: Run, outcome: str) -> int:
        """Send again to those who ended so; answers how many. Raises ``BadInput``, ``Refused``."""
        try:
            state = RecipientState(outcome)
        except ValueError as error:
            raise BadInput(ErrorCode.VALUE_INVALID, field="outcome", value=outcome) from error
        if state is RecipientState.DEFERRED:
            return await self.retry_now(run, None)
        async with run.lock:
            spool, now = self._shop.spool, self._clock.now()
            if run.submitted.state is _S.CANCELLED:  # nobody else goes along
                if run.in_flight:  # who is put off now would be tried again
                    raise Refused(ErrorCode.CAMPAIGN_STILL_ENDING, campaign=run.id)
                await self._cancel_rest(run)
            if not await self._shop.writer.call(spool.count_resendable, run.id, state):
                return 0
            was_over = run.submitted.state in OVER
            if was_over:  # first, so that nobody ever waits in a campaign that is over
                await self._moves.move(run, _S.SENDING)
            number = await self._shop.writer.call_sliced(spool.resend, run.id, state, now)
            await self._moves.reload(run)
            if was_over:
                await self._go(run)
            else:
                self._traffic.wake(run)
            return number

    async def complain(self, recipient: int) -> int:
        """Somebody reported the mail to this recipient; answers the campaign.

        Raises ``NotFound``, ``StoreUnusable``.
        """
        found = await self._shop.writer.call(self._shop.spool.load_recipient, recipient)
        if found is None:
            raise NotFound(ErrorCode.NO_SUCH_RECIPIENT, recipient=recipient)
        run = await self.find(found.campaign)
        # people report when they read: of a campaign that is over its accounts must hear all the same
        line = run.line or await self._lines.line_of(run.submitted.snapshot)
        await self._canaries.complain(run, found.lane, line)
        return run.id

    def halt(self) -> None:
        """All campaigns: nothing more is begun, whatever is still on its way to a start."""
        self._halting = True
        for run in self._runs.values():
            self._moves.halt(run)

    async def close(self) -> None:
        """Wait until all leases are back and all steps done."""
        for run in self._runs.values():
            await run.quiet.wait()
        await self._moves.done()
        await self._shop.committer.flush()

    # inside

    async def _cancel_rest(self, run: Run) -> int:
        """Cancel who waits; there is nobody any more, unless an earlier time was broken off by the disk."""
        spool, now = self._shop.spool, self._clock.now()
        cancelled = await self._shop.writer.call_sliced(spool.cancel, run.id, now)
        await self._moves.refresh(run)
        return cancelled

    async def _go(self, run: Run) -> None:
        """Send; or pause for what stands in the way."""
        if self._halting:
            return  # the next engine finds it as it is
        problem = await self._departure.prepare(run)
        if run.submitted.state is not _S.SENDING:
            await self._moves.move(run, _S.SENDING)
        if problem is not PauseReason.NONE:
            await self._moves.move(run, _S.PAUSED, problem)
            return
        await self._expire(run)
        await self._canaries.begin(run)
        if not self._halting:  # the end may have been asked for meanwhile
            self._traffic.open(run)
        if run.open == 0:
            self._warden.drained(run)

    async def _expire(self, run: Run) -> None:
        """Give up on who waits when the time is over, else look again then."""
        expires_at = run.submitted.snapshot.expires_at
        if expires_at is None:
            return
        if expires_at > self._clock.now():
            self._later(run, expires_at, self._expire_later)
        else:
            await self._shop.committer.flush()
            await self._shop.writer.call_sliced(self._shop.spool.expire, run.id, self._clock.now())
        await self._moves.refresh(run)

    async def _expire_later(self, run: Run) -> None:
        async with run.lock:
            if run.sending:
                await self._expire(run)
                if run.open == 0:
                    self._warden.drained(run)

    def _later(self, run: Run, at: datetime, step: Step) -> None:
        """At its next moment; there is one at a time."""
        seconds = (at - self._clock.now()).total_seconds()
        run.wake_at(self._shop.wakeups.after(seconds, partial(self._moves.do, run, step)))

    def _forget_old(self) -> None:
        over = [
            run
            for run in self._runs.values()
            if run.state in OVER and not run.in_flight and not run.lock.locked()
        ]
        lanes = 0
        for number, run in enumerate(reversed(over)):
            lanes += len(run.counts)
            if number >= _KEPT_FINISHED or (number and lanes > _KEPT_LANES):
                del self._runs[run.id]
