from __future__ import annotations

from dataclasses import fields

from desktop_relay.domain.counts import Counts


def test_everybody_is_in_the_total_once() -> None:
    counts = Counts(**{field.name: 10**place for place, field in enumerate(fields(Counts))})
    assert counts.total == int("1" * len(fields(Counts)))
