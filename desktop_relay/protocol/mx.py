"""The hosts that take a domain's mail, in the order to try them (RFC 5321 5.1, RFC 7505)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Shuffle = Callable[[list[str]], None]
"""Puts a list into random order, in place."""


@dataclass(frozen=True, slots=True)
class MxRecord:
    """One MX record; ``host`` is lower case without the last dot, empty for the root."""

    preference: int
    host: str


@dataclass(frozen=True, slots=True)
class MxPlan:
    """``hosts`` in the order to try; ``implicit`` when the domain itself stands in for missing records.

    ``null`` says that the domain takes no mail at all (RFC 7505); it has no hosts then.
    """

    hosts: tuple[str, ...]
    implicit: bool = False
    null: bool = False


def plan_hosts(domain: str, records: Sequence[MxRecord], shuffle: Shuffle) -> MxPlan:
    """The plan for ``domain``; ``records`` is empty when it exists without an MX record."""
    if not records:
        # RFC 5321 5.1: an implicit MX with preference 0
        return MxPlan((domain,), implicit=True)
    named = [record for record in records if record.host.strip(".")]
    if not named:
        return MxPlan((), null=True)
    order: dict[str, None] = {}
    for preference in sorted({record.preference for record in named}):
        equals = [record.host for record in named if record.preference == preference]
        # RFC 5321 5.1: equal preferences are spread over at random
        shuffle(equals)
        order.update(dict.fromkeys(equals))
    return MxPlan(tuple(order))
