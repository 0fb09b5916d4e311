"""The access token of an account: one for all its connections, renewed before it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from desktop_relay.domain.exchange import Failure
from desktop_relay.domain.oauth import Grant, Refusal

MARGIN_SECONDS = 300.0
"""So long before its end a token is renewed, or after half its life if it is that short."""

PAUSE_SECONDS = 30.0
"""After a refusal the provider is not asked again for so long, however many connections want to open."""


class Refreshes(Protocol):
    """Where new tokens come from."""

    def refresh(self, refresh: str) -> Grant | Refusal:
        """A new access token for a refresh token; blocks, and raises nothing."""
        ...


class KeepsSignIn(Protocol):
    """Where the refresh token of an account lies for all programs that use it; blocks, and raises nothing."""

    def turn(self) -> AbstractContextManager[None]:
        """Meanwhile nobody else uses the refresh token."""
        ...

    def load(self) -> str | None:
        """The refresh token, ``None`` where there is none that can be read."""
        ...

    def replace(self, used: str, renewed: str) -> None:
        """Keep ``renewed`` in place of ``used``, unless something else lies there by now."""
        ...


class TokenError(Exception):
    """There is no token: SIGN_IN_NEEDED needs a person, TOKEN_UNAVAILABLE only time."""

    def __init__(self, failure: Failure, detail: str) -> None:
        super().__init__(failure.value, detail)
        self.failure = failure
        self.detail = detail


class AccessTokens:
    """Many connections may ask at once: one request goes out, and all get its answer.

    ``refresh`` is the refresh token to begin with. ``kept`` is looked at before each request, for another
    program may have renewed it.
    """

    def __init__(
        self,
        endpoint: Refreshes,
        refresh: str,
        *,
        kept: KeepsSignIn,
        monotonic: Callable[[], float] | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._refresh = refresh
        self._used_up: str | None = None
        self._kept = kept
        self._monotonic = monotonic
        self._access = ""
        self._renew_at = 0.0
        self._ask_again_at = 0.0
        self._refusal: Refusal | None = None
        self._renewal: asyncio.Task[None] | None = None

    async def current(self) -> str:
        """A token that is good for a while; raises ``TokenError``."""
        if not self._is_fresh():
            if self._renewal is None or self._renewal.done():
                self._renewal = asyncio.create_task(self._renew())
            # whoever gives up does not take the answer from the others
            await asyncio.shield(self._renewal)
            if self._refusal is not None:
                failure = Failure.TOKEN_UNAVAILABLE if self._refusal.temporary else Failure.SIGN_IN_NEEDED
                raise TokenError(failure, f"{self._refusal.error} {self._refusal.detail}".rstrip())
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
        if self._refusal is not None and self._now() < self._ask_again_at:
            return
        # one piece of work on a thread, which ends even when this program does: see ``_ask``
        answer = await asyncio.to_thread(self._ask)
        if isinstance(answer, Refusal):
            self._refusal = answer
            self._ask_again_at = self._now() + PAUSE_SECONDS
            return
        self._refusal = None
        self._access = answer.access
        self._renew_at = self._now() + max(answer.seconds - MARGIN_SECONDS, answer.seconds / 2)

    def _ask(self) -> Grant | Refusal:
        """RFC 6749 6: the refresh token may be good for this once, so what comes in its place is kept."""
        with self._kept.turn():
            kept = self._kept.load()
            if kept is not None and kept != self._used_up:
                self._refresh = kept
            answer = self._endpoint.refresh(self._refresh)
            if isinstance(answer, Grant) and answer.refresh not in (None, self._refresh):
                # should it not be kept, this program goes on with it; the next may have to ask the person
                self._refresh, self._used_up = str(answer.refresh), kept
                if kept is not None:
                    self._kept.replace(kept, self._refresh)
            return answer
