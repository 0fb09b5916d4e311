"""What MAIL and RCPT ask for in delivery status notifications (RFC 3461), and its xtext."""

from __future__ import annotations

import re

from desktop_relay.domain.outgoing import DeliveryNotifications

LONGEST_ENVID = 100
"""Octets of an envelope identifier before it is encoded (RFC 3461 4.4)."""

LONGEST_ORCPT = 500
"""Octets of ``ORCPT=`` (RFC 3461 4.2)."""

_NOT_XCHAR = re.compile("[^!-*,-<>-~]")  # all but "+" and "=" of printable ASCII, RFC 3461 4
_NOT_UNITEXT = re.compile(r"[\x00-\x20+=\\\x7f]")
_NOTIFY = {
    DeliveryNotifications.FAILURE: "FAILURE,DELAY",
    DeliveryNotifications.ALL: "SUCCESS,FAILURE,DELAY",
}


def encode_xtext(text: str) -> str:
    """ASCII ``text`` as xtext; raises ``ValueError`` for anything beyond ASCII."""
    if not text.isascii():
        raise ValueError("xtext is ASCII")
    return _NOT_XCHAR.sub(lambda match: f"+{ord(match[0]):02X}", text)


def compose_mail_request(wanted: DeliveryNotifications, message_id: str) -> list[str]:
    """Parameters of MAIL: only the header comes back, under the message's own identifier."""
    if wanted is DeliveryNotifications.OFF:
        return []
    parameters = ["RET=HDRS"]  # RFC 3461 4.3: a campaign's text in every report helps nobody
    identifier = message_id.strip("<>")
    if identifier.isascii() and 0 < len(identifier) <= LONGEST_ENVID:
        parameters.append(f"ENVID={encode_xtext(identifier)}")
    return parameters


def compose_rcpt_request(wanted: DeliveryNotifications, recipient: str) -> list[str]:
    """Parameters of RCPT: when to report, and for whom the mail was meant at first."""
    if wanted is DeliveryNotifications.OFF:
        return []
    parameters = [f"NOTIFY={_NOTIFY[wanted]}"]
    if recipient.isascii():
        original = f"ORCPT=rfc822;{encode_xtext(recipient)}"
    else:
        # RFC 6533 3: with SMTPUTF8 the address type is utf-8, written as it is but for what would end it
        escaped = _NOT_UNITEXT.sub(lambda match: f"\\x{{{ord(match[0]):02X}}}", recipient)
        original = f"ORCPT=utf-8;{escaped}"
    if len(original.encode("utf-8")) <= LONGEST_ORCPT:
        parameters.append(original)
    return parameters
