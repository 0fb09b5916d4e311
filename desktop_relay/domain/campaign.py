"""A campaign: the draft in the library, its states, and the snapshot that is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desktop_relay.domain.identity import Identity
from desktop_relay.domain.route import Route
from desktop_relay.domain.template import Template


class CampaignState(StrEnum):
    """Where a campaign is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SENDING = "sending"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    UNRECORDED = "unrecorded"
    """The library knows that it was submitted, and no spool knows what became of it."""


_S = CampaignState

CAMPAIGN_TRANSITIONS: Mapping[CampaignState, frozenset[CampaignState]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED}),
    _S.SUBMITTED: frozenset({_S.SENDING, _S.PAUSED, _S.CANCELLED, _S.FINISHED}),
    _S.SENDING: frozenset({_S.PAUSED, _S.FINISHED, _S.CANCELLED}),
    # one that was paused before its planned start waits for that again
    _S.PAUSED: frozenset({_S.SUBMITTED, _S.SENDING, _S.CANCELLED}),
    # a person may send again to those whom nothing reached
    _S.FINISHED: frozenset({_S.SENDING}),
    _S.CANCELLED: frozenset({_S.SENDING}),
    _S.UNRECORDED: frozenset(),
}
"""The one table; the store refuses any other transition."""

OVER = (CampaignState.FINISHED, CampaignState.CANCELLED)
"""Nothing goes on by itself."""


class PauseReason(StrEnum):
    """Who or what paused a campaign."""

    NONE = ""
    USER = "user"
    LOGIN_FAILED = "login_failed"
    PASSWORD_MISSING = "password_missing"  # noqa: S105
    SIGN_IN_NEEDED = "sign_in_needed"
    AUTH_FAILURE = "auth_failure"
    SENDER_REFUSED = "sender_refused"
    TLS_REFUSED = "tls_refused"
    NO_ACCOUNT = "no_account"
    PORT25_BLOCKED = "port25_blocked"
    DISK_FULL = "disk_full"
    DATA_UNUSABLE = "data_unusable"
    TEMPLATE_BROKEN = "template_broken"
    ATTACHMENT_GONE = "attachment_gone"
    MISSED_START = "missed_start"
    CANARY = "canary"
    INTERNAL = "internal"
    RESTORED = "restored"
    MOVED = "moved"


SENT_ELSEWHERE = frozenset({PauseReason.RESTORED, PauseReason.MOVED})
"""Another computer may have sent to the same people since: who resumes is asked first."""


ROUTE_FAULTS = frozenset(
    {
        PauseReason.LOGIN_FAILED,
        PauseReason.PASSWORD_MISSING,
        PauseReason.SIGN_IN_NEEDED,
        PauseReason.TLS_REFUSED,
        PauseReason.NO_ACCOUNT,
        PauseReason.PORT25_BLOCKED,
    }
)
"""What is mended in the settings of the campaign's route."""


class CampaignKind(StrEnum):
    """A campaign to many, or one test mail; both take the same path."""

    CAMPAIGN = "campaign"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Draft:
    """A campaign as it is written in the library: names of the things it will use.

    ``canary_minutes`` is how long the rest waits after a small first part, ``None`` without one.
    """

    id: int
    name: str
    template: str
    sender: str
    route: str
    lists: tuple[str, ...]
    subject: str | None = None
    created_at: datetime | None = None
    submitted_at: datetime | None = None
    canary_minutes: float | None = None


@dataclass(frozen=True, slots=True)
class CampaignSnapshot:
    """What a submitted campaign sends, fixed at submission; later edits do not reach it.

    ``speed`` is how many times faster than life paces and waits run (1 everywhere but in the sandbox).
    ``canary_minutes`` as in the draft; with ``brakes`` off they only warn, as they do in practice.
    """

    id: int
    uid: str
    kind: CampaignKind
    name: str
    template: Template
    identity: Identity
    route: Route
    speed: float = 1.0
    start_at: datetime | None = None
    expires_at: datetime | None = None
    canary_minutes: float | None = None
    brakes: bool = True


@dataclass(frozen=True, slots=True)
class SubmittedCampaign:
    """A campaign as the spool keeps it."""

    snapshot: CampaignSnapshot
    state: CampaignState
    pause_reason: PauseReason
    total: int
    submitted_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
