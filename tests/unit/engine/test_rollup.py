"""Lanes of domains: by name, by hosts, and on their own where nobody knows."""

from __future__ import annotations

import asyncio

import pytest

from desktop_relay.engine import rollup
from desktop_relay.engine.engine import load_carriers
from desktop_relay.engine.rollup import FAILURES_IN_A_ROW, LOOKUPS_AT_ONCE, plan_lanes
from tests.fakes.transport import RecordingWay

CARRIERS = load_carriers()


class SlowWay(RecordingWay):
    """Answers for ``slow.example`` only after the test has lost patience."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.asking = 0
        self.most = 0

    async def lookup_mx(self, domain: str) -> tuple[str, ...] | None:
        self.asked.append(domain)
        self.asking += 1
        self.most = max(self.most, self.asking)
        try:
            await asyncio.sleep(600 if domain == "slow.example" else 0)
        finally:
            self.asking -= 1
        return ("mx.host.example",)


async def test_names_that_decide_are_not_looked_up() -> None:
    way = SlowWay()
    lanes = await plan_lanes(["docomo.ne.jp", "shop.example", "docomo.ne.jp"], CARRIERS, way)
    assert lanes == {"docomo.ne.jp": "docomo", "shop.example": "mx:host.example"}
    assert way.asked == ["shop.example"]


async def test_one_slow_domain_holds_up_nobody() -> None:
    way = SlowWay()
    domains = [f"shop{n}.example" for n in range(500)]
    lanes = await plan_lanes([*domains, "slow.example"], CARRIERS, way, seconds=0.5)
    assert lanes["slow.example"] == "slow.example"
    assert {lanes[domain] for domain in domains} == {"mx:host.example"}
    assert way.most <= LOOKUPS_AT_ONCE


async def test_nothing_to_look_up() -> None:
    assert await plan_lanes([], CARRIERS, RecordingWay()) == {}


class DeadWay(RecordingWay):
    """No name server there: each question waits in vain, or fails at once."""

    def __init__(self, *, at_once: bool) -> None:
        super().__init__()
        self.asked = 0
        self._at_once = at_once

    async def lookup_mx(self, domain: str) -> tuple[str, ...] | None:
        self.asked += 1
        await asyncio.sleep(0 if self._at_once else 600)
        return None


async def test_without_any_answer_nobody_waits_for_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollup, "FIRST_ANSWER_SECONDS", 0.05)
    domains = [f"shop{n}.example" for n in range(500)]
    async with asyncio.timeout(rollup.LOOKUP_SECONDS / 2):
        lanes = await plan_lanes(domains, CARRIERS, DeadWay(at_once=False))
    assert lanes == {domain: domain for domain in domains}


async def test_failures_in_a_row_end_the_asking() -> None:
    way = DeadWay(at_once=True)
    await plan_lanes([f"shop{n}.example" for n in range(5000)], CARRIERS, way)
    assert way.asked < FAILURES_IN_A_ROW + LOOKUPS_AT_ONCE
