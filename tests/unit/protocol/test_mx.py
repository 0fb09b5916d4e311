"""MX plans: preference first, equals shuffled, nothing lost, null MX and implicit MX told apart."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.protocol.mx import MxPlan, MxRecord, plan_hosts


def backwards(hosts: list[str]) -> None:
    hosts.reverse()


def test_preference_then_shuffled() -> None:
    records = [MxRecord(20, "c"), MxRecord(10, "a"), MxRecord(10, "b"), MxRecord(30, "a")]
    assert plan_hosts("x.example", records, backwards).hosts == ("b", "a", "c")


def test_no_record_means_the_domain_itself() -> None:
    assert plan_hosts("x.example", [], backwards) == MxPlan(("x.example",), implicit=True)


def test_null_mx() -> None:
    for host in ("", "."):
        assert plan_hosts("x.example", [MxRecord(0, host)], backwards) == MxPlan((), null=True)


def test_a_root_record_among_others_is_left_out() -> None:
    assert plan_hosts("x.example", [MxRecord(0, ""), MxRecord(5, "a")], backwards) == MxPlan(("a",))


records = st.builds(MxRecord, st.integers(0, 65535), st.sampled_from(["a", "b", "c", "d", "e"]))


@given(st.lists(records, min_size=1, max_size=8), st.randoms())
def test_order_and_completeness(several: list[MxRecord], chance: random.Random) -> None:
    plan = plan_hosts("x.example", several, chance.shuffle)
    assert set(plan.hosts) == {record.host for record in several}
    assert len(set(plan.hosts)) == len(plan.hosts)
    best = [min(record.preference for record in several if record.host == host) for host in plan.hosts]
    assert best == sorted(best)


def test_every_equal_host_comes_first_some_time() -> None:
    several = [MxRecord(10, host) for host in "abc"]
    chance = random.Random(7)
    firsts = {plan_hosts("x.example", several, chance.shuffle).hosts[0] for _ in range(60)}
    assert firsts == {"a", "b", "c"}
