"""What a server says it can do, out of its answer to EHLO (RFC 5321 4.1.1.1)."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_relay.domain.reply import Reply


@dataclass(frozen=True, slots=True)
class Extensions:
    """The service extensions a server offers; ``names`` are all keywords, upper case, in its order.

    ``size`` is the largest message in octets, ``None`` when unknown or unlimited (RFC 1870);
    ``mail_max`` the transactions it takes in one session (RFC 9422), ``None`` when it does not say.
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
        mail_max=_number([w.removeprefix("MAILMAX=") for w in offers.get("LIMITS", []) if "MAILMAX=" in w]),
    )


def _number(words: list[str]) -> int | None:
    """The first word as a positive number (RFC 1870 4: zero is no limit), at most 20 digits."""
    word = words[0] if words else ""
    if not word.isascii() or not word.isdigit() or len(word) > 20:
        return None
    return int(word) or None
