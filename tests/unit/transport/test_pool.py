"""The pool: sessions are kept while they are worth it, counted by lane, and never outlive it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.lane import LaneLimits
from desktop_relay.domain.network import Network
from desktop_relay.domain.outgoing import Envelope, Outgoing
from desktop_relay.policy.network import may_be_networks_fault
from desktop_relay.transport.connect import Terms, open_session
from desktop_relay.transport.pool import Pool
from desktop_relay.transport.security import Security
from desktop_relay.transport.session import Session
from tests.fakes.patience import eventually
from tests.fakes.smtp_server import ScriptedSmtpServer

MAIL = Outgoing(
    Envelope("news@shop.example", "anna@test.example"), b"Subject: x\r\n\r\nx\r\n", "<1@shop.example>"
)
LIMITS = LaneLimits(messages_per_connection=3, session_seconds=100.0, idle_seconds=5.0)
PATIENT = (
    """
S: 220 mx.example ESMTP
C: EHLO *
S: 250-mx.example
S: 250-LIMITS MAILMAX={most}
S: 250 PIPELINING
"""
    + """
C: MAIL FROM:*
C: RCPT TO:*
C: DATA
R: 250 Ok\\r\\n250 Ok\\r\\n354 go\\r\\n
!body
S: 250 taken
"""
    * 10
)


class HandClock:
    """Time goes on only by ``pass_by``."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        self._sleepers.append((self.seconds + seconds, event))
        await event.wait()

    async def pass_by(self, seconds: float) -> None:
        end = self.seconds + seconds
        while self.seconds < end:
            self.seconds = min(self.seconds + 0.5, end)
            due = [sleeper for sleeper in self._sleepers if sleeper[0] <= self.seconds]
            self._sleepers = [sleeper for sleeper in self._sleepers if sleeper not in due]
            for _, event in due:
                event.set()
            for _ in range(3):
                await asyncio.sleep(0)


