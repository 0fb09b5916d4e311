"""What happened between us and one server over one message, before anybody judges it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop_relay.domain.reply import Reply


class Stage(StrEnum):
    """Where in the dialogue the decisive thing happened (RFC 5321 4.1.1)."""

    RESOLVE = "resolve"
    CONNECT = "connect"
    BANNER = "banner"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"


OPENING = frozenset({Stage.RESOLVE, Stage.CONNECT, Stage.BANNER, Stage.EHLO, Stage.STARTTLS, Stage.AUTH})
"""Before the first MAIL: what happens here is about the server, not about a recipient."""


class Failure(StrEnum):
    """Why there is no reply to judge."""

    REFUSED = "refused"
    RESET = "reset"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    CLOSED = "closed"
    GARBLED = "garbled"
    NO_SUCH_DOMAIN = "no_such_domain"
    NULL_MX = "null_mx"
    NO_ADDRESS = "no_address"
    DNS_TEMPORARY = "dns_temporary"
    TLS_NOT_OFFERED = "tls_not_offered"
    TLS_FAILED = "tls_failed"
    TLS_LOST = "tls_lost"
    MTA_STS_FAILED = "mta_sts_failed"
    DANE_FAILED = "dane_failed"
    REQUIRETLS_NOT_OFFERED = "requiretls_not_offered"
    AUTH_NOT_OFFERED = "auth_not_offered"
    NO_PASSWORD = "no_password"  # noqa: S105
    SIGN_IN_NEEDED = "sign_in_needed"
    TOKEN_UNAVAILABLE = "token_unavailable"  # noqa: S105
    TOO_BIG = "too_big"
    NOT_ENCODABLE = "not_encodable"


@dataclass(frozen=True, slots=True)
class Exchange:
    """The decisive reply or failure of one attempt, and where it happened.

    Exactly one of ``reply`` and ``failure`` is set. ``host`` is the peer as ``name:port``,
    ``tls`` a ``Protection`` as text or ``None`` for plain text.
    ``transcript`` holds the dialogue's lines with secrets removed, or nothing.
    """

    stage: Stage
    reply: Reply | None = None
    failure: Failure | None = None
    detail: str = ""
    host: str | None = None
    tls: str | None = None
    transcript: tuple[str, ...] = ()

    @property
    def message_may_have_been_taken(self) -> bool:
        """The message's last dot went out and no reply came back (RFC 5321 4.2.1, 4.5.3.2.6)."""
        return self.stage is Stage.DOT and self.failure is not None
