"""The access token of an account: one for all its connections, renewed before it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from desktop_relay.domain.exchange import Failure
from desktop_relay.domain.oauth import Grant, Refusal

MARGIN_SECONDS = 300.0
"""So long before its end a token is renewed, or after half its life if it is that short."""

PAUSE_SECONDS = 30.0
"""After a refusal the provider is not asked again for so long, however many connections want to open."""


class Refreshes(Protocol):
    """Where new tokens come from."""

    async def refresh(self, refresh: str) -> Grant | Refusal:
        """A new access token for a refresh token."""
        ...


class TokenError(Exception):
    """There is no token: SIGN_IN_NEEDED needs a person, TOKEN_UNAVAILABLE only time."""

    def __init__(self, failure: Failure, detail: str) -> None:
        super().__init__(failure.value, detail)
        self.failure = failure
        self.detail = detail


class AccessTokens:
    """Many connections may ask at once: one request goes out, and all get its answer.

    ``keep`` is told a refresh token that replaces the one before.
    """

    def __init__(
        self,
        endpoint: Refreshes,
        refresh: str,
        *,
        keep: Callable[[str], Awaitable[None]],
        monotonic: Callable[[], float] | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._refresh = refresh
        self._keep = keep
        self._monotonic = monotonic
        self._access = ""
        self._renew_at = 0.0
        self._ask_again_at = 0.0
        self._refusal: Refusal | None = None
        self._lock = asyncio.Lock()

    async def current(self) -> str:
        """A token that is good for a while; raises ``TokenError``."""
        if not self._is_fresh():
            async with self._lock:
                if not self._is_fresh():
                    await self._renew()
        return self._access

    def distrust(self, access: str) -> None:
        """A server did not take ``access``: the next to ask gets another one."""
        if access == self._access:
            self._access = ""

    def _now(self) -> float:
        return asyncio.get_running_loop().time() if self._monotonic is None else self._monotonic()

    def _is_fresh(self) -> bool:
        return bool(self._access) and self._now() < self._renew_at

    async def _renew(self) -> None:
        refusal = self._refusal
        if refusal is None or self._now() >= self._ask_again_at:
            answer = await self._endpoint.refresh(self._refresh)
            if isinstance(answer, Grant):
                await self._take(answer)
                return
            refusal = self._refusal = answer
            self._ask_again_at = self._now() + PAUSE_SECONDS
        failure = Failure.TOKEN_UNAVAILABLE if refusal.temporary else Failure.SIGN_IN_NEEDED
        raise TokenError(failure, f"{refusal.error} {refusal.detail}".rstrip())

    async def _take(self, grant: Grant) -> None:
        self._refusal = None
        self._access = grant.access
        self._renew_at = self._now() + max(grant.seconds - MARGIN_SECONDS, grant.seconds / 2)
        if grant.refresh is not None and grant.refresh != self._refresh:
            # RFC 6749 6: the one before may be of no more use
            self._refresh = grant.refresh
            await self._keep(grant.refresh)
