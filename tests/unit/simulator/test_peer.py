"""A carrier in virtual time says what its server on a socket says, and counts connections as it does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from desktop_relay.domain.exchange import Failure, Stage
from desktop_relay.domain.lane import LaneLimits
from desktop_relay.simulator.peer import Attempt, Peer, Timing
from desktop_relay.simulator.trouble import Trouble, TroubleKind

from .worlds import CARRIERS

LIMITS = LaneLimits(messages_per_connection=3, idle_seconds=5.0)


def peer_of(domain: str, *troubles: Trouble, **limits: Any) -> Peer:
    carrier = CARRIERS.of_domain(domain)
    carrier = replace(carrier, limits=replace(carrier.limits, **limits))
    return Peer(carrier, seed=1, timing=Timing(), troubles=troubles, draw=lambda: 0.5)


def attempt(peer: Peer, address: str, at: float = 0.0, key: str = "mx") -> Attempt:
    found = peer.attempt(address, address.rpartition("@")[2], key, at, lambda: 0.0)
    assert isinstance(found, Attempt)
    return found


@pytest.mark.parametrize(
    ("address", "stage", "code", "failure"),
    [
        ("fate-accept.1@docomo.ne.jp", Stage.DOT, 250, None),
        ("fate-unknown_user.1@docomo.ne.jp", Stage.RCPT, 550, None),
        ("fate-mailbox_full.1@docomo.ne.jp", Stage.DOT, 552, None),
        ("fate-unknown_user.1@yahoo.co.jp", Stage.DOT, 554, None),
        ("fate-greylist.1@nifty.com", Stage.RCPT, 450, None),
        ("fate-reset.1@au.com", Stage.RCPT, None, Failure.RESET),
        ("fate-drop_taken.1@au.com", Stage.DOT, None, Failure.CLOSED),
    ],
)
def test_fates_show_where_they_do_on_the_wire(
    address: str, stage: Stage, code: int | None, failure: Failure | None
) -> None:
    exchange = attempt(peer_of(address.rpartition("@")[2]), address).exchange
    assert (exchange.stage, exchange.reply and exchange.reply.code, exchange.failure) == (
        stage,
        code,
        failure,
    )


def test_a_connection_is_used_again_until_its_share_is_sent() -> None:
    peer = peer_of("docomo.ne.jp", connections=1)
    opened = set()
    for number in range(6):
        found = attempt(peer, f"fate-accept.{number}@docomo.ne.jp", float(number))
        assert found.link is not None
        opened.add(found.link.opened_at)
        peer.release(found.link, LIMITS, float(number))
    assert opened == {0.0, 3.0}


def test_an_idle_connection_ends_and_makes_room() -> None:
    peer = peer_of("docomo.ne.jp", connections=1)
    first = attempt(peer, "fate-accept.1@docomo.ne.jp")
    assert attempt(peer, "fate-accept.2@docomo.ne.jp").exchange.stage is Stage.BANNER
    assert first.link is not None
    peer.release(first.link, LIMITS, 1.0)
    other = attempt(peer, "fate-accept.3@docomo.ne.jp", 7.0, "other mx")
    assert other.exchange.stage is Stage.DOT


def test_a_dead_session_is_replaced_unseen() -> None:
    peer = peer_of("au.com", messages_per_session=1)
    first = attempt(peer, "fate-accept.1@au.com")
    assert first.link is not None
    peer.release(first.link, LIMITS, 1.0)
    again = attempt(peer, "fate-accept.2@au.com", 2.0)
    assert (again.exchange.stage, again.link and again.link.opened_at) == (Stage.DOT, 2.0)


@pytest.mark.parametrize(
    ("kind", "domain", "stage", "failure"),
    [
        (TroubleKind.DEAD, "docomo.ne.jp", Stage.CONNECT, Failure.TIMEOUT),
        (TroubleKind.BLOCKED, "au.com", Stage.BANNER, Failure.RESET),
        (TroubleKind.BLOCKED, "docomo.ne.jp", Stage.BANNER, None),
    ],
)
def test_trouble(kind: TroubleKind, domain: str, stage: Stage, failure: Failure | None) -> None:
    peer = peer_of(domain, Trouble("any", kind, 10.0, 20.0))
    address = f"fate-accept.1@{domain}"
    found = [attempt(peer, address, at).exchange for at in (0.0, 10.0, 20.0)]
    assert [(exchange.stage, exchange.failure) for exchange in found] == [
        (Stage.DOT, None),
        (stage, failure),
        (Stage.DOT, None),
    ]


def test_a_tarpit_answers_late() -> None:
    peer = peer_of("docomo.ne.jp", Trouble("any", TroubleKind.TARPIT, seconds=100.0))
    found = attempt(peer, "fate-accept.1@docomo.ne.jp")
    assert (found.exchange.stage, found.seconds > 100.0) == (Stage.DOT, True)


def test_only_a_new_connection_needs_a_permit() -> None:
    peer = peer_of("docomo.ne.jp")
    first = attempt(peer, "fate-accept.1@docomo.ne.jp")
    assert peer.attempt("fate-accept.2@docomo.ne.jp", "docomo.ne.jp", "mx", 0.5, lambda: 7.0) == 1.0
    assert first.link is not None
    peer.release(first.link, LIMITS, 1.0)
    found = peer.attempt("fate-accept.2@docomo.ne.jp", "docomo.ne.jp", "mx", 1.5, lambda: 7.0)
    assert isinstance(found, Attempt)
    assert found.link is first.link