class LoopbackWay:
    """Sessions with one server; domains that end alike share them. Fails while ``failure`` is set."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.failure: Failure | None = None
        self.closed = False

    async def open(self, domain: str, tls_required: bool = False) -> Session | Exchange:
        if self.failure is not None:
            return Exchange(Stage.CONNECT, failure=self.failure)
        return await open_session(
            "mx.example", "127.0.0.1", self.port, Terms(Security.NONE, ehlo_name="pc.example")
        )

    async def lookup_mx(self, domain: str) -> tuple[str, ...] | None:
        return None

    async def key_of(self, domain: str) -> str:
        return domain.rpartition(".")[2]

    async def close(self) -> None:
        self.closed = True


class Setting:
    """A server, a way to it, a clock and the pool."""

    def __init__(self, most: int = 1000) -> None:
        self.server = ScriptedSmtpServer(PATIENT.replace("{most}", str(most)))
        self.clock = HandClock()

    async def __aenter__(self) -> Setting:
        await self.server.__aenter__()
        self.way = LoopbackWay(self.server.port)
        self.pool = Pool(self.way, self.clock)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        async with asyncio.timeout(5):
            await self.pool.close()
        assert self.way.closed
        await self.server.__aexit__(None, None, None)

    async def acquire(
        self, lane: str, domain: str, *, at_most: int | None = None, tls: bool = False
    ) -> Session:
        session = await self.pool.acquire(lane, domain, tls, at_most=at_most)
        assert isinstance(session, Session)
        return session


async def test_a_released_session_is_used_again() -> None:
    async with Setting() as it:
        first = await it.acquire("lane", "a.one")
        assert (it.pool.opened("lane"), it.pool.active("lane")) == (1, 1)
        it.pool.release("lane", first, LIMITS)
        assert (it.pool.opened("lane"), it.pool.active("lane")) == (1, 0)
        second = await it.acquire("lane", "b.one")
        assert second is first
        it.pool.release("lane", second, LIMITS)
        assert it.server.connections == 1


async def test_sessions_serve_only_what_they_were_opened_for() -> None:
    async with Setting() as it:
        first = await it.acquire("lane", "a.one")
        it.pool.release("lane", first, LIMITS)
        second = await it.acquire("lane", "a.two")
        assert second is not first
        assert it.pool.opened("lane") == 2
        it.pool.release("lane", second, LIMITS)


async def test_at_most_closes_idle_ones_first() -> None:
    async with Setting() as it:
        first = await it.acquire("lane", "a.one")
        it.pool.release("lane", first, LIMITS)
        second = await it.acquire("lane", "a.two", at_most=1)
        assert it.pool.opened("lane") == 1
        assert not first.usable
        it.pool.release("lane", second, LIMITS)


async def test_a_session_moves_to_another_lane() -> None:
    async with Setting() as it:
        session = await it.acquire("one", "a.x")
        it.pool.release("one", session, LIMITS)
        assert await it.acquire("two", "b.x") is session
        assert (it.pool.opened("one"), it.pool.opened("two")) == (0, 1)
        it.pool.release("two", session, LIMITS)
        assert (it.pool.opened("one"), it.pool.opened("two")) == (0, 1)


async def test_plain_sessions_do_not_serve_where_tls_is_required() -> None:
    async with Setting() as it:
        plain = await it.acquire("lane", "a.one")
        it.pool.release("lane", plain, LIMITS)
        other = await it.acquire("lane", "a.one", tls=True)
        assert other is not plain
        it.pool.release("lane", other, LIMITS)


async def test_messages_per_connection() -> None:
    async with Setting() as it:
        session = await it.acquire("lane", "a.one")
        for _ in range(3):
            await session.send(MAIL)
        it.pool.release("lane", session, LIMITS)
        assert it.pool.opened("lane") == 0


async def test_the_servers_own_limit_counts() -> None:
    async with Setting(most=1) as it:
        session = await it.acquire("lane", "a.one")
        await session.send(MAIL)
        it.pool.release("lane", session, LIMITS)
        assert it.pool.opened("lane") == 0


async def test_session_seconds() -> None:
    async with Setting() as it:
        session = await it.acquire("lane", "a.one")
        await it.clock.pass_by(101)
        it.pool.release("lane", session, LIMITS)
        assert it.pool.opened("lane") == 0


async def test_idle_seconds() -> None:
    async with Setting() as it:
        session = await it.acquire("lane", "a.one")
        it.pool.release("lane", session, LIMITS)
        await it.clock.pass_by(4)
        assert it.pool.opened("lane") == 1
        await it.clock.pass_by(2)
        assert it.pool.opened("lane") == 0
        assert not session.usable


async def test_short_idle_times_are_kept_beside_long_ones() -> None:
    async with Setting() as it:
        patient, hasty = await it.acquire("patient", "a.one"), await it.acquire("hasty", "a.two")
        it.pool.release("patient", patient, LaneLimits(idle_seconds=60))
        await it.clock.pass_by(1)
        it.pool.release("hasty", hasty, LaneLimits(idle_seconds=2))
        await it.clock.pass_by(4)
        assert (it.pool.opened("patient"), it.pool.opened("hasty")) == (1, 0)


async def test_idle_sessions_that_the_server_ended_are_not_counted_for_long() -> None:
    async with Setting() as it:
        session = await it.acquire("lane", "a.one")
        it.pool.release("lane", session, LIMITS)
        await it.server.__aexit__(None, None, None)
        await eventually(lambda: not session.usable)
        await it.clock.pass_by(1.5)
        assert it.pool.opened("lane") == 0


async def test_no_idle_seconds_means_no_keeping() -> None:
    async with Setting() as it:
        session = await it.acquire("lane", "a.one")
        it.pool.release("lane", session, LaneLimits(idle_seconds=0))
        assert it.pool.opened("lane") == 0


async def test_failures_are_not_counted() -> None:
    async with Setting() as it:
        it.way.failure = Failure.REFUSED
        result = await it.pool.acquire("lane", "a.one")
        assert isinstance(result, Exchange)
        assert it.pool.opened("lane") == 0


async def test_shrink() -> None:
    async with Setting() as it:
        sessions = [await it.acquire("lane", "a.one") for _ in range(3)]
        for session in sessions[:2]:
            it.pool.release("lane", session, LIMITS)
        await it.pool.shrink("lane", 2)
        assert it.pool.opened("lane") == 2
        await it.pool.shrink("lane", 0)
        assert (it.pool.opened("lane"), it.pool.active("lane")) == (1, 1)
        it.pool.release("lane", sessions[2], LIMITS)


async def test_closing_ends_idle_ones_and_those_released_later() -> None:
    async with Setting() as it:
        idle, busy = await it.acquire("lane", "a.one"), await it.acquire("lane", "a.one")
        it.pool.release("lane", idle, LIMITS)
        await it.pool.close()
        assert not idle.usable
        assert busy.usable
        it.pool.release("lane", busy, LIMITS)
        assert it.pool.opened("lane") == 0


async def test_on_another_network_what_is_idle_is_dropped_and_what_nobody_can_answer() -> None:
    async with Setting() as it:
        idle, busy = await it.acquire("lane", "a.one"), await it.acquire("lane", "a.one")
        it.pool.release("lane", idle, LIMITS)
        it.pool.drop(Network())
        assert it.pool.opened("lane") == 1
        assert not idle.usable
        assert busy.usable, "the loopback's address is never lost"
        it.pool.release("lane", busy, LIMITS)
        assert it.pool.opened("lane") == 1


async def test_on_another_network_what_is_being_opened_does_not_wait_for_the_old_one() -> None:
    async with ScriptedSmtpServer("!hang") as server:
        pool = Pool(LoopbackWay(server.port), HandClock())
        opening = asyncio.create_task(pool.acquire("lane", "a.one"))
        await eventually(lambda: server.connections == 1)
        pool.drop(Network())
        pool.drop(Network())
        exchange = await asyncio.wait_for(opening, 5)
        assert isinstance(exchange, Exchange)
        assert (exchange.stage, exchange.failure) == (Stage.CONNECT, Failure.CLOSED)
        assert may_be_networks_fault(exchange)
        assert pool.opened("lane") == 0
        await pool.close()


async def test_called_off_nobody_waits_for_a_new_session() -> None:
    async with ScriptedSmtpServer("!hang") as server:
        pool = Pool(LoopbackWay(server.port), HandClock())
        opening = asyncio.create_task(pool.acquire("lane", "a.one"))
        await eventually(lambda: server.connections == 1)
        pool.call_off()
        assert await asyncio.wait_for(opening, 5) == 0.0
        assert await asyncio.wait_for(pool.acquire("lane", "a.one"), 5) == 0.0
        assert pool.opened("lane") == 0
        await pool.close()


async def test_cancelled_acquire_is_not_counted() -> None:
    async with ScriptedSmtpServer("!hang") as server:
        pool = Pool(LoopbackWay(server.port), HandClock())
        task = asyncio.create_task(pool.acquire("lane", "a.one"))
        await eventually(lambda: server.connections == 1)
        assert pool.opened("lane") == 1
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert pool.opened("lane") == 0
        await pool.close()


async def test_a_session_is_opened_only_with_a_permit_and_a_kept_one_needs_none() -> None:
    async with Setting() as it:
        asked: list[float] = [0.0, 7.5]
        first = await it.pool.acquire("lane", "a.one", permit=lambda: asked.pop(0))
        assert isinstance(first, Session)
        assert await it.pool.acquire("lane", "a.one", permit=lambda: asked.pop(0)) == 7.5
        assert (it.pool.active("lane"), it.server.connections) == (1, 1)
        it.pool.release("lane", first, LIMITS)
        assert await it.pool.acquire("lane", "a.one", permit=lambda: asked.pop(0)) is first
        it.pool.release("lane", first, LIMITS)


async def test_an_idle_session_is_claimed_once_and_only_for_mail_that_it_is_known_to_take() -> None:
    async with Setting() as it:
        session = await it.acquire("lane", "a.one")
        assert not it.pool.has_idle("lane", "a.one")
        it.pool.release("lane", session, LIMITS)
        assert [it.pool.has_idle("lane", domain) for domain in ("a.one", "never.seen")] == [True, False]
        assert it.pool.claim("lane", "never.seen") is None
        assert it.pool.claim("lane", "a.one") is session
        assert it.pool.claim("lane", "a.one") is None
        assert it.pool.active("lane") == 1
        it.pool.release("lane", session, LIMITS)
