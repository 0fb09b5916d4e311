"""MTA-STS: the record that says there is a policy, and the policy itself (RFC 8461)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

POLICY_LIMIT_BYTES = 64 * 1024
"""RFC 8461 3.3 lets senders limit what they read; a policy of real life has a few hundred octets."""

LONGEST_SECONDS = 31_557_600
"""RFC 8461 3.2: about a year."""

_MX_LIMIT = 1000
_ID = re.compile(r"[A-Za-z0-9]{1,32}")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
_MX = re.compile(r"(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*")
_AGE = re.compile(r"[0-9]{1,10}")


class StsError(ValueError):
    """What came is no policy."""


class StsMode(StrEnum):
    """What a policy asks of senders: to keep to it, only to report, or nothing any more."""

    ENFORCE = "enforce"
    TESTING = "testing"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class StsPolicy:
    """A domain's policy; ``mx`` are lower-case names, or patterns that start with ``*.``."""

    mode: StsMode
    mx: tuple[str, ...]
    max_age: timedelta

    def allows(self, host: str) -> bool:
        """Whether ``host`` is one of the domain's (RFC 8461 4.1)."""
        name = host.lower().rstrip(".")
        # RFC 8461 4.1: a wildcard stands for the left-most label and for exactly one
        parent = "*." + name.partition(".")[2]
        return name in self.mx or parent in self.mx


@dataclass(frozen=True, slots=True)
class KeptPolicy:
    """A policy with the ``id`` it was announced under and the aware time it was fetched at."""

    id: str
    policy: StsPolicy
    fetched_at: datetime

    def is_valid(self, now: datetime) -> bool:
        """Its time is not over; one from the future is none, for a clock went wrong."""
        return timedelta(0) <= now - self.fetched_at < self.policy.max_age


def parse_sts_record(records: Iterable[bytes]) -> str | None:
    """The policy's id out of the TXT records at ``_mta-sts`` (RFC 8461 3.1), ``None`` when there is none.

    ``records`` are record data as on the wire: strings with a length octet before each.
    """
    texts = [text for record in records if (text := _text(record)).startswith("v=STSv1;")]
    # RFC 8461 3.1: more than one is none
    if len(texts) != 1:
        return None
    for field in texts[0].split(";")[1:]:
        key, equals, value = field.strip(" \t").partition("=")
        if key == "id" and equals:
            return value if _ID.fullmatch(value) else None
    return None


def _text(record: bytes) -> str:
    parts = []
    while record:
        length = record[0]
        parts.append(record[1 : 1 + length])
        record = record[1 + length :]
    return b"".join(parts).decode("ascii", "replace")


def parse_sts_policy(body: bytes) -> StsPolicy:
    """The policy in ``body`` (RFC 8461 3.2); raises ``StsError``."""
    fields, mx = _fields(body)
    if fields.get("version") != "STSv1":
        raise StsError("version is not STSv1")
    if fields.get("mode") not in tuple(StsMode):
        raise StsError("no known mode")
    age = fields.get("max_age", "")
    if not _AGE.fullmatch(age):
        raise StsError("max_age is no number")
    mode = StsMode(fields["mode"])
    if not mx and mode is not StsMode.NONE:
        raise StsError("names no mx")
    seconds = min(int(age), LONGEST_SECONDS)
    return StsPolicy(mode, tuple(dict.fromkeys(mx)), timedelta(seconds=seconds))


def _fields(body: bytes) -> tuple[dict[str, str], list[str]]:
    if len(body) > POLICY_LIMIT_BYTES:
        raise StsError("too long")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StsError("not UTF-8") from error
    fields: dict[str, str] = {}
    mx: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line.strip(" \t"):
            continue
        key, colon, value = line.partition(":")
        if not colon or not _KEY.fullmatch(key):
            raise StsError("not a field")
        value = value.strip(" \t")
        if key == "mx":
            mx.append(_pattern(value))
        else:
            # RFC 8461 3.2: of a field that comes twice the first counts; unknown ones are ignored
            fields.setdefault(key, value)
    if len(mx) > _MX_LIMIT:
        raise StsError("names too many mx")
    return fields, mx


def _pattern(value: str) -> str:
    pattern = value.lower().removesuffix(".")
    if len(pattern) > 255 or not _MX.fullmatch(pattern):
        raise StsError("an mx is no name")
    return pattern
