"""What goes into the spool: a recipient at submission, and the settlement of an attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from desktop_relay.domain.outcome import Outcome, Reason
from desktop_relay.domain.recipient import RecipientState


@dataclass(frozen=True, slots=True)
class NewRecipient:
    """One address of a campaign at submission; ``state`` is PENDING, SUPPRESSED or HELD, with its ``reason``.

    ``address`` is what is sent to, ``key`` what duplicates share, ``fields`` the merge snapshot.
    """

    address: str
    key: str
    name: str
    lane: str
    message_id: str
    fields: Mapping[str, object] = field(default_factory=dict)
    state: RecipientState = RecipientState.PENDING
    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a recipient ``at`` that moment; ``account`` names whose quota counts the message."""

    recipient: int
    outcome: Outcome
    at: datetime
    account: str = ""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a start found left over: attempts whose end nobody knows, and leases that were given back."""

    unknown: int = 0
    released: int = 0
