"""All lines of the engine: made when first needed, remembered, reopened when routes change."""

from __future__ import annotations

import asyncio
from typing import Protocol

from desktop_relay.domain.campaign import CampaignSnapshot
from desktop_relay.domain.lane import LaneOverride
from desktop_relay.domain.route import Route
from desktop_relay.engine.clock import ScaledClock
from desktop_relay.engine.line import Line, Outlet
from desktop_relay.engine.workshop import Workshop
from desktop_relay.policy.profiles import Directory


class OpensOutlets(Protocol):
    """Where ways out come from."""

    async def open(self, route: Route, speed: float) -> Outlet:
        """A way out for a route."""
        ...

    async def close(self) -> None:
        """Give up what is held."""
        ...


class Lines:
    """Lines by route and speed. Lanes of one line share their pace over all campaigns."""

    def __init__(self, outlets: OpensOutlets, shop: Workshop, directory: Directory) -> None:
        self._outlets = outlets
        self._writer = shop.writer
        self._spool = shop.spool
        self._directory = directory
        self._clock = shop.clock
        self._lines: dict[tuple[str, float], Line] = {}
        self._opening = asyncio.Lock()

    def all(self) -> list[Line]:
        """Every line that was opened."""
        return list(self._lines.values())

    def of_route(self, route: str) -> list[Line]:
        """The lines of a route, one for each speed."""
        return [line for (name, _), line in self._lines.items() if name == route]

    async def line_of(self, snapshot: CampaignSnapshot) -> Line:
        """The line a campaign goes out on; raises ``StoreUnusable``, ``OSError``."""
        key = (snapshot.route.name, snapshot.speed)
        async with self._opening:
            found = self._lines.get(key)
            if found is None:
                found = self._lines[key] = await self._open(snapshot)
        return found

    async def _open(self, snapshot: CampaignSnapshot) -> Line:
        name = snapshot.route.name
        outlet = await self._outlets.open(snapshot.route, snapshot.speed)
        overrides = await self._writer.call(self._spool.load_lane_overrides, name)
        memories = await self._writer.call(self._spool.load_lane_memory, name)
        clock = ScaledClock(self._clock, snapshot.speed)
        return Line(outlet, clock, self._directory, overrides, memories)

    async def reopen(self) -> None:
        """Routes, passwords or settings changed: every line gets a new way, its lanes keep their standing."""
        async with self._opening:
            for line in self.all():
                await line.reopen(await self._outlets.open(line.route, line.speed))

    async def override(self, route: str, lane: str, override: LaneOverride) -> None:
        """Set a lane of a route, now and for the next engine."""
        kept = None if override == LaneOverride() else override
        await self._writer.call(self._spool.save_lane_override, route, lane, kept)
        for line in self.of_route(route):
            line.override(lane, override)

    async def override_of(self, route: str, lane: str) -> LaneOverride:
        """What is set on a lane now."""
        overrides = await self._writer.call(self._spool.load_lane_overrides, route)
        return overrides.get(lane, LaneOverride())

    async def save(self, *, everything: bool = False) -> None:
        """Keep what lanes learned since the last time; raises ``StoreUnusable``."""
        for line in self.all():
            memories = line.memories(everything=everything)
            if memories:
                await self._writer.call(self._spool.save_lane_memory, line.route.name, memories)

    async def close(self) -> None:
        """Hang up everywhere."""
        for line in self.all():
            await line.pool.close()
        await self._outlets.close()
