"""MAIL and RCPT of one message as a server that offers so much wants them, or why there are none."""

from __future__ import annotations

from desktop_relay.domain.exchange import Failure
from desktop_relay.domain.outgoing import DeliveryNotifications, Outgoing
from desktop_relay.protocol.ehlo import Extensions
from desktop_relay.protocol.notification import compose_mail_request, compose_rcpt_request


def find_obstacle(message: Outgoing, offers: Extensions) -> tuple[Failure, str] | None:
    """What can be told before a word is said: the failure and its detail; ``None`` when all is well."""
    envelope, content = message.envelope, message.content
    addresses = envelope.return_path + envelope.recipient
    if not addresses.isprintable():
        return Failure.NOT_ENCODABLE, "control character in the envelope"
    if message.smtputf8:
        if not offers.smtputf8:
            # RFC 6531 3.2: no silent downgrade
            return Failure.NOT_ENCODABLE, "SMTPUTF8 not offered"
    elif not addresses.isascii():
        return Failure.NOT_ENCODABLE, "envelope is not ASCII"
    if not offers.eightbitmime and not content.isascii():
        return Failure.NOT_ENCODABLE, "8BITMIME not offered"
    if offers.size is not None and len(content) > offers.size:
        # RFC 1870 6.1: do not begin what must be refused
        return Failure.TOO_BIG, f"{len(content)} > {offers.size}"
    return None


def compose_envelope(
    message: Outgoing,
    offers: Extensions,
    wanted: DeliveryNotifications = DeliveryNotifications.OFF,
    *,
    requiretls: bool = False,
) -> bytes:
    """Both command lines. Parameters stand only where they are offered, and only when they say something.

    With ``requiretls``, which the server offers, it must keep the message encrypted (RFC 8689 4.2.1).
    """
    envelope = message.envelope
    size = f" SIZE={len(message.content)}" if offers.takes_size else ""
    body = "" if message.content.isascii() else " BODY=8BITMIME"
    utf8 = " SMTPUTF8" if message.smtputf8 else ""
    tls = " REQUIRETLS" if requiretls else ""  # RFC 8689 3
    mail = rcpt = ""
    if offers.dsn and wanted is not DeliveryNotifications.OFF:
        mail = "".join(f" {word}" for word in compose_mail_request(wanted, message.message_id))
        rcpt = "".join(f" {word}" for word in compose_rcpt_request(wanted, envelope.recipient))
    return (
        f"MAIL FROM:<{envelope.return_path}>{size}{body}{utf8}{tls}{mail}\r\n"
        f"RCPT TO:<{envelope.recipient}>{rcpt}\r\n"
    ).encode()
