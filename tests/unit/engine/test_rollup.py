"""Lanes of domains: by name, by hosts, and on their own where nobody knows."""

from __future__ import annotations

import asyncio

from desktop_relay.engine.engine import load_carriers
from desktop_relay.engine.rollup import LOOKUPS_AT_ONCE, plan_lanes
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
