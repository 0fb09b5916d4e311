"""A way out that records what was sent and answers as a test says."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.domain.reply import EnhancedStatus, Reply
from desktop_relay.domain.route import Route
from desktop_relay.engine.line import Outlet
from desktop_relay.transport.peer import Peer
from desktop_relay.transport.session import Session
from desktop_relay.transport.tls_memory import TlsMemory

Answer = Callable[[Outgoing], Exchange]

ACCEPTED = Exchange(Stage.DOT, Reply(250, ("queued",), EnhancedStatus(2, 0, 0)), host="mx.example:25")


def refused(code: int, text: str, stage: Stage = Stage.RCPT) -> Exchange:
    """A reply that is no acceptance."""
    return Exchange(stage, Reply(code, (text,), EnhancedStatus(code // 100, 0, 0)), host="mx.example:25")


def accept(message: Outgoing) -> Exchange:
    """Take everything."""
    return ACCEPTED


class RecordingSession(Session):
    """One connection of a ``RecordingWay``."""

    def __init__(self, way: RecordingWay) -> None:
        self._way = way
        self._open = True
        self.sent = 0
        self.peer = Peer("mx.example:25")

    @property
    def usable(self) -> bool:
        """Until it was closed."""
        return self._open

    def expects(self, message: Outgoing) -> bool:
        """It takes one at a time."""
        return False

    async def send(
        self, message: Outgoing, *, keep_transcript: bool = True, following: object = None
    ) -> Exchange:
        """Record it and answer."""
        way = self._way
        self.sent += 1
        way.begun.append(message.envelope.recipient)
        way.at_once += 1
        way.most_at_once = max(way.most_at_once, way.at_once)
        try:
            await way.gate.wait()
            await asyncio.sleep(way.seconds)
        finally:
            way.at_once -= 1
        exchange = way.answer(message)
        if exchange.stage is Stage.DOT and exchange.reply is not None and exchange.reply.positive:
            way.taken[message.message_id] += 1
        if exchange.failure in (Failure.CLOSED, Failure.RESET):
            self._open = False
        return exchange

    async def close(self) -> None:
        """Hang up."""
        self._open = False

    @property
    def own_address(self) -> str:
        """Nowhere."""
        return ""

    def abort(self) -> None:
        """Hang up without a word."""
        self._open = False


class RecordingWay:
    """``answer`` decides on every message; while ``gate`` is not set transactions wait in the middle.

    ``taken`` counts accepted messages by Message-ID, ``begun`` are recipients in the order they went out.
    """

    def __init__(self, answer: Answer = accept) -> None:
        self.answer = answer
        self.taken: Counter[str] = Counter()
        self.begun: list[str] = []
        self.at_once = 0
        self.most_at_once = 0
        self.opened = 0
        self.seconds = 0.0
        self.hosts: dict[str, tuple[str, ...]] = {}
        self.refusal: Exchange | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def open(self, domain: str, tls_required: bool = False) -> RecordingSession | Exchange:
        """A session, or ``refusal``."""
        self.opened += 1
        return self.refusal or RecordingSession(self)

    async def lookup_mx(self, domain: str) -> tuple[str, ...] | None:
        """What the test says."""
        return self.hosts.get(domain)

    async def key_of(self, domain: str) -> str:
        """Any session serves any domain."""
        return ""

    async def close(self) -> None:
        """Nothing to do."""


class FakeOutlets:
    """Every route leads to the same way; ``outlet`` may be told otherwise."""

    def __init__(self, way: RecordingWay) -> None:
        self.way = way
        self.opened: list[Route] = []
        self.tls = TlsMemory()
        self.change: Callable[[Outlet], Outlet] = _unchanged
        self.forgotten = 0

    async def open(self, route: Route, speed: float) -> Outlet:
        """The way."""
        self.opened.append(route)
        return self.change(Outlet(route, self.way))

    def forget_names(self) -> None:
        """There are none."""
        self.forgotten += 1

    async def close(self) -> None:
        """Nothing to do."""


def _unchanged(outlet: Outlet) -> Outlet:
    return outlet


class NamedOutlets:
    """Each of ``routes`` has a way of its own; pools know their members and direct routes their fallback."""

    def __init__(self, *routes: Route) -> None:
        self.routes = {route.name: route for route in routes}
        self.ways = {route.name: RecordingWay() for route in routes}
        self.problems: dict[str, PauseReason] = {}
        self.tls = TlsMemory()

    async def open(self, route: Route, speed: float) -> Outlet:
        """As the routes are now."""
        known = self.routes[route.name]
        members = tuple(self.routes[member.route] for member in known.members)
        fallback = self.routes.get(known.fallback)
        problem = self.problems.get(known.name, PauseReason.NONE)
        return Outlet(known, self.ways[known.name], problem, members, fallback)

    def forget_names(self) -> None:
        """There are none."""

    async def close(self) -> None:
        """Nothing to do."""
