"""One token for many connections: asked for once, renewed in time, and refusals do not become a flood."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from desktop_relay.domain.exchange import Failure
from desktop_relay.domain.oauth import Grant, Refusal
from desktop_relay.transport.access_tokens import PAUSE_SECONDS, AccessTokens, TokenError


class Provider:
    """Answers refreshes in the order given, then with numbered tokens, as soon as ``answers_now`` is set."""

    def __init__(self, *answers: Grant | Refusal) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.was_asked = threading.Event()
        self.answers_now = threading.Event()
        self.answers_now.set()

    def refresh(self, refresh: str) -> Grant | Refusal:
        self.asked.append(refresh)
        self.was_asked.set()
        assert self.answers_now.wait(10)
        return self.answers.pop(0) if self.answers else Grant(f"token-{len(self.asked)}", 3600)


class OnceOnly:
    """A provider that takes each refresh token once, and withdraws everything from who uses one again."""

    def __init__(self) -> None:
        self.good = 0
        self.withdrawn = False

    def refresh(self, refresh: str) -> Grant | Refusal:
        if self.withdrawn or refresh != f"r{self.good}":
            self.withdrawn = True
            return Refusal("invalid_grant")
        self.good += 1
        return Grant(f"access-{self.good}", 10, f"r{self.good}")


class Drawer:
    """Where the refresh token lies; ``jammed`` takes nothing in, ``turns`` are those that were taken."""

    def __init__(self, refresh: str | None = "r0") -> None:
        self.refresh = refresh
        self.jammed = False
        self.turns = 0
        self._lock = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        with self._lock:
            self.turns += 1
            yield

    def load(self) -> str | None:
        assert self._lock.locked()
        return self.refresh

    def replace(self, used: str, renewed: str) -> None:
        assert self._lock.locked()
        if not self.jammed and self.refresh == used:
            self.refresh = renewed


class Bench:
    def __init__(self, *answers: Grant | Refusal) -> None:
        self.provider = Provider(*answers)
        self.now = 0.0
        self.drawer = Drawer()
        self.tokens = AccessTokens(self.provider, "r0", kept=self.drawer, monotonic=lambda: self.now)

    async def failure(self) -> Failure:
        with pytest.raises(TokenError) as caught:
            await self.tokens.current()
        return caught.value.failure


async def test_many_connections_ask_once() -> None:
    bench = Bench()
    found = await asyncio.gather(*(bench.tokens.current() for _ in range(50)))
    assert set(found) == {"token-1"}
    assert len(bench.provider.asked) == 1


@pytest.mark.parametrize(("seconds", "good_until"), [(3600.0, 3300.0), (400.0, 200.0), (10.0, 5.0)])
async def test_renewed_before_the_end(seconds: float, good_until: float) -> None:
    bench = Bench(Grant("first", seconds))
    assert await bench.tokens.current() == "first"
    bench.now = good_until - 0.1
    assert await bench.tokens.current() == "first"
    bench.now = good_until
    assert await bench.tokens.current() == "token-2"


async def test_a_new_refresh_token_is_kept_and_used() -> None:
    bench = Bench(Grant("a", 10, "r1"), Grant("b", 10, "r1"))
    for moment in (0.0, 100.0, 200.0):
        bench.now = moment
        await bench.tokens.current()
    assert bench.provider.asked == ["r0", "r1", "r1"]
    assert bench.drawer.refresh == "r1"


async def test_what_another_program_renewed_is_used() -> None:
    """A test of the route beside the engine, with a provider that takes each refresh token once."""
    provider, drawer, now = OnceOnly(), Drawer(), 0.0
    engine, test = (AccessTokens(provider, "r0", kept=drawer, monotonic=lambda: now) for _ in range(2))
    for _ in range(3):
        assert all(await asyncio.gather(engine.current(), test.current()))
        now += 100.0
    assert (provider.good, drawer.refresh) == (6, "r6")


async def test_a_new_refresh_token_that_cannot_be_kept_is_used_all_the_same() -> None:
    provider, drawer, now = OnceOnly(), Drawer(), 0.0
    drawer.jammed = True
    tokens = AccessTokens(provider, "r0", kept=drawer, monotonic=lambda: now)
    for moment in (0.0, 100.0):
        now = moment
        await tokens.current()
    assert drawer.refresh == "r0"
    drawer.jammed, now = False, 200.0
    await tokens.current()
    assert drawer.refresh == "r3"


async def test_without_a_kept_one_the_first_is_used_and_nothing_is_kept() -> None:
    bench = Bench(Grant("a", 10, "r1"))
    bench.drawer.refresh = None
    assert await bench.tokens.current() == "a"
    assert bench.drawer.refresh is None


async def test_a_new_sign_in_during_a_request_stays() -> None:
    bench = Bench(Grant("a", 10, "r1"))
    bench.provider.answers_now.clear()
    asker = asyncio.create_task(bench.tokens.current())
    assert await asyncio.to_thread(bench.provider.was_asked.wait, 10)
    bench.drawer.refresh = "signed in anew"
    bench.provider.answers_now.set()
    await asker
    assert bench.drawer.refresh == "signed in anew"
    bench.now = 100.0
    await bench.tokens.current()
    assert bench.provider.asked == ["r0", "signed in anew"]


async def test_the_answer_is_kept_whoever_gave_up() -> None:
    bench = Bench(Grant("a", 3600, "r1"))
    bench.provider.answers_now.clear()
    askers = [asyncio.create_task(bench.tokens.current()) for _ in range(2)]
    assert await asyncio.to_thread(bench.provider.was_asked.wait, 10)
    for asker in askers:
        asker.cancel()
    await asyncio.wait(askers)
    assert all(asker.cancelled() for asker in askers)
    bench.provider.answers_now.set()
    assert await bench.tokens.current() == "a"
    assert bench.drawer.refresh == "r1"
    assert bench.provider.asked == ["r0"]


def test_the_answer_is_kept_though_the_program_ends() -> None:
    bench = Bench(Grant("a", 3600, "r1"))
    bench.provider.answers_now.clear()

    async def end_in_the_middle() -> None:
        asker = asyncio.create_task(bench.tokens.current())
        assert await asyncio.to_thread(bench.provider.was_asked.wait, 10)
        # nobody is left in the loop when the answer comes
        threading.Timer(0.1, bench.provider.answers_now.set).start()
        asker.cancel()

    asyncio.run(end_in_the_middle())
    assert bench.drawer.refresh == "r1"


async def test_a_final_refusal_needs_a_person_and_is_no_flood() -> None:
    bench = Bench(Refusal("invalid_grant", "withdrawn"))
    found = await asyncio.gather(*(bench.failure() for _ in range(20)))
    assert set(found) == {Failure.SIGN_IN_NEEDED}
    assert len(bench.provider.asked) == 1


async def test_a_passing_refusal_needs_time() -> None:
    bench = Bench(Refusal("unreachable", temporary=True))
    assert await bench.failure() is Failure.TOKEN_UNAVAILABLE
    bench.now = PAUSE_SECONDS - 0.1
    assert await bench.failure() is Failure.TOKEN_UNAVAILABLE
    bench.now = PAUSE_SECONDS
    assert await bench.tokens.current() == "token-2"
    assert len(bench.provider.asked) == 2


async def test_a_distrusted_token_is_replaced_once() -> None:
    bench = Bench()
    first = await bench.tokens.current()
    for _ in range(10):
        bench.tokens.distrust(first)
    assert await asyncio.gather(bench.tokens.current(), bench.tokens.current()) == ["token-2", "token-2"]
    # news of the one before concerns nobody any more
    bench.tokens.distrust(first)
    assert await bench.tokens.current() == "token-2"


async def test_a_cancelled_asker_leaves_the_others_their_token() -> None:
    bench = Bench()
    first, second = (asyncio.create_task(bench.tokens.current()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == "token-1"
    assert first.cancelled()
