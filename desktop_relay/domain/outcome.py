"""The judgement on one attempt: a disposition with its reason, a value rather than an exception."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from desktop_relay.domain.exchange import Stage


class Disposition(StrEnum):
    """What becomes of the recipient after an attempt."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    UNKNOWN = "unknown"
    HELD = "held"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"


class Reason(StrEnum):
    """Why a recipient is in the state it is in; each has a sentence in each language."""

    # the next hop took it
    ACCEPTED = "accepted"

    # about the mailbox
    UNKNOWN_USER = "unknown_user"
    MAILBOX_FULL = "mailbox_full"
    MAILBOX_DISABLED = "mailbox_disabled"
    MAILBOX_UNAVAILABLE = "mailbox_unavailable"
    FILTERED = "filtered"
    BAD_ADDRESS = "bad_address"

    # about our pace
    THROTTLED = "throttled"
    GREYLISTED = "greylisted"
    CONNECTION_LIMIT = "connection_limit"
    SESSION_LIMIT = "session_limit"
    TOO_MANY_RECIPIENTS = "too_many_recipients"

    # about our standing
    BLOCKED = "blocked"
    POSSIBLE_BLOCK = "possible_block"
    BAD_REPUTATION = "bad_reputation"
    AUTH_FAILURE = "auth_failure"
    NO_REVERSE_DNS = "no_reverse_dns"
    POLICY = "policy"
    SENDER_REFUSED = "sender_refused"

    # about the message
    CONTENT = "content"
    TOO_BIG = "too_big"
    PROTOCOL = "protocol"
    NOT_ENCODABLE = "not_encodable"

    # about the way there
    NO_SUCH_DOMAIN = "no_such_domain"
    NULL_MX = "null_mx"
    NO_ADDRESS = "no_address"
    DNS_TEMPORARY = "dns_temporary"
    CONNECT_REFUSED = "connect_refused"
    CONNECT_TIMEOUT = "connect_timeout"
    UNREACHABLE = "unreachable"
    NO_NETWORK = "no_network"
    CONNECTION_LOST = "connection_lost"
    PORT25_BLOCKED = "port25_blocked"
    TLS_FAILED = "tls_failed"
    TLS_NOT_OFFERED = "tls_not_offered"
    TLS_LOST = "tls_lost"
    MTA_STS_FAILED = "mta_sts_failed"
    DANE_FAILED = "dane_failed"
    REQUIRETLS_NOT_OFFERED = "requiretls_not_offered"
    RELAY_DENIED = "relay_denied"
    LOGIN_FAILED = "login_failed"
    PASSWORD_MISSING = "password_missing"  # noqa: S105
    SIGN_IN_NEEDED = "sign_in_needed"
    TOKEN_UNAVAILABLE = "token_unavailable"  # noqa: S105
    SERVER_BUSY = "server_busy"
    OTHER_TEMPORARY = "other_temporary"
    OTHER_PERMANENT = "other_permanent"

    # nobody can say
    LOST_AFTER_DATA = "lost_after_data"
    ENGINE_STOPPED = "engine_stopped"

    # our own decisions
    SUPPRESSED_BY_HAND = "suppressed_by_hand"
    SUPPRESSED_UNSUBSCRIBED = "suppressed_unsubscribed"
    SUPPRESSED_BOUNCED = "suppressed_bounced"
    SUPPRESSED_COMPLAINT = "suppressed_complaint"
    SUPPRESSED_DOMAIN = "suppressed_domain"
    NO_CONSENT = "no_consent"
    MERGE_FAILED = "merge_failed"
    ATTACHMENT_GONE = "attachment_gone"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The judgement; ``code``, ``enhanced`` and ``text`` are the server's words as the ledger keeps them.

    ``retry_after`` is set for deferred recipients only. ``stage`` is where it was decided.
    """

    disposition: Disposition
    reason: Reason
    stage: Stage | None = None
    code: int | None = None
    enhanced: str | None = None
    text: str = ""
    host: str | None = None
    tls: str | None = None
    retry_after: timedelta | None = None
    transcript: tuple[str, ...] = ()
