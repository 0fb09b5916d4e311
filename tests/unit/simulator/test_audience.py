from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.simulator.audience import MIXES, MadeUp, People, group_addresses, make_audience
from desktop_relay.simulator.lanes import plan_lanes

from .worlds import CARRIERS, DIRECTORY


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 40), min_size=1))
def test_everybody_has_one_place(counts: dict[str, int]) -> None:
    people = People({domain: MadeUp(domain, number) for domain, number in counts.items()})
    everybody = [people.person(place) for place in range(people.number)]
    assert len(set(everybody)) == sum(counts.values())
    assert all(address.endswith(f"@{domain}") for address, domain in everybody)


@pytest.mark.parametrize("number", [1, 7, 1000, 123_457])
def test_a_mix_has_as_many_people_as_asked_for(number: int) -> None:
    audience = make_audience(number, MIXES["jp"])
    assert sum(len(addresses) for addresses in audience.values()) == number


def test_domains_are_mixed_within_a_lane() -> None:
    people = People({"au.com": MadeUp("au.com", 50), "ezweb.ne.jp": MadeUp("ezweb.ne.jp", 50)})
    first = [people.person(place)[1] for place in range(20)]
    assert 5 <= first.count("au.com") <= 15


def test_domains_share_lanes_as_in_the_engine() -> None:
    audience = group_addresses(["a@au.com", "b@ezweb.ne.jp", "c@docomo.ne.jp", "d@ezweb.ne.jp"])
    lanes = plan_lanes(audience, DIRECTORY, CARRIERS)
    assert {lane: people.number for lane, people in lanes.items()} == {"au": 3, "docomo": 1}
