"""A mail address: what is kept, what duplicates share, and what goes on the wire."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import idna

from desktop_relay.domain.errors import BadInput, ErrorCode

LONGEST_LOCAL = 64  # octets, RFC 5321 4.5.3.1.1
LONGEST_DOMAIN = 255  # octets, RFC 5321 4.5.3.1.2
LONGEST_ADDRESS = 254  # octets: a path is 256 with its angle brackets, RFC 5321 4.5.3.1.3
_SHOWN = 320  # characters of a refused text that travel in the error

LEGACY_DOMAINS = frozenset(
    {
        "docomo.ne.jp",
        "disneymobile.jp",
        "ezweb.ne.jp",
        "au.com",
        "ido.ne.jp",
    }
)
"""docomo and au gave out ``a..b@``, ``a.@`` and ``-a@`` until about April 2009; SoftBank never did."""
_LEGACY_BELOW = (".docomo.ne.jp", ".ezweb.ne.jp", ".au.com", ".ido.ne.jp")

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"  # atext, RFC 5322 3.2.3
_DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LOOSE = re.compile(r"(?=.*[A-Za-z0-9])[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\[ -~])+)"')  # RFC 5321 4.1.2, not empty
_ESCAPED = re.compile(r"\\(.)")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}")  # a number alone is no top-level domain

_FROM_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FROM_OTHER = {
    0x00A0: " ",
    0x3000: " ",
    0x3002: ".",
    0xFF61: ".",
    0x2010: "-",
    0x2011: "-",
    0x2212: "-",
    0x301C: "~",
    0xFE6B: "@",
    0x00AD: None,
    0x200B: None,
    0x200C: None,
    0x200D: None,
    0x200E: None,
    0x200F: None,
    0x2060: None,
    0xFEFF: None,
}
_WIDTH: dict[int, int | str | None] = {**_FROM_WIDE, **_FROM_OTHER}
_SIMPLE = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+[A-Za-z]")  # nothing to repair: nearly every address
_AROUND_AT = re.compile(r"[ \t]*@[ \t]*")
_IN_BRACKETS = re.compile(r"<([^<>]*)>[^<>]*\Z")
_LEADING = " \t\r\n<(["
_TRAILING = " \t\r\n>)]},;:.、"


@dataclass(frozen=True, slots=True)
class Address:
    """``local`` exactly as kept, ``domain`` in lower-case A-labels.

    ``legacy`` marks a Japanese mobile address that RFC 5321 forbids bare (``a..b@docomo.ne.jp``) or that
    mail servers commonly stumble over (``-a@ezweb.ne.jp``): its owner is a customer, so it is accepted.
    """

    local: str
    domain: str
    legacy: bool = False

    @property
    def text(self) -> str:
        """What is stored and shown."""
        return f"{self.local}@{self.domain}"

    @property
    def key(self) -> str:
        """What duplicates share."""
        return f"{self.local.lower()}@{self.domain}"

    @property
    def envelope(self) -> str:
        """What RCPT TO carries, without angle brackets; quoted when the local part is no dot-atom."""
        if self.legacy and _DOT_ATOM.fullmatch(self.local) is None:
            return f'"{self.local}"@{self.domain}'  # RFC 5321 4.1.2 Quoted-string
        return self.text


def parse_address(text: str) -> Address:
    """The address that ``text`` is, unrepaired; raises ``BadInput`` (``address_invalid``)."""
    local, _, domain_text = text.rpartition("@")
    domain = _normal_domain(domain_text)
    if domain is not None:
        found = (
            _plain(local, domain)
            if _DOT_ATOM.fullmatch(local) is not None
            else _legacy(local, domain) or _quoted(local, domain)
        )
        if found is not None:
            return found
    raise BadInput(ErrorCode.ADDRESS_INVALID, address=text[:_SHOWN])


def repair_address(text: str) -> str:
    """Undo what keyboards and mail programs do to an address; the result is for ``parse_address``.

    Full-width characters become ASCII, outer spaces and spaces around the ``@`` go, and so do ``mailto:``,
    ``Name <…>``, trailing punctuation, and the apostrophe spreadsheets set before ``=``, ``+``, ``-``.
    """
    if _SIMPLE.fullmatch(text) is not None:
        return text
    if not text.isascii():
        text = text.translate(_WIDTH)
    text = text.strip()
    bracketed = _IN_BRACKETS.search(text)
    if bracketed is not None:
        text = bracketed[1].strip()
    if text[:7].lower() == "mailto:":
        text = text[7:].partition("?")[0]
    text = text.lstrip(_LEADING).rstrip(_TRAILING)
    if len(text) > 1 and text[0] == text[-1] == "'":
        text = text[1:-1].strip()
    elif text[:2] in ("'=", "'+", "'-"):
        text = text[1:]
    return _AROUND_AT.sub("@", text)


def domain_of(address: str) -> str:
    """The lower-case domain of a stored address."""
    return address.rpartition("@")[2].lower()


def readable_address(address: str) -> str:
    """A stored address with its domain as people write it, in U-labels where it has any."""
    local, at, domain = address.rpartition("@")
    if "xn--" not in domain:
        return address
    try:
        return f"{local}{at}{idna.decode(domain)}"
    except (idna.IDNAError, UnicodeError):
        return address  # valid when it came, by another version of the standard


def takes_legacy_locals(domain: str) -> bool:
    """Whether a carrier once gave out local parts that RFC 5321 forbids under this domain."""
    return domain in LEGACY_DOMAINS or domain.endswith(_LEGACY_BELOW)


def _plain(local: str, domain: str) -> Address | None:
    if len(local) > LONGEST_LOCAL or len(local) + 1 + len(domain) > LONGEST_ADDRESS:
        return None
    return Address(local, domain, local[0] == "-" and takes_legacy_locals(domain))


def _legacy(local: str, domain: str) -> Address | None:
    if not takes_legacy_locals(domain) or len(local) + 2 > LONGEST_LOCAL:
        return None
    return Address(local, domain, True) if _LOOSE.fullmatch(local) is not None else None


def _quoted(local: str, domain: str) -> Address | None:
    """A quoted local part, kept bare where it can be so that both spellings are one address."""
    match = _QUOTED.fullmatch(local) if len(local) <= LONGEST_LOCAL else None
    if match is None:
        return None
    content = _ESCAPED.sub(r"\1", match[1])
    if _DOT_ATOM.fullmatch(content) is not None:
        return _plain(content, domain)
    legacy = _legacy(content, domain)
    if legacy is not None:
        return legacy
    kept = '"' + content.replace("\\", r"\\").replace('"', r"\"") + '"'
    return Address(kept, domain) if len(kept) + 1 + len(domain) <= LONGEST_ADDRESS else None


@lru_cache(maxsize=4096)
def _normal_domain(text: str) -> str | None:
    """Lower-case A-labels, or ``None`` for what is no fully qualified domain name."""
    if not 0 < len(text) <= LONGEST_DOMAIN:
        return None
    domain = text.lower()
    try:
        if not text.isascii():
            domain = idna.encode(text, uts46=True, std3_rules=True).decode("ascii")
        elif "xn--" in domain:
            idna.decode(domain)  # refuses labels that no name encodes to
    except (idna.IDNAError, UnicodeError):
        return None
    return domain if len(domain) <= LONGEST_DOMAIN and _DOMAIN.fullmatch(domain) is not None else None
