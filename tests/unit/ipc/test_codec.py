"""The codec: whatever crosses the socket comes out as itself, and nothing else comes out at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.command import Pause, SetLane, Submit, Suppress
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.effect import EffectKind
from desktop_relay.domain.progress import Changed, Progress
from desktop_relay.ipc.codec import Undecodable, decode, encode
from tests.unit.ipc.values import CROSSING, OTHERS, values_of


@pytest.mark.parametrize("kind", [*CROSSING, *OTHERS], ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_every_value_comes_back_over_json(kind: type, data: st.DataObject) -> None:
    value = data.draw(values_of(kind))
    plain = json.loads(json.dumps(encode(value)))
    assert decode(kind, plain) == value


@pytest.mark.parametrize("kind", CROSSING, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_what_a_newer_peer_says_more_is_passed_over(kind: type, data: st.DataObject) -> None:
    value = data.draw(values_of(kind))
    assert decode(kind, {**encode(value), "from_the_future": [1, {"a": None}]}) == value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", CROSSING, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_anything_else_is_refused_and_never_breaks(kind: type, data: st.DataObject) -> None:
    names = [f.name for f in fields(kind)]
    plain = data.draw(JSON | st.dictionaries(st.sampled_from([*names, "x"]), JSON, max_size=4))
    try:
        value: object = decode(kind, plain)
    except Undecodable:
        return
    assert isinstance(value, kind)


@pytest.mark.parametrize(
    ("kind", "plain"),
    [
        (Pause, None),
        (Pause, []),
        (Pause, {}),
        (Pause, {"campaign": "1"}),
        (Pause, {"campaign": 1.0}),
        (Pause, {"campaign": True}),
        (Submit, {"campaign": 1, "at": "2026-01-01T00:00:00"}),
        (Submit, {"campaign": 1, "at": "tomorrow"}),
        (Submit, {"campaign": 1, "force": "all"}),
        (Submit, {"campaign": 1, "force": [1]}),
        (SetLane, {"route": "r", "lane": "l", "rate": "fast"}),
        (SetLane, {"route": "r", "lane": "l", "rate": False}),
        (Suppress, {"patterns": {"a": 1}}),
        *((Pause, {"campaign": number}) for number in (1 << 63, -(1 << 63) - 1, 10**400)),
        *(
            (SetLane, {"route": "r", "lane": "l", "rate": rate})
            for rate in (float("nan"), float("inf"), float("-inf"), 10**400)
        ),
        *(
            (SetLane, {"route": "r", "lane": "l", "until": until})
            for until in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
        ),
        (Changed, {"generation": None}),
    ],
)
def test_wrong_types(kind: type, plain: Any) -> None:
    with pytest.raises(Undecodable):
        decode(kind, plain)


def test_whole_numbers_serve_as_numbers_but_not_the_reverse() -> None:
    rate = decode(SetLane, {"route": "r", "lane": "l", "rate": 2}).rate
    assert rate == 2.0
    assert type(rate) is float


def test_missing_values_take_their_defaults() -> None:
    assert decode(Submit, {"campaign": 7}) == Submit(7)


@dataclass(frozen=True, slots=True)
class Sampler:
    """Types that no message has yet, but the codec knows."""

    by_name: Mapping[str, Counts] = field(default_factory=dict)
    pause: timedelta | None = None
    kinds: tuple[EffectKind, ...] = ()
    anything: object = None


@given(values_of(Counts), st.sampled_from(list(EffectKind)))
def test_values_in_mappings_are_of_their_type(counts: Counts, kind: EffectKind) -> None:
    sampler = Sampler({"docomo": counts}, timedelta(seconds=1.5), (kind,), [1, "x"])
    assert decode(Sampler, json.loads(json.dumps(encode(sampler)))) == sampler
    with pytest.raises(Undecodable):
        decode(Sampler, {"by_name": {"docomo": 1}})
    with pytest.raises(Undecodable):
        decode(Sampler, {"by_name": []})
    with pytest.raises(Undecodable):
        decode(Sampler, {"pause": 1e300})


def test_a_large_progress_is_quick_to_say() -> None:
    progress = Progress(1, "1", 1.0, 1, 1)
    assert decode(Progress, encode(progress)) == progress
    assert encode(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00+00:00"
