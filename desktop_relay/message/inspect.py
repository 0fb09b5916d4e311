"""What is worth telling about a composed message before it is sent: codes, no sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import east_asian_width

from desktop_relay.message.plain import text_of_html

GMAIL_CLIP = 102 * 1024  # octets of HTML after which Gmail cuts the mail and hides the rest
SOFTBANK_SIZE = 1024 * 1024  # octets of a message; i.softbank.jp advertises SIZE 1048576
AU_SIZE = 3 * 1024 * 1024  # octets of a message that au takes
SUBJECT_COLUMNS = 60  # 30 full-width characters; phones show fewer
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_UNSUBSCRIBE = re.compile(
    r"(?:配信|購読|受信|登録|送信|メール).{0,12}(?:停止|解除|中止|止め|拒否|不要)|退会|オプトアウト"
    r"|unsubscribe|opt[ -]?out|stop (?:receiving|getting)|no longer (?:wish|want)",
    re.IGNORECASE | re.DOTALL,
)
_POSTAL = re.compile(
    r"〒\s*[0-9０-９]{3}|(?:都|道|府|県)[^\s。、]{1,16}[市区町村郡]"
    r"|\b\d{1,5}[- ]+[A-Z][\w.]*(?: [A-Z][\w.]*){0,4},? .{0,60}\b[A-Z0-9]{2,4}[ -]?\d[\dA-Z]{2,4}\b"
    r"|\bP\.? ?O\.? Box \d",
    re.DOTALL,
)


def warnings_of(
    *, subject: str, html: str, text: str, size: int, postal: str | None = None
) -> tuple[str, ...]:
    """Codes of section ``warnings``; ``postal`` is the sender's address to look for, if known."""
    return tuple(_warnings(subject, html, text, size, postal))


def _warnings(subject: str, html: str, text: str, size: int, postal: str | None) -> Iterator[str]:
    if not subject.strip():
        yield "no_subject"
    if not text.strip() and "<img" not in html.lower():
        yield "no_body"
    if columns_of(subject) > SUBJECT_COLUMNS:
        yield "subject_long"
    if any(_CONTROLS.search(part) for part in (subject, html, text)):
        yield "control_characters"
    shown = [text_of_html(html), text] if html else [text]
    if not all(_UNSUBSCRIBE.search(part) for part in shown):
        yield "no_unsubscribe_in_body"
    if not all(_has_postal(part, postal) for part in shown):
        yield "no_postal_in_body"
    if len(html.encode("utf-8", "surrogatepass")) > GMAIL_CLIP:
        yield "clip_gmail"
    if size > SOFTBANK_SIZE:
        yield "over_softbank_size"
    if size > AU_SIZE:
        yield "over_au_size"


def columns_of(text: str) -> int:
    """The width of a text where full-width characters take two columns."""
    return sum(2 if east_asian_width(character) in "FW" else 1 for character in text)


def _has_postal(text: str, postal: str | None) -> bool:
    if postal and "".join(postal.split()) in "".join(text.split()):
        return True
    return _POSTAL.search(text) is not None
