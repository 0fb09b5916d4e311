"""One message ready for the wire: its envelope and its octets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DeliveryNotifications(StrEnum):
    """What later servers are asked to report by mail (RFC 3461 4.1).

    OFF asks for nothing, so that every server does what it does by itself; FAILURE for failures and delays,
    ALL for deliveries, too.
    """

    OFF = "off"
    FAILURE = "failure"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Envelope:
    """MAIL FROM and RCPT TO as they stand between the angle brackets (RFC 5321 4.1.2).

    ``recipient`` has its local part quoted where the carrier's old address needs it; domains are A-labels.
    """

    return_path: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A composed and signed message.

    ``content`` has CRLF line ends only, no line over 998 octets, 7-bit octets only, and is not yet
    dot-stuffed. ``smtputf8`` is set only when the envelope itself has non-ASCII (RFC 6531).
    """

    envelope: Envelope
    content: bytes
    message_id: str
    smtputf8: bool = False
