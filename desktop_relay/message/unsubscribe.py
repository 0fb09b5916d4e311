"""Leaving the list: the links and header fields that carry a recipient's token (RFC 2369, RFC 8058)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from desktop_relay.domain.address import parse_address
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.identity import Identity

_HTTPS = re.compile(r"https://[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]{1,480}")
_ONE_CLICK = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"  # RFC 8058 3.1


@dataclass(frozen=True, slots=True)
class UnsubscribeLinks:
    """A sender's ways out: ``address`` takes mails, ``_base`` (https) takes one click, where there is one.

    ``_fragment`` (``#place``, or empty) stands behind the token: it is for the reader's browser alone.
    """

    address: str
    _mailto: str
    _base: str | None
    _fragment: str

    def mailto(self, token: str) -> str:
        """A ``mailto:`` link whose subject names the recipient."""
        return f"{self._mailto}?subject=unsubscribe%20{token}"

    def link(self, token: str) -> str:
        """What a link in the mail points to: the https address, or the ``mailto:`` without one."""
        return f"{self._base}{token}{self._fragment}" if self._base is not None else self.mailto(token)

    def header(self, token: str) -> bytes:
        """The ``List-Unsubscribe`` field, and the one-click field where there is an https address."""
        mailto = self.mailto(token)
        if self._base is None:
            return f"List-Unsubscribe: <{mailto}>\r\n".encode("ascii")
        text = f"List-Unsubscribe: <{self._base}{token}>,\r\n <{mailto}>\r\n"
        return text.encode("ascii") + _ONE_CLICK


def plan_unsubscribe(identity: Identity) -> UnsubscribeLinks:
    """The ways out of a sender's mails.

    Raises ``BadInput``: ``address_invalid``, or ``value_invalid`` for an address that is not plain https.
    """
    address = parse_address(identity.unsubscribe_mailto or identity.reply_to or identity.address)
    base, fragment = _split(identity.unsubscribe_url) if identity.unsubscribe_url else (None, "")
    mailto = f"mailto:{quote(address.envelope, safe='@+')}"
    return UnsubscribeLinks(address.text, mailto, base, fragment)


def _split(url: str) -> tuple[str, str]:
    """The address up to where the token goes, and what stands behind it.

    The token goes after a slash or into the query, as ``token`` unless that ends as if waiting for it. It
    stands before a fragment, which never reaches a server (RFC 3986 3.5).
    """
    if _HTTPS.fullmatch(url) is None:
        raise BadInput(ErrorCode.VALUE_INVALID, field="unsubscribe_url", value=url[:80])
    address, mark, place = url.partition("#")
    path, asks, query = address.partition("?")
    if not asks:
        address = path if path.endswith(("/", "=")) else f"{path}/"
    elif query and not query.endswith("=" if "=" in query else "/"):
        address = f"{address.removesuffix('&')}&token="
    return address, mark + place
