"""Open sessions of one route: kept while they are worth it, counted by lane."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from desktop_relay.domain.clock import Clock
from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.lane import LaneLimits
from desktop_relay.domain.network import Network
from desktop_relay.transport.session import Session
from desktop_relay.transport.ways import Way

_LOOK_SECONDS = 1.0
"""Idle sessions are looked at so often: one that came later may have less time."""


@dataclass(frozen=True, slots=True)
class _Idle:
    session: Session
    lane: str
    key: str
    until: float


class Pool:
    """Hands out sessions of a ``Way`` and takes them back.

    It opens exactly what is asked for: how many may be open at once is the governor's decision, which
    the caller has in hand. Every acquired session must be released. Times are of ``clock.monotonic``.
    """

    def __init__(self, way: Way, clock: Clock) -> None:
        self._way = way
        self._clock = clock
        self._idle: list[_Idle] = []
        self._active: Counter[str] = Counter()
        self._keys: dict[Session, tuple[str, float]] = {}
        self._known: dict[str, str] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._openings: set[asyncio.Timeout] = set()
        self._called_off = False
        self._reaper: asyncio.Task[None] | None = None
        self._closed = False

    def opened(self, lane: str) -> int:
        """Connections of ``lane`` that are open or being opened, at work or idle."""
        return self._active[lane] + sum(1 for idle in self._idle if idle.lane == lane)

    def active(self, lane: str) -> int:
        """Connections of ``lane`` at work or being opened."""
        return self._active[lane]

    async def acquire(
        self,
        lane: str,
        domain: str,
        tls_required: bool = False,
        *,
        at_most: int | None = None,
        permit: Callable[[], float] | None = None,
    ) -> Session | Exchange | float:
        """A session for mail to ``domain``: an idle one that serves it, or a new one.

        With ``at_most``, idle sessions of ``lane`` that do not serve are closed first, so that the new
        one does not make more than that. ``permit`` is asked before a session is opened and answers 0.0, or
        for how many seconds to wait; then that is the answer. Raises only ``CancelledError``.
        """
        key = self._known[domain] = await self._way.key_of(domain)
        kept = self._take_idle(lane, key, tls_required)
        if kept is not None:
            self._active[lane] += 1
            return kept
        if permit is not None and (wait := permit()) > 0:
            return wait
        self._active[lane] += 1
        result: Session | Exchange | float | None = None
        try:
            if at_most is not None:
                await self.shrink(lane, at_most)
            result = await self._open(domain, tls_required)
        finally:
            if isinstance(result, Session):
                self._keys[result] = (key, self._clock.monotonic())
            else:
                self._active[lane] -= 1
        return result

    def has_idle(self, lane: str, domain: str, tls_required: bool = False) -> bool:
        """Whether ``claim`` would find a session."""
        return self._find_idle(lane, self._known.get(domain), tls_required) is not None

    def claim(self, lane: str, domain: str, tls_required: bool = False) -> Session | None:
        """An idle session for mail to ``domain``, as far as is known whose mail it takes; to be released."""
        session = self._take_idle(lane, self._known.get(domain), tls_required)
        if session is not None:
            self._active[lane] += 1
        return session

    def release(self, lane: str, session: Session, limits: LaneLimits) -> None:
        """Give a session back; it is kept idle while ``limits`` allow, else closed in the background."""
        self._active[lane] -= 1
        key, opened_at = self._keys[session]
        now = self._clock.monotonic()
        if self._closed or not _worth_keeping(session, now - opened_at, limits):
            self._discard(session)
            return
        self._idle.append(_Idle(session, lane, key, now + limits.idle_seconds))
        if self._reaper is None or self._reaper.done():
            self._reaper = asyncio.create_task(self._reap())

    def serves_another(self, session: Session, limits: LaneLimits) -> bool:
        """Whether ``limits`` let one more message follow on a session that is in use."""
        _, opened_at = self._keys[session]
        return not self._closed and _may_carry_more(session, self._clock.monotonic() - opened_at, limits)

    async def shrink(self, lane: str, connections: int) -> None:
        """Close idle sessions of ``lane`` until no more than that are open in all, or none is idle."""
        closing: list[asyncio.Task[None]] = []
        while self.opened(lane) > connections:
            idle = next((idle for idle in self._idle if idle.lane == lane), None)
            if idle is None:
                break
            self._idle.remove(idle)
            closing.append(self._discard(idle.session))
        if closing:
            await asyncio.wait(closing)

    def drop(self, network: Network) -> None:
        """The machine is on ``network`` now: hang up on what is idle, without a word that nobody would hear.

        What is at work ends by itself, unless the machine has lost the address that its replies go to. What
        is being opened is given up, for a server may be silent for minutes before it counts as gone.
        """
        self._give_up_openings()
        idle, self._idle = self._idle, []
        for entry in idle:
            self._keys.pop(entry.session, None)
            entry.session.abort()
        for session in list(self._keys):
            if not network.reaches(session.own_address):
                session.abort()

    def call_off(self) -> None:
        """Nothing is sent any more: who waits for a new session hears at once that there is none (0.0)."""
        self._called_off = True
        self._give_up_openings()

    async def close(self) -> None:
        """Close what is idle now, and the rest as it is released; waits for the closing."""
        self._closed = True
        idle, self._idle = self._idle, []
        for entry in idle:
            self._discard(entry.session)
        if self._reaper is not None:
            self._reaper.cancel()
            await asyncio.wait([self._reaper])
        if self._closing:
            await asyncio.wait(self._closing)
        await self._way.close()

    def _give_up_openings(self) -> None:
        openings, self._openings = self._openings, set()
        for opening in openings:
            opening.reschedule(asyncio.get_running_loop().time())

    async def _open(self, domain: str, tls_required: bool) -> Session | Exchange | float:
        try:
            async with asyncio.timeout(0.0 if self._called_off else None) as opening:
                self._openings.add(opening)
                return await self._way.open(domain, tls_required=tls_required)
        except TimeoutError:
            return 0.0 if self._called_off else Exchange(Stage.CONNECT, failure=Failure.CLOSED)
        finally:
            self._openings.discard(opening)

    def _take_idle(self, lane: str, key: str | None, tls_required: bool) -> Session | None:
        found = self._find_idle(lane, key, tls_required)
        if found is None:
            return None
        self._idle.remove(found)
        return found.session

    def _find_idle(self, lane: str, key: str | None, tls_required: bool) -> _Idle | None:
        """The serving idle session used last, of the lane's own first."""
        best: _Idle | None = None
        for idle in self._idle:
            serves = idle.key == key and (idle.session.tls is not None or not tls_required)
            own = idle.lane == lane
            if serves and idle.session.usable and (own or best is None or best.lane != lane):
                best = idle
        return best

    def _discard(self, session: Session) -> asyncio.Task[None]:
        self._keys.pop(session, None)
        task = asyncio.create_task(session.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
        return task

    async def _reap(self) -> None:
        """Close idle sessions when their time is up or the server hung up; ends when none is left."""
        while self._idle:
            now = self._clock.monotonic()
            for idle in [idle for idle in self._idle if idle.until <= now or not idle.session.usable]:
                self._idle.remove(idle)
                self._discard(idle.session)
            if self._idle:
                next_end = min(idle.until for idle in self._idle)
                await self._clock.sleep(min(next_end - now, _LOOK_SECONDS))


def _worth_keeping(session: Session, age_seconds: float, limits: LaneLimits) -> bool:
    return session.usable and _may_carry_more(session, age_seconds, limits) and limits.idle_seconds > 0


def _may_carry_more(session: Session, age_seconds: float, limits: LaneLimits) -> bool:
    # RFC 9422 4: the server may say itself how many transactions it takes
    most = min(limits.messages_per_session, session.extensions.mail_max or limits.messages_per_session)
    return session.sent < most and age_seconds < limits.session_seconds
