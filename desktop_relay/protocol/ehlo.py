"""What a server says it can do, out of its answer to EHLO (RFC 5321 4.1.1.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address

from desktop_relay.domain.reply import Reply

_LITERAL = re.compile(r"\[([0-9A-Za-z.:]{2,64})\]")


@dataclass(frozen=True, slots=True)
class Extensions:
    """The service extensions a server offers; ``names`` are all keywords, upper case, in its order.

    ``size`` is the largest message in octets, ``None`` when unknown or unlimited (RFC 1870);
    ``mail_max`` the transactions it takes in one session, ``rcpt_max`` the recipients and
    ``rcpt_domain_max`` their domains in one transaction (RFC 9422), ``None`` when it does not say.
    """

    size: int | None = None
    pipelining: bool = False
    eightbitmime: bool = False
    smtputf8: bool = False
    starttls: bool = False
    enhanced: bool = False
    chunking: bool = False
    dsn: bool = False
    auth: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    mail_max: int | None = None
    rcpt_max: int | None = None
    rcpt_domain_max: int | None = None

    @property
    def takes_size(self) -> bool:
        """``SIZE=`` may stand behind MAIL FROM (RFC 1870 6)."""
        return "SIZE" in self.names


def parse_ehlo(reply: Reply) -> Extensions:
    """The extensions in ``reply``; lines that make no sense are left out, nothing is raised."""
    offers: dict[str, list[str]] = {}
    for line in reply.lines[1:]:
        words = line.upper().split()
        if not words:
            continue
        # the form of before RFC 2554: AUTH=LOGIN
        keyword, equals, first = words[0].partition("=")
        if not keyword.isascii() or not keyword.replace("-", "").isalnum():
            continue
        offers.setdefault(keyword, []).extend([first, *words[1:]] if equals else words[1:])
    limits = _limits(offers.get("LIMITS", []))
    return Extensions(
        size=_number(offers.get("SIZE", [])),
        pipelining="PIPELINING" in offers,
        eightbitmime="8BITMIME" in offers,
        smtputf8="SMTPUTF8" in offers,
        starttls="STARTTLS" in offers,
        enhanced="ENHANCEDSTATUSCODES" in offers,
        chunking="CHUNKING" in offers,
        dsn="DSN" in offers,
        auth=frozenset(word for word in offers.get("AUTH", []) if word),
        names=tuple(offers),
        mail_max=limits.get("MAILMAX"),
        rcpt_max=limits.get("RCPTMAX"),
        rcpt_domain_max=limits.get("RCPTDOMAINMAX"),
    )


def parse_seen_address(reply: Reply) -> str:
    """The address that a server says it sees us at, empty when it does not.

    Many put it behind their name as an address literal (RFC 5321 4.1.3); the words there are free (4.1.1.1).
    """
    for literal in _LITERAL.findall(reply.lines[0] if reply.lines else ""):
        try:
            address = ip_address(literal.lower().removeprefix("ipv6:"))
        except ValueError:
            continue
        # a server that listens on both may write an IPv4 address as IPv6 (RFC 4291 2.5.5.2)
        return str((address.version == 6 and address.ipv4_mapped) or address)
    return ""


def _limits(words: list[str]) -> dict[str, int]:
    """RFC 9422 3: name=value; what is no positive number (six digits at most) says nothing."""
    pairs = (word.partition("=") for word in words)
    found = {name: _number([value]) for name, _, value in pairs if len(value) <= 6}
    return {name: value for name, value in found.items() if value is not None}


def _number(words: list[str]) -> int | None:
    """The first word as a positive number (RFC 1870 4: zero is no limit), at most 20 digits."""
    word = words[0] if words else ""
    if not word.isascii() or not word.isdigit() or len(word) > 20:
        return None
    return int(word) or None
