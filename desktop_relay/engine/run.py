"""A submitted campaign in the engine's memory: its state, its streams and what is shown of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from desktop_relay.domain.campaign import CampaignState, PauseReason, SubmittedCampaign
from desktop_relay.domain.canary import Canary
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.progress import LastReply
from desktop_relay.domain.retries import Retries
from desktop_relay.engine.assembly import Blueprint
from desktop_relay.engine.line import Line
from desktop_relay.engine.pace import Pace
from desktop_relay.engine.wakeups import Wakeup
from desktop_relay.policy.brake import Brake
from desktop_relay.policy.routing import Mail

if TYPE_CHECKING:
    from desktop_relay.engine.stream import Stream


FIRST_OCTETS = 4 * 1024 * 1024
"""What a message is taken to weigh before one was built: with attachments it may be megabytes."""


class Run:
    """One campaign at work. ``turn`` changes with every stop, so that late work notices.

    ``sending`` is the switch that everything asks before it starts a message. ``halted`` is a pause
    that the spool does not know of yet, because it cannot be written. ``alarm`` rings at its planned start,
    then at its end.
    """

    def __init__(self, submitted: SubmittedCampaign, at: float) -> None:
        self.submitted = submitted
        self.lock = asyncio.Lock()
        self.line: Line | None = None
        self.blueprint: Blueprint | None = None
        self.streams: dict[str, Stream] = {}
        self.brakes: dict[str, Brake] = {}
        self.canary: Canary | None = None
        self.recalled = False
        self.retries: Mapping[str, Retries] = {}
        self.retries_at = float("-inf")
        self.counts: Mapping[str, Counts] = {}
        self.open = 0
        self.turn = 0
        self.sending = False
        self.halted = PauseReason.NONE
        self.dirty = True
        self.ending = False
        self.fetches = 0
        self.largest_octets = 0
        self.in_flight = 0
        self.last_reply: LastReply | None = None
        self.pace = Pace(at)
        self.alarm: Wakeup | None = None
        self.quiet = asyncio.Event()
        self.quiet.set()

    @property
    def id(self) -> int:
        """The campaign's number."""
        return self.submitted.snapshot.id

    @property
    def speed(self) -> float:
        """As submitted."""
        return self.submitted.snapshot.speed

    @property
    def state(self) -> CampaignState:
        """As it is, also where the spool does not know yet."""
        return CampaignState.PAUSED if self.halted is not PauseReason.NONE else self.submitted.state

    @property
    def pause_reason(self) -> PauseReason:
        """Why it is paused."""
        return self.halted if self.halted is not PauseReason.NONE else self.submitted.pause_reason

    def mail(self, lane: str) -> Mail:
        """What routing rules see of its messages in a lane; no size before the first of them is built."""
        return Mail(lane, self.submitted.snapshot.identity.address, self.largest_octets)

    @property
    def message_octets(self) -> int:
        """What one of its messages weighs at most, as far as is known."""
        return self.largest_octets or FIRST_OCTETS

    @property
    def is_live(self) -> bool:
        """The engine has something to do with it by itself, now or later."""
        return self.state in (CampaignState.SUBMITTED, CampaignState.SENDING)

    def brake(self, lane: str) -> Brake:
        """The brake of one of its lanes, made when first asked for."""
        found = self.brakes.get(lane)
        if found is None:
            found = self.brakes[lane] = Brake(strict=self.submitted.snapshot.brakes)
        return found

    def kept(self, lane: str) -> int:
        """How many of a lane stay behind while the canary is tried."""
        return self.canary.kept.get(lane, 0) if self.canary is not None and self.canary.holds else 0

    def take(self, counts: Mapping[str, Counts]) -> None:
        """The counters as the spool has them."""
        if counts != self.counts:  # who tells of them knows by the object that they are others
            self.counts = counts
        self.open = sum(lane.open for lane in counts.values())
        self.dirty = False

    def stop(self) -> None:
        """Start nothing more; what is on the wire ends by itself."""
        self.sending = False
        self.turn += 1

    def fetch_began(self) -> None:
        """Leased recipients are on their way."""
        self.fetches += 1
        self.quiet.clear()

    def fetch_ended(self) -> None:
        """They arrived, or went back."""
        self.fetches -= 1
        if self.fetches == 0:
            self.quiet.set()

    def wake_at(self, alarm: Wakeup | None) -> None:
        """Its next moment, instead of the one before."""
        if self.alarm is not None:
            self.alarm.cancel()
        self.alarm = alarm

    def forget_streams(self) -> None:
        """It is over; only what is on the wire is still of interest."""
        self.wake_at(None)
        for stream in self.streams.values():
            if stream.alarm is not None:
                stream.alarm.cancel()
        self.streams = {key: stream for key, stream in self.streams.items() if stream.in_flight}
        self.blueprint = None
