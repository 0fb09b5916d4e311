"""The list above all lists: who gets no mail, whatever a campaign says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from desktop_relay.domain.address import parse_address
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.suppression import SuppressionReason
from desktop_relay.policy.reactions import ADDRESS_IS_DEAD


class SuppressionSet:
    """Patterns as ``parse_pattern`` writes them, asked once per recipient and again before RCPT."""

    def __init__(self, patterns: Mapping[str, SuppressionReason]) -> None:
        self._patterns = dict(patterns)

    def add(self, pattern: str, reason: SuppressionReason) -> None:
        """One more; a pattern that is there keeps its reason."""
        self._patterns.setdefault(pattern, reason)

    def remove(self, pattern: str) -> None:
        """One less, if it is there."""
        self._patterns.pop(pattern, None)

    def match(self, address_key: str) -> SuppressionReason | None:
        """Why the address is suppressed, or ``None``; the first of ``patterns_of`` that is there counts."""
        return next(filter(None, map(self._patterns.get, patterns_of(address_key))), None)


def patterns_of(address_key: str) -> Iterator[str]:
    """The patterns that suppress an address: the address itself, ``@domain``, then ``*.domain``."""
    domain = address_key.rpartition("@")[2]
    yield address_key
    yield f"@{domain}"
    while domain:
        yield f"*.{domain}"  # "*.example.jp" stands for example.jp and everything below it
        domain = domain.partition(".")[2]


def parse_pattern(text: str) -> str:
    """The pattern that a person means: an address, ``@domain`` or ``*.domain``.

    Raises ``BadInput`` (``address_invalid``). An address becomes its key, a domain lower-case A-labels.
    """
    wanted = text.strip()
    prefix = next((p for p in ("*@", "@*.", "*.", "@") if wanted.startswith(p)), "")
    if not prefix:
        return parse_address(wanted).key
    try:
        domain = parse_address(f"a@{wanted[len(prefix) :]}").domain
    except BadInput as error:
        raise BadInput(ErrorCode.ADDRESS_INVALID, address=text[:320]) from error
    return f"*.{domain}" if prefix.endswith(".") else f"@{domain}"


def suppresses(reason: Reason) -> bool:
    """Whether a bounce for this reason puts the address on the list; a filter or a full box never does."""
    return reason in ADDRESS_IS_DEAD
