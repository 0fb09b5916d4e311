"""All lines of the engine: made when first needed, remembered, reopened when routes change."""

from __future__ import annotations

import asyncio
from typing import Protocol

from desktop_relay.domain.campaign import CampaignSnapshot
from desktop_relay.domain.lane import LaneOverride
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.domain.usage import Elsewhere, Usage
from desktop_relay.engine.clock import ScaledClock
from desktop_relay.engine.egress import NOTHING_USED, Egress, Outlet
from desktop_relay.engine.line import ACCOUNT, Line
from desktop_relay.engine.tls_keeper import TlsKeeper
from desktop_relay.engine.workshop import Workshop
from desktop_relay.policy.profiles import Directory
from desktop_relay.policy.quota import REMEMBERED
from desktop_relay.transport.tls_memory import TlsMemory


class OpensOutlets(Protocol):
    """Where ways out come from; ``tls`` is what they remember of others' encryption."""

    tls: TlsMemory

    async def open(self, route: Route, speed: float) -> Outlet:
        """A way out for a route."""
        ...

    def forget_names(self) -> None:
        """Whatever name servers said so far is not good any more."""
        ...

    async def close(self) -> None:
        """Give up what is held."""
        ...


class Lines:
    """Lines by route and speed. Lanes of one line share their pace over all campaigns."""

    def __init__(self, outlets: OpensOutlets, shop: Workshop, directory: Directory) -> None:
        self._outlets = outlets
        self._writer = shop.writer
        self._committer = shop.committer
        self._spool = shop.spool
        self._directory = directory
        self._clock = shop.clock
        self._uplink = shop.uplink
        self._tls = TlsKeeper(shop, outlets.tls)
        self._lines: dict[tuple[str, float], Line] = {}
        self._accounts: dict[str, Egress] = {}
        self._opening = asyncio.Lock()

    def all(self) -> list[Line]:
        """Every line that was opened."""
        return list(self._lines.values())

    def of_route(self, route: str) -> list[Line]:
        """The lines of a route, one for each speed."""
        return [line for (name, _), line in self._lines.items() if name == route]

    async def line_of(self, snapshot: CampaignSnapshot) -> Line:
        """The line a campaign goes out on; raises ``StoreUnusable``, ``OSError``."""
        async with self._opening:
            return await self._line(snapshot.route, snapshot.speed)

    async def _line(self, route: Route, speed: float) -> Line:
        found = self._lines.get((route.name, speed))
        if found is None:
            found = await self._open(route, speed)
            self._lines[route.name, speed] = found
            await self._find_fallback(found)
        return found

    async def _open(self, route: Route, speed: float) -> Line:
        name = route.name
        await self._tls.load()
        outlet = await self._outlets.open(route, speed)
        overrides = await self._writer.call(self._spool.load_lane_overrides, name)
        memories = await self._writer.call(self._spool.load_lane_memory, name)
        changes = await self._writer.call(self._spool.load_pace_changes, name)
        clock = ScaledClock(self._clock, speed)
        accounts = await self._accounts_of(outlet)
        return Line(outlet, clock, self._directory, overrides, memories, changes, accounts, self._uplink)

    async def _accounts_of(self, outlet: Outlet) -> list[Egress]:
        """The accounts behind a route: shared by all lines over them, so that none is used twice over.

        A direct route is its own: what it sends is counted, too.
        """
        match outlet.route.kind:
            case RouteKind.SMARTHOST | RouteKind.DIRECT:
                return [await self._account(outlet)]
            case RouteKind.POOL:
                members = [await self._outlets.open(member, 1.0) for member in outlet.members]
                return [await self._account(member) for member in members]
            case _:
                return []

    async def _account(self, outlet: Outlet) -> Egress:
        name = outlet.route.name
        used, network = await self._used(outlet.route), self._uplink.network.mark
        found = self._accounts.get(name)
        if found is None:
            memories = await self._writer.call(self._spool.load_lane_memory, name)
            clock = ScaledClock(self._clock, 1.0)
            found = Egress(outlet, clock, memories.get(ACCOUNT), used, network)
            self._accounts[name] = found
        else:
            await found.reopen(outlet, used, network)
        return found

    async def _used(self, route: Route) -> Usage:
        """What the account took lately, where somebody has to know."""
        if route.daily_quota is None and route.hourly_quota is None and route.warmup is None:
            return NOTHING_USED
        since = self._clock.now() - REMEMBERED
        return await self._writer.call(self._spool.load_usage, route.name, since)

    async def _find_fallback(self, line: Line) -> None:
        line.fallback = None if line.other is None else await self._line(line.other, 1.0)

    async def reopen(self) -> None:
        """Routes, passwords or settings changed: every line gets a new way, its lanes keep their standing."""
        async with self._opening:
            # all at once: hanging up on a dead server takes its time
            await asyncio.gather(*(self._reopen(line) for line in self.all()))
            for line in self.all():
                await self._find_fallback(line)

    async def rename(self, route: str, name: str) -> None:
        """What is kept of a route goes on under a new name. Nothing goes over it now; it opens anew."""
        async with self._opening:
            await self.save(everything=True)
            for key, line in list(self._lines.items()):
                if route in (line.route.name, *line.route.named):
                    del self._lines[key]
            account = self._accounts.pop(route, None)
            if account is not None:
                await account.pool.close()
            await self._committer.flush()
            await self._writer.call(self._spool.rename_route, route, name)

    async def renew(self) -> None:
        """The machine is on another network, or may be: nothing that was found over the old one is kept."""
        for egress in self._egresses():
            egress.pool.drop(self._uplink.network)
        self._outlets.forget_names()
        await self.reopen()

    def call_off(self) -> None:
        """The engine ends: nobody waits for a session that is still being opened."""
        for egress in self._egresses():
            egress.pool.call_off()

    async def _reopen(self, line: Line) -> None:
        outlet = await self._outlets.open(line.route, line.speed)
        accounts = await self._accounts_of(outlet)
        for account in accounts:
            account.forgive()
        await line.reopen(outlet, accounts)

    def _egresses(self) -> set[Egress]:
        """Those of lines, and accounts that no line needs at present."""
        return {*self._accounts.values(), *(egress for line in self.all() for egress in line.egresses)}

    async def count_elsewhere(self, account: str, elsewhere: Elsewhere) -> None:
        """Other programs sent so many over an account, for now and for the next engine."""
        await self._writer.call(self._spool.save_elsewhere, account, elsewhere)
        for egress in self._egresses():
            if egress.name == account:
                egress.allowance.count_elsewhere(elsewhere)

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
            # the way that attempts go, so that nothing older is written over it
            memories = line.memories(everything=everything)
            self._committer.remember({(line.route.name, lane): memories[lane] for lane in memories})
            changes = line.pace_changes()
            if changes:
                await self._writer.call(self._spool.save_pace_changes, line.route.name, changes)
        await self._tls.save()
        for egress in self._egresses():
            memory = egress.memory(everything=everything)
            if memory is not None:
                self._committer.remember({(egress.name, ACCOUNT): memory})
        await self._committer.flush()

    async def close(self) -> None:
        """Hang up everywhere."""
        for egress in self._egresses():
            await egress.pool.close()
        await self._outlets.close()
