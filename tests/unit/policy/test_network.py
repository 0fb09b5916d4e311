"""What a look at the network means, whatever is seen in whatever order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.network import Network, comparable
from desktop_relay.domain.reply import Reply
from desktop_relay.policy.network import (
    SETTLE_SECONDS,
    NetworkNews,
    NetworkWatch,
    may_be_networks_fault,
)

HOME = Network("192.168.1.5", "", frozenset({"192.168.1.5"}), ("192.168.1.1",))
MOBILE = Network("10.0.0.7", "", frozenset({"10.0.0.7"}), ("10.0.0.1",))
NONE = Network(addresses=frozenset({"192.168.1.5"}))

LOOKS = st.lists(st.tuples(st.floats(0.1, 10.0), st.sampled_from([HOME, MOBILE, NONE])), max_size=60)


def settled(watch: NetworkWatch, seen: Network, at: float) -> NetworkNews | None:
    assert watch.look(seen, at) is None, "at first sight nothing happens"
    return watch.look(seen, at + SETTLE_SECONDS)


def test_a_day_with_a_notebook() -> None:
    watch = NetworkWatch(HOME)
    assert watch.look(HOME, 0.0) is None
    assert settled(watch, MOBILE, 10.0) is NetworkNews.CHANGED
    assert settled(watch, NONE, 20.0) is NetworkNews.GONE
    assert watch.network == MOBILE, "it is remembered while it is gone"
    assert settled(watch, MOBILE, 30.0) is NetworkNews.BACK
    assert watch.look(HOME, 40.0) is None
    assert settled(watch, MOBILE, 41.0) is NetworkNews.FLICKERED


def test_without_a_network_at_the_start_it_comes_back() -> None:
    watch = NetworkWatch(NONE)
    assert watch.is_gone
    assert settled(watch, HOME, 1.0) is NetworkNews.BACK


def test_what_is_accepted_at_once_is_not_told_again() -> None:
    watch = NetworkWatch(HOME)
    assert watch.accept(NONE) is NetworkNews.GONE
    assert watch.look(NONE, 10.0) is None
    assert settled(watch, HOME, 11.0) is NetworkNews.BACK


@given(LOOKS)
def test_news_come_only_of_what_lasted_and_lead_to_what_is_seen(looks: list[tuple[float, Network]]) -> None:
    watch, at, since, before = NetworkWatch(HOME), 0.0, 0.0, HOME
    for seconds, seen in looks:
        at += seconds
        since = since if seen == before else at
        before = seen
        was_gone, network = watch.is_gone, watch.network
        news = watch.look(seen, at)
        if news is not None:
            assert at - since >= SETTLE_SECONDS
            assert watch.is_as_told(seen)
            assert watch.look(seen, at) is None, "told once"
        else:
            assert (watch.is_gone, watch.network) == (was_gone, network)
        assert watch.network.is_there


@given(LOOKS, st.sampled_from([HOME, MOBILE, NONE]))
def test_whatever_lasts_is_acted_on(looks: list[tuple[float, Network]], at_last: Network) -> None:
    watch, at = NetworkWatch(HOME), 0.0
    for seconds, seen in looks:
        at += seconds
        watch.look(seen, at)
    watch.look(at_last, at + 1)
    watch.look(at_last, at + 1.1 + SETTLE_SECONDS)
    assert watch.is_as_told(at_last)


@pytest.mark.parametrize(
    ("exchange", "usually", "unproven"),
    [
        (Exchange(Stage.CONNECT, failure=Failure.UNREACHABLE), True, True),
        (Exchange(Stage.RESOLVE, failure=Failure.DNS_TEMPORARY), True, True),
        (Exchange(Stage.DOT, failure=Failure.TIMEOUT), True, True),
        (Exchange(Stage.CONNECT, failure=Failure.REFUSED), False, True),
        (Exchange(Stage.BANNER, failure=Failure.GARBLED), False, True),
        (Exchange(Stage.DATA, failure=Failure.GARBLED), False, False),
        (Exchange(Stage.AUTH, failure=Failure.NO_PASSWORD), False, False),
        (Exchange(Stage.MAIL, failure=Failure.TOO_BIG), False, False),
        (Exchange(Stage.RCPT, Reply(450, ("later",), None)), False, False),
    ],
)
def test_what_may_be_its_fault(exchange: Exchange, usually: bool, unproven: bool) -> None:
    assert may_be_networks_fault(exchange) is usually
    assert may_be_networks_fault(exchange, unproven=True) is unproven


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("192.168.1.5", "192.168.1.5"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("fe80::1%eth0", ""),
        ("169.254.3.4", ""),
        ("2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::/64"),
        ("no address", ""),
    ],
)
def test_how_addresses_compare(address: str, told: str) -> None:
    assert comparable(address) == told
    assert Network(addresses=frozenset({told})).reaches(address)
    assert Network().reaches(address) is (not told)


def test_a_mark_is_alike_for_equal_networks_alone() -> None:
    several = Network("10.0.0.7", "", frozenset({"a", "b", "c"}), ("10.0.0.1", "10.0.0.2"))
    again = Network("10.0.0.7", "", frozenset({"c", "b", "a"}), ("10.0.0.1", "10.0.0.2"))
    assert several.mark == again.mark
    others = [
        Network(),
        HOME,
        MOBILE,
        NONE,
        replace(several, ipv4=""),
        replace(several, ipv6="2001:db8::/64"),
        replace(several, nameservers=("10.0.0.2", "10.0.0.1")),
        replace(several, addresses=frozenset({"a", "b"})),
    ]
    assert len({each.mark for each in (several, *others)}) == 1 + len(others)
