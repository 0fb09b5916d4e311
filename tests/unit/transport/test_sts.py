"""MTA-STS policies over time: kept, looked for again, and never lost to a host that is down (RFC 8461 5)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from desktop_relay.domain.exchange import Failure
from desktop_relay.protocol.mta_sts import KeptPolicy, StsMode, StsPolicy
from desktop_relay.transport.policy_host import PolicyUnavailable
from desktop_relay.transport.sts import LOOK_SECONDS, StsPolicies
from desktop_relay.transport.tls_memory import TlsMemory
from tests.fakes.signed_names import SignedNames, txt

RECORD = ("_mta-sts.test.example", "TXT")
WEEK = timedelta(days=7)


class Host:
    """Serves ``policy``, or is down without one; waits for ``gate`` first."""

    def __init__(self, policy: StsPolicy | None) -> None:
        self.policy = policy
        self.fetched = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def fetch(self, domain: str) -> StsPolicy:
        self.fetched += 1
        await self.gate.wait()
        if self.policy is None:
            raise PolicyUnavailable("down")
        return self.policy


class World:
    """A domain with a policy under id 1, and time that passes when told."""

    def __init__(self, *, policy_id: str | None = "1", patience: float = 1.0) -> None:
        self.at = 1000.0
        self.now = datetime(2026, 3, 1, tzinfo=UTC)
        self.host = Host(policy("mx1.example"))
        self.names = SignedNames({})
        self.memory = TlsMemory()
        self.announce(policy_id)
        self.policies = StsPolicies(
            self.names,
            self.host,
            self.memory,
            now=lambda: self.now,
            monotonic=lambda: self.at,
            patience=patience,
        )

    def announce(self, policy_id: str | None) -> None:
        self.names.records[RECORD] = [txt(f"v=STSv1; id={policy_id};")] if policy_id else []

    def later(self, by: timedelta = timedelta(seconds=LOOK_SECONDS)) -> None:
        self.at += by.total_seconds()
        self.now += by

    async def mx(self) -> tuple[str, ...] | None:
        found = await self.policies.policy_of("test.example")
        return None if found is None else found.mx


def policy(*mx: str, max_age: timedelta = WEEK) -> StsPolicy:
    return StsPolicy(StsMode.ENFORCE, mx, max_age)


async def test_fetched_once_and_kept() -> None:
    world = World()
    assert [await world.mx() for _ in range(3)] == [("mx1.example",)] * 3
    assert (world.host.fetched, len(world.names.asked)) == (1, 1)
    world.later()
    assert await world.mx() == ("mx1.example",)
    assert (world.host.fetched, len(world.names.asked)) == (1, 2)


async def test_no_record_no_policy_and_nobody_is_asked() -> None:
    world = World(policy_id=None)
    assert await world.mx() is None
    assert world.host.fetched == 0


async def test_a_new_id_means_a_new_policy() -> None:
    world = World()
    await world.mx()
    world.announce("2")
    world.host.policy = policy("mx2.example")
    assert await world.mx() == ("mx1.example",), "not looked at yet"
    world.later()
    assert await world.mx() == ("mx2.example",)


async def test_a_new_id_with_a_host_that_is_down_leaves_the_old_policy_in_force() -> None:
    world = World()
    await world.mx()
    world.announce("2")
    world.host.policy = None
    world.later()
    assert await world.mx() == ("mx1.example",)
    assert await world.mx() == ("mx1.example",)
    assert world.host.fetched == 2, "not asked again at once"
    world.later()
    world.host.policy = policy("mx2.example")
    assert await world.mx() == ("mx2.example",)


async def test_a_record_that_is_gone_or_cannot_be_had_ends_no_policy() -> None:
    world = World()
    await world.mx()
    for answer in ([], Failure.DNS_TEMPORARY):
        world.names.records[RECORD] = answer
        world.later()
        assert await world.mx() == ("mx1.example",)
    world.later(WEEK)
    assert await world.mx() is None, "its time is over"


async def test_a_host_that_is_down_before_anything_is_known() -> None:
    world = World()
    world.host.policy = None
    assert await world.mx() is None
    assert await world.mx() is None
    assert world.host.fetched == 1
    world.later()
    world.host.policy = policy("mx1.example")
    assert await world.mx() == ("mx1.example",)


async def test_renewed_long_before_its_end() -> None:
    world = World()
    await world.mx()
    world.later(timedelta(hours=25))
    world.host.policy = policy("mx9.example")
    assert await world.mx() == ("mx9.example",), "the id is the same"
    world.host.policy = None
    world.later(timedelta(days=6))
    assert await world.mx() == ("mx9.example",), "could not be renewed, and still holds"


async def test_a_short_lived_policy_is_renewed_at_half_its_time() -> None:
    world = World()
    world.host.policy = policy("mx1.example", max_age=timedelta(hours=1))
    await world.mx()
    world.later(timedelta(minutes=29))
    await world.mx()
    assert world.host.fetched == 1
    world.later(timedelta(minutes=6))
    world.host.policy = None
    assert await world.mx() == ("mx1.example",), "a host that is down at its renewal ends no policy"
    assert world.host.fetched == 2
    world.later(timedelta(minutes=26))
    assert await world.mx() is None, "its time is over"


async def test_a_policy_that_is_given_up() -> None:
    """RFC 8461 8.3: by a policy in mode none under a new id, not by taking it away."""
    world = World()
    await world.mx()
    world.announce("2")
    world.host.policy = StsPolicy(StsMode.NONE, (), WEEK)
    world.later()
    given_up = await world.policies.policy_of("test.example")
    assert given_up is not None
    assert given_up.mode is StsMode.NONE
    world.announce(None)
    world.later(timedelta(days=2))
    assert await world.mx() == ()


async def test_asked_by_many_at_once_it_is_fetched_once() -> None:
    world = World()
    found = await asyncio.gather(*(world.mx() for _ in range(20)))
    assert set(found) == {("mx1.example",)}
    assert world.host.fetched == 1


async def test_a_slow_host_is_waited_for_once_and_not_for_long() -> None:
    world = World(patience=30.0)
    world.host.gate.clear()
    first = asyncio.create_task(world.mx())
    await asyncio.sleep(0.01)
    world.at += 30.0
    async with asyncio.timeout(10.0):
        # the first one's patience is over; nobody after it begins anew
        assert [await world.mx() for _ in range(5)] == [None] * 5
    world.host.gate.set()
    assert await first == ("mx1.example",)
    assert await world.mx() == ("mx1.example",), "it came in the end"
    assert world.host.fetched == 1


async def test_closing_gives_up_what_is_looked_for() -> None:
    world = World(patience=0.01)
    world.host.gate.clear()
    assert await world.mx() is None
    await world.policies.close()
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


async def test_what_was_kept_over_a_restart_counts_at_once() -> None:
    world = World()
    world.host.policy = None
    world.memory.restore({}, {"test.example": KeptPolicy("1", policy("mx0.example"), world.now)})
    assert await world.mx() == ("mx0.example",)
    assert world.host.fetched == 0


def test_memory_of_hosts() -> None:
    memory, now = TlsMemory(), datetime(2026, 3, 1, tzinfo=UTC)
    assert not memory.was_encrypted("mx.example", now)
    memory.note_encrypted("mx.example", now)
    memory.note_encrypted("mx.example", now + timedelta(hours=1))
    assert memory.take_changes() == ({"mx.example": now}, {}), "one line a day is enough"
    assert memory.was_encrypted("mx.example", now + timedelta(days=6))
    assert not memory.was_encrypted("mx.example", now + WEEK)
    assert memory.was_encrypted("mx.example", now - timedelta(days=1)), "a clock that was set back"
    memory.note_encrypted("mx.example", now + timedelta(days=1))
    memory.give_back({"mx.example": now, "other.example": now}, {})
    changed = memory.take_changes()[0]
    assert changed == {"mx.example": now + timedelta(days=1), "other.example": now}
