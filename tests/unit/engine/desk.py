"""An engine on a data directory of its own, with a fake way out and a library to send from."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from desktop_relay.domain.campaign import CampaignState, Draft, PauseReason
from desktop_relay.domain.clock import Clock
from desktop_relay.domain.command import SetLane, Status, Submit
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.network import Network
from desktop_relay.domain.progress import CampaignProgress, Progress
from desktop_relay.domain.query import LedgerQuery
from desktop_relay.domain.recipient import LedgerRow
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.domain.template import Template
from desktop_relay.engine.clock import SystemClock
from desktop_relay.engine.engine import Engine
from desktop_relay.store.contacts import insert_contact
from desktop_relay.store.database import Database, open_library, open_spool
from desktop_relay.store.drafts import insert_draft
from desktop_relay.store.identities import save_identity
from desktop_relay.store.ledger import load_ledger_rows, load_recipient_ids
from desktop_relay.store.lists import add_members, create_list
from desktop_relay.store.routes import save_route
from desktop_relay.store.spool import Spool
from desktop_relay.store.templates import save_template
from tests.fakes.clock import FakeClock
from tests.fakes.transport import FakeOutlets, RecordingWay

ROUTE = Route("account", RouteKind.SMARTHOST, "mail.example.com", 587, TlsMode.STARTTLS, max_connections=8)
DIRECT = Route("direct", RouteKind.DIRECT)
LETTER = Template("letter", "{{ name }}様へ", "", "{{ name }}様\nこんにちは。\n")
SENDER = Identity("shop@example.com", "店", postal="東京都")
_WAIT_SECONDS = 60.0

HOME = Network("192.168.1.5", "", frozenset({"192.168.1.5"}), ("192.168.1.1",))
"""The network that a desk is on until a test says otherwise."""


@dataclass
class Desk:
    """What a test needs at hand; ``engine`` is the one that runs."""

    directory: Path
    way: RecordingWay = field(default_factory=RecordingWay)
    clock: Clock = field(default_factory=SystemClock)
    make_spool: Callable[[Database], Spool] = Spool
    seen: Network = HOME
    held: int = 0
    outlets: FakeOutlets = field(init=False)
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.outlets = FakeOutlets(self.way)

    def write(
        self,
        addresses: Sequence[str],
        *,
        template: Template = LETTER,
        route: Route = ROUTE,
        fields: dict[str, str] | None = None,
    ) -> int:
        """A list of people, a template, a sender, a route and a draft; answers the draft's id."""
        now = datetime(2026, 1, 1, tzinfo=UTC)
        with open_library(self.directory) as library:
            people = create_list(library, f"people {len(addresses)} {addresses[0]}")
            values = {"name": "鈴木", "consent_at": "2026-01-01"} if fields is None else fields
            add_members(
                library,
                people,
                [insert_contact(library, a, a.lower(), False, {**values}, now) for a in addresses],
            )
            save_template(library, template, now)
            save_identity(library, SENDER)
            save_route(library, route)
            names = (f"people {len(addresses)} {addresses[0]}",)
            return insert_draft(
                library, Draft(0, "秋", template.name, SENDER.address, route.name, names), now
            )

    async def start(self) -> Engine:
        """Run an engine."""
        self.engine = Engine(
            self.directory,
            clock=self.clock,
            outlets=self.outlets,
            make_spool=self.make_spool,
            look=lambda: self.seen,
            hold=self._hold,
        )
        await self.engine.start()
        return self.engine

    def _hold(self) -> Callable[[], None]:
        self.held += 1

        def release() -> None:
            self.held -= 1

        return release

    async def restart(self) -> Engine:
        """Kill the engine as a crash would, and run another one."""
        await self.crash()
        return await self.start()

    async def crash(self) -> None:
        """Drop everything at once: nothing is settled, released or saved any more."""
        engine = self.engine
        for run in engine.moves.runs.values():
            run.sending = False
        engine.traffic.abandon()
        tasks = [*engine._tasks, *engine.traffic.feeder._tasks, *engine.moves._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        engine.shop.preparer.close()
        engine.shop.writer.close()
        engine._database.close()

    async def open_lanes(self, *lanes: str, route: str = ROUTE.name) -> None:
        """Let these lanes go as fast as they can."""
        for lane in lanes:
            await self.engine.handle(SetLane(route, lane, rate=100_000.0, connections=20))

    async def send(self, draft: int) -> int:
        """Submit."""
        return int((await self.engine.handle(Submit(draft)))["campaign"])

    async def progress(self, campaign: int) -> CampaignProgress:
        """The campaign as the engine tells it."""
        progress = (await self.engine.handle(Status()))["progress"]
        assert isinstance(progress, Progress)
        return next(c for c in progress.campaigns if c.campaign == campaign)

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for something that must come."""
        async with asyncio.timeout(_WAIT_SECONDS):
            while not true():  # noqa: ASYNC110  (what is waited for knows nothing of the test)
                await asyncio.sleep(0.002)

    async def turn_until(self, true: Callable[[], bool], step_seconds: float) -> None:
        """Turn the clock until something happens; threads get a moment of real time at each step."""
        assert isinstance(self.clock, FakeClock)
        async with asyncio.timeout(_WAIT_SECONDS):
            while not true():
                await self.clock.advance(step_seconds)
                await asyncio.sleep(0.002)

    async def until_state(self, campaign: int, state: CampaignState) -> None:
        """Wait for the campaign's state."""
        await self.until(lambda: self.engine.moves.runs[campaign].state is state)

    def pause_reason(self, campaign: int) -> PauseReason:
        """Why it is paused."""
        return self.engine.moves.runs[campaign].pause_reason

    def ledger(self, campaign: int) -> list[LedgerRow]:
        """What the ledger has, read as another process would."""
        with open_spool(self.directory) as spool:
            return load_ledger_rows(spool, load_recipient_ids(spool, LedgerQuery(campaign)))

    def states(self, campaign: int) -> Counter[str]:
        """How many recipients are in each state."""
        return Counter(row.state.value for row in self.ledger(campaign))
