"""An engine in this process, its connections real, its clock and its correspondents the scenario's."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.engine.engine import Engine
from desktop_relay.engine.line import Outlet
from desktop_relay.transport.resolver import DnsResolver, Resolver
from desktop_relay.transport.timeouts import Timeouts
from desktop_relay.transport.tls_memory import TlsMemory
from desktop_relay.transport.ways import way_of_route
from tests.fakes.clock import FakeClock
from tests.fakes.table_resolver import TableResolver
from tests.scenarios.receiver import Receiver
from tests.unit.engine.desk import Desk

IMPATIENT = Timeouts(
    connect=1.0,
    banner=0.6,
    ehlo=0.6,
    starttls=0.6,
    auth=0.6,
    mail=0.6,
    rcpt=0.6,
    data=0.6,
    block=0.6,
    dot=0.6,
    rset=0.6,
    quit=0.1,
)
"""What takes minutes in life; only what never comes is waited for that long."""

LANE = "lane0.example"
_SETTLED = frozenset(
    {"accepted", "bounced", "deferred", "unknown", "held", "suppressed", "expired", "cancelled"}
)


def account(port: int, *, user: str = "", tls: TlsMode = TlsMode.NONE, connections: int = 4) -> Route:
    """An account on a receiver."""
    return Route(
        "account", RouteKind.SMARTHOST, "127.0.0.1", port, tls, user=user, max_connections=connections
    )


STRAIGHT = Route("straight", RouteKind.DIRECT)
"""To the recipients' own servers."""


class Network:
    """Ways out over real connections: ``resolver`` and ``nameserver`` decide where a direct route leads.

    ``fallback`` is what direct routes have for one.
    """

    def __init__(self) -> None:
        self.opened = 0
        self.forgotten = 0
        self.tls = TlsMemory()
        self.password: str | None = None
        self.resolver: Resolver = TableResolver({})
        self.nameserver = ""
        self.fallback: Route | None = None
        self.port = 25
        self.ca_file: str | None = None
        self.timeouts = IMPATIENT

    async def open(self, route: Route, speed: float) -> Outlet:
        """The way of a route."""
        self.opened += 1
        direct = route.kind is RouteKind.DIRECT
        way = way_of_route(
            route,
            password=self.password,
            resolver=self._resolver() if direct else None,
            ca_file=self.ca_file,
            ehlo_name="pc.example",
            direct_port=self.port,
            timeouts=self.timeouts,
        )
        missing = bool(route.user) and self.password is None
        problem = PauseReason.PASSWORD_MISSING if missing else PauseReason.NONE
        return Outlet(route, way, problem, fallback=self.fallback if direct else None)

    def forget_names(self) -> None:
        """Every way has a resolver of its own."""
        self.forgotten += 1

    async def close(self) -> None:
        """Nothing is held."""

    def _resolver(self) -> Resolver:
        return DnsResolver((self.nameserver,), timeout=0.4) if self.nameserver else self.resolver


@dataclass
class Scene(Desk):
    """A desk whose mail goes over loopback connections."""

    network: Network = field(default_factory=Network)
    over: bool = False

    def __post_init__(self) -> None:
        self.outlets = self.network  # type: ignore[assignment]

    async def submit(
        self, addresses: Sequence[str], route: Route, *lanes: str, rate: float | None = 100_000.0
    ) -> int:
        """Write and send; the lanes named go as fast as they can."""
        draft = self.write(addresses, route=route)
        if rate is not None:
            await self.open_lanes(*(lanes or (LANE,)), route=route.name)
        return await self.send(draft)

    async def settled(self, campaign: int) -> None:
        """Wait until everybody was tried."""
        true = self._all_tried(campaign)
        if isinstance(self.clock, FakeClock):
            await self.turn_until(true, 0.05)
        else:
            await self.until(true)

    def _all_tried(self, campaign: int) -> Callable[[], bool]:
        def true() -> bool:
            run = self.engine.moves.runs[campaign]
            return not run.in_flight and set(self.states(campaign)) <= _SETTLED

        return true

    def outcomes(self, campaign: int) -> dict[str, tuple[str, str]]:
        """State and reason by the name before the @."""
        rows = self.ledger(campaign)
        return {row.address.partition("@")[0]: (row.state.value, row.reason.value) for row in rows}

    async def check(self, campaign: int, states: Mapping[str, int], *receivers: Receiver) -> None:
        """Ledger, counters and what was received agree, and nobody received anything twice."""
        await self.engine.shop.committer.flush()
        assert self.states(campaign) == Counter(states)
        counts = (await self.progress(campaign)).counts
        told = {name: getattr(counts, name) for name in states}
        assert told == dict(states)
        assert counts.total == sum(states.values())
        self.check_received(campaign, *receivers)

    def check_received(self, campaign: int, *receivers: Receiver) -> None:
        """Accepted is what was taken; only what is in doubt may have been taken besides."""
        seen = sum((receiver.taken for receiver in receivers), Counter[str]())
        ledger = self.ledger(campaign)
        ours = {row.message_id for row in ledger}
        accepted = {row.message_id for row in ledger if row.state == "accepted"}
        doubtful = {row.message_id for row in ledger if row.state in ("unknown", "in_flight")}
        taken = {number for number in seen if number in ours}
        assert accepted <= taken
        assert taken <= accepted | doubtful
        assert all(seen[number] == 1 for number in taken), "nobody receives anything twice"

    async def stop(self, *, drain: bool) -> None:
        """End the engine, as a part of the scenario."""
        self.over = True
        await self.engine.stop(drain=drain)

    async def start(self) -> Engine:
        """Run an engine, the first or the next one."""
        self.over = False
        return await super().start()

    async def end(self) -> None:
        """Stop the engine, unless the scenario did."""
        if not self.over:
            await self.stop(drain=False)

    async def until_paused(self, campaign: int) -> PauseReason:
        """Wait for a pause; answers why."""
        await self.until_state(campaign, CampaignState.PAUSED)
        return self.pause_reason(campaign)


async def waited(seconds: float) -> None:
    """Real time in which something must not happen."""
    await asyncio.sleep(seconds)
