"""Attempts: both families get their turn, and what leads nowhere takes none."""

from __future__ import annotations

import socket

import pytest

from desktop_relay.transport.attempts import (
    ADDRESS_LIMIT,
    LEAST_ADDRESSES,
    Attempts,
    leads_to_a_host,
    plan_attempts,
)
from desktop_relay.transport.resolver import Endpoint

FOURS = [Endpoint(f"192.0.2.{number}") for number in range(1, 8)]
SIXES = [Endpoint(f"2001:db8::{number}") for number in range(1, 8)]


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> set[socket.AddressFamily]:
    """The families that this machine knows a way to the world in."""
    known = {socket.AF_INET, socket.AF_INET6}

    class Sock:
        def __init__(self, family: socket.AddressFamily, kind: socket.SocketKind) -> None:
            self._family = family

        def __enter__(self) -> Sock:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def connect(self, address: tuple[str, int]) -> None:
            if self._family not in known:
                raise OSError("Network is unreachable")

    monkeypatch.setattr(socket, "socket", Sock)
    return known


def test_by_turns_with_ipv4_first(ways: set[socket.AddressFamily]) -> None:
    planned = plan_attempts([*FOURS, *SIXES])
    assert planned[:ADDRESS_LIMIT] == (FOURS[0], SIXES[0], FOURS[1], SIXES[1], FOURS[2])
    assert sorted(map(str, planned)) == sorted(map(str, [*FOURS, *SIXES]))
    assert plan_attempts([*SIXES, FOURS[0]])[:2] == (FOURS[0], SIXES[0])


def test_each_family_keeps_its_order(ways: set[socket.AddressFamily]) -> None:
    planned = plan_attempts([FOURS[2], SIXES[1], FOURS[0]])
    assert planned == (FOURS[2], SIXES[1], FOURS[0])


@pytest.mark.parametrize(
    ("family", "left"), [(socket.AF_INET6, tuple(FOURS)), (socket.AF_INET, tuple(SIXES))]
)
def test_a_family_without_a_way_takes_no_turn(
    ways: set[socket.AddressFamily], family: socket.AddressFamily, left: tuple[Endpoint, ...]
) -> None:
    ways.remove(family)
    assert plan_attempts([*FOURS, *SIXES]) == left


def test_the_address_we_leave_from_decides_on_the_family(ways: set[socket.AddressFamily]) -> None:
    assert plan_attempts([*FOURS, *SIXES], "198.51.100.1") == tuple(FOURS)
    assert plan_attempts([*FOURS, *SIXES], "2001:db8::ff") == tuple(SIXES)
    assert plan_attempts(FOURS, "2001:db8::ff") == tuple(FOURS)


def test_without_any_way_all_are_tried_and_tell_why(ways: set[socket.AddressFamily]) -> None:
    ways.clear()
    assert plan_attempts([FOURS[0], SIXES[0]]) == (FOURS[0], SIXES[0])
    assert plan_attempts([]) == ()


def test_the_system_knows_the_way_to_itself() -> None:
    assert plan_attempts([Endpoint("127.0.0.1", 25)]) == (Endpoint("127.0.0.1", 25),)


def test_so_many_addresses_and_no_more() -> None:
    attempts = Attempts(100.0, 60.0)
    for _ in range(ADDRESS_LIMIT):
        assert attempts.allow_another(159.0)
        attempts.made()
    assert not attempts.allow_another(159.0)


def test_when_the_time_is_up_only_the_least() -> None:
    attempts = Attempts(100.0, 60.0)
    for _ in range(LEAST_ADDRESSES):
        assert attempts.allow_another(10_000.0)
        attempts.made()
    assert attempts.allow_another(159.0)
    assert not attempts.allow_another(160.0)


@pytest.mark.parametrize(
    ("ip", "leads"),
    [
        *((ip, False) for ip in ("127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "224.0.0.1", "::1", "::")),
        *((ip, False) for ip in ("::ffff:127.0.0.1", "ff02::1")),
        *((ip, True) for ip in ("192.0.2.1", "192.168.1.5", "10.0.0.1", "2001:db8::1", "::ffff:192.0.2.1")),
    ],
)
def test_nobody_elses_server_is_on_this_machine(ip: str, leads: bool) -> None:
    assert leads_to_a_host(ip) is leads
