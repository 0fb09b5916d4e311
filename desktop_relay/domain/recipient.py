"""One address of one submitted campaign, and the states it may pass through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from desktop_relay.domain.outcome import Reason


class RecipientState(StrEnum):
    """Where a recipient is; ``accepted`` means taken by the next hop, never "delivered"."""

    PENDING = "pending"
    READY = "ready"
    IN_FLIGHT = "in_flight"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"
    HELD = "held"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


_S = RecipientState

RECIPIENT_TRANSITIONS: Mapping[RecipientState, frozenset[RecipientState]] = {
    _S.PENDING: frozenset({_S.READY, _S.SUPPRESSED, _S.HELD, _S.EXPIRED, _S.CANCELLED}),
    # a leased row goes back when it was not sent: engine stopped, campaign paused, lane suspended
    _S.READY: frozenset(
        {_S.IN_FLIGHT, _S.PENDING, _S.DEFERRED, _S.SUPPRESSED, _S.HELD, _S.EXPIRED, _S.CANCELLED}
    ),
    # back to ready: begun ahead, and stopped before anything of its transaction was sent
    _S.IN_FLIGHT: frozenset({_S.ACCEPTED, _S.DEFERRED, _S.BOUNCED, _S.UNKNOWN, _S.EXPIRED, _S.READY}),
    _S.DEFERRED: frozenset({_S.PENDING, _S.EXPIRED, _S.CANCELLED}),
    _S.ACCEPTED: frozenset(),
    _S.BOUNCED: frozenset(),
    _S.SUPPRESSED: frozenset(),
    _S.HELD: frozenset({_S.PENDING, _S.CANCELLED}),
    # only a person moves these
    _S.EXPIRED: frozenset({_S.PENDING}),
    _S.CANCELLED: frozenset({_S.PENDING}),
    _S.UNKNOWN: frozenset({_S.ACCEPTED, _S.BOUNCED, _S.PENDING}),
}
"""The one table; the store refuses any other transition."""

FINAL_STATES = frozenset(
    {_S.ACCEPTED, _S.BOUNCED, _S.SUPPRESSED, _S.HELD, _S.EXPIRED, _S.CANCELLED, _S.UNKNOWN}
)
"""States in which the engine has nothing left to do by itself."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A leased recipient: everything needed to build and send its message.

    ``fields`` is the merge snapshot taken at submission, so that a retry is the same message.
    ``attempts`` counts transactions started so far.
    """

    id: int
    campaign: int
    address: str
    lane: str
    attempts: int
    message_id: str
    fields: Mapping[str, object] = field(default_factory=dict)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A recipient as the ledger shows it: what happened and why."""

    recipient: int
    address: str
    name: str
    lane: str
    state: RecipientState
    attempts: int
    code: int | None
    enhanced: str | None
    text: str
    reason: Reason
    mx: str | None
    tls: str | None
    next_attempt: datetime | None
    message_id: str
    accepted_at: datetime | None
    updated_at: datetime
    campaign: int = 0


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One attempt as the ledger keeps it; ``ended_at`` is empty while it runs or when it never ended."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    stage: str
    code: int | None
    enhanced: str | None
    text: str
    reason: Reason
    host: str | None
    tls: str | None
    transcript: tuple[str, ...] = ()
