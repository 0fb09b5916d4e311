"""One token for many connections: asked for once, renewed in time, and refusals do not become a flood."""

from __future__ import annotations

import asyncio

import pytest

from desktop_relay.domain.exchange import Failure
from desktop_relay.domain.oauth import Grant, Refusal
from desktop_relay.transport.access_tokens import PAUSE_SECONDS, AccessTokens, TokenError


class Provider:
    """Answers refreshes in the order given, then with numbered tokens; each takes a moment."""

    def __init__(self, *answers: Grant | Refusal) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def refresh(self, refresh: str) -> Grant | Refusal:
        self.asked.append(refresh)
        await asyncio.sleep(0)
        return self.answers.pop(0) if self.answers else Grant(f"token-{len(self.asked)}", 3600)


class Bench:
    def __init__(self, *answers: Grant | Refusal) -> None:
        self.provider = Provider(*answers)
        self.now = 0.0
        self.kept: list[str] = []
        self.tokens = AccessTokens(self.provider, "r0", keep=self.keep, monotonic=lambda: self.now)

    async def keep(self, refresh: str) -> None:
        self.kept.append(refresh)

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
    assert bench.kept == ["r1"]


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
    assert await second == "token-2"
    assert first.cancelled()
