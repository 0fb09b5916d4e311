"""What became of messages: the score is kept, and whoever decides about campaigns is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.clock import Clock
from desktop_relay.domain.effect import EffectKind, Verdict
from desktop_relay.domain.errors import StoreUnusable
from desktop_relay.domain.outcome import Disposition, Outcome
from desktop_relay.domain.progress import LastReply
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.engine.run import Run
from desktop_relay.engine.stream import Parcel, Stream


class Reacts(Protocol):
    """Who decides about campaigns when something happens to their messages."""

    def stop(self, run: Run, reason: PauseReason) -> None:
        """The campaign cannot go on."""
        ...

    def drained(self, run: Run) -> None:
        """Nobody may be left."""
        ...

    def deferred_after_cancel(self, run: Run) -> None:
        """Somebody waits for a retry in a campaign that was cancelled meanwhile."""
        ...

    def judged(self, parcel: Parcel, verdict: Verdict) -> None:
        """An attempt ended so."""
        ...

    def bounced(self, parcel: Parcel, outcome: Outcome) -> None:
        """The address was refused for good."""
        ...

    def trouble(self, error: StoreUnusable) -> None:
        """The spool cannot be used."""
        ...


class Aftermath:
    """``on_put_off`` hears of streams in which somebody is due again, and when."""

    def __init__(self, clock: Clock, on_put_off: Callable[[Stream, datetime], None]) -> None:
        self.warden: Reacts | None = None
        self._clock = clock
        self._on_put_off = on_put_off

    def settled(self, parcel: Parcel, verdict: Verdict) -> None:
        """An attempt was judged; its settlement is on the way to the disk."""
        run, outcome = parcel.stream.run, verdict.outcome
        self._score(parcel.stream, outcome)
        if outcome.disposition is not Disposition.ACCEPTED:
            self._tell(parcel, outcome)
        if self.warden is not None:
            self.warden.judged(parcel, verdict)
        if verdict.effect.kind is EffectKind.STOP_CAMPAIGN and run.sending and self.warden is not None:
            self.warden.stop(run, verdict.effect.pause_reason)
        self.look(run)

    def unsent(self, stream: Stream, outcome: Outcome) -> None:
        """A recipient was settled without an attempt."""
        self._score(stream, outcome)
        self.look(stream.run)

    def look(self, run: Run) -> None:
        """Nothing of it may be left to do."""
        if self.warden is None:
            return
        if run.state is CampaignState.CANCELLED and run.in_flight == 0:
            self.warden.deferred_after_cancel(run)
        elif run.open <= 0:
            self.warden.drained(run)

    def trouble(self, error: StoreUnusable) -> None:
        """The spool cannot be used."""
        if self.warden is not None:
            self.warden.trouble(error)

    def broke(self, run: Run) -> None:
        """A bug; the campaign stops for a person to look."""
        if self.warden is not None:
            self.warden.stop(run, PauseReason.INTERNAL)

    def _score(self, stream: Stream, outcome: Outcome) -> None:
        stream = stream.latest
        run = stream.run
        run.dirty = True
        at = self._clock.monotonic()
        stream.pace.ended += 1
        if outcome.disposition is Disposition.ACCEPTED:
            stream.pace.add(at)
            run.pace.add(at)
        if outcome.disposition is not Disposition.DEFERRED:
            run.open -= 1
        elif outcome.retry_after is not None:
            self._on_put_off(stream, self._clock.now() + outcome.retry_after)

    def _tell(self, parcel: Parcel, outcome: Outcome) -> None:
        now = self._clock.now()
        retry = outcome.retry_after
        parcel.stream.run.last_reply = LastReply(
            lane=parcel.stream.lane.key,
            address=parcel.recipient.address,
            code=outcome.code,
            enhanced=outcome.enhanced,
            text=outcome.text,
            reason=outcome.reason,
            state=RecipientState(outcome.disposition.value),
            next_attempt=now + retry if retry is not None else None,
            at=now,
        )
        if outcome.disposition is Disposition.BOUNCED and self.warden is not None:
            self.warden.bounced(parcel, outcome)
