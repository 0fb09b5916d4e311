"""Opens a session with one host at one address, held to what it must show."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.policy.protection import Demand
from desktop_relay.transport.connect import open_session
from desktop_relay.transport.failures import BROKEN_OFF
from desktop_relay.transport.guard import Guard, Requirement, Standing
from desktop_relay.transport.resolver import Endpoint
from desktop_relay.transport.security import Security
from desktop_relay.transport.session import Session
from desktop_relay.transport.terms import Terms

BROKEN_TLS_SECONDS = 3600.0
"""How long what failed in a host's handshake is taken for given and not tried again."""

_LENIENT = (Demand.ANY, Demand.REMEMBERED, Demand.ENCRYPTED)


class Dialler:
    """``terms`` hold as far as ``guard`` asks for no more, ``port`` unless an endpoint says other.

    Where a handshake failed and less will do, the transcript of what follows tells so.
    """

    def __init__(self, guard: Guard, terms: Terms, port: int) -> None:
        self._guard = guard
        self._terms = terms
        self._port = port
        self._broken: dict[str, float] = {}
        self._unproven: dict[str, tuple[float, str]] = {}

    async def dial(
        self, host: str, endpoint: Endpoint, need: Requirement, standing: Standing
    ) -> Session | Exchange:
        """A session with ``host``, or why there is none; raises only ``CancelledError``."""
        try:
            terms = self._guard.terms(self._terms, need)
        except OSError as error:
            return Exchange(Stage.STARTTLS, failure=Failure.TLS_FAILED, detail=str(error))
        if standing.tries_out(host) and need.demand in _LENIENT:
            result = await self._dial_on_trial(host, endpoint, terms, need)
        else:
            words = standing.complaint(host)
            result = await self._dial(host, endpoint, terms if words is None else _told(terms, words), need)
        if isinstance(result, Exchange):
            return _named(result, need)
        if result.tls is not None:
            self._guard.note_encrypted(host)
        return result

    async def _dial_on_trial(
        self, host: str, endpoint: Endpoint, terms: Terms, need: Requirement
    ) -> Session | Exchange:
        """RFC 8461 5: a policy in testing changes nothing, but what it would have said is told.

        So the host is asked as if the policy were enforced, and again without where that fails.
        """
        now = asyncio.get_running_loop().time()
        until, words = self._unproven.get(host, (now, ""))
        history: tuple[str, ...] = ()
        if until <= now:
            try:
                strict = self._guard.strict_terms(terms)
            except OSError as error:  # our own fault, which says nothing of the host
                return await self._dial(host, endpoint, _told(terms, str(error), fails=False), need)
            result = await self._open(host, endpoint, strict)
            if isinstance(result, Session) or result.stage is not Stage.STARTTLS:
                return result
            words, history = _words(result), result.transcript
            if result.failure not in BROKEN_OFF:
                self._unproven[host] = (now + BROKEN_TLS_SECONDS, words)
        return await self._dial(host, endpoint, _told(terms, words, history=history), need)

    async def _dial(
        self, host: str, endpoint: Endpoint, terms: Terms, need: Requirement
    ) -> Session | Exchange:
        if need.demand is not Demand.ANY:
            return await self._open(host, endpoint, terms)
        return await self._dial_anyhow(host, endpoint, terms)

    async def _dial_anyhow(self, host: str, endpoint: Endpoint, terms: Terms) -> Session | Exchange:
        """Encrypted where that works, for a host that was never seen encrypted."""
        plain = replace(terms, security=Security.NONE, context=None)
        now = asyncio.get_running_loop().time()
        if self._broken.get(host, now) > now:
            history = (*terms.history, "* TLS failed here before: plain text")
            return await self._open(host, endpoint, replace(plain, history=history))
        result = await self._open(host, endpoint, terms)
        if isinstance(result, Exchange) and result.stage is Stage.STARTTLS:
            # RFC 7435: no worse than no encryption; never silently, the transcript tells
            history = (*result.transcript, "* TLS failed: plain text")
            result = await self._open(host, endpoint, replace(plain, history=history))
            if isinstance(result, Session):
                # else it was perhaps no fault of the handshake's: nobody could be reached any more
                self._broken[host] = now + BROKEN_TLS_SECONDS
        return result

    async def _open(self, host: str, endpoint: Endpoint, terms: Terms) -> Session | Exchange:
        return await open_session(host, endpoint.ip, endpoint.port or self._port, terms)


def _named(result: Exchange, need: Requirement) -> Exchange:
    """A handshake that failed, called by what was demanded; words against it are no other refusal."""
    kept = result.stage is not Stage.STARTTLS or result.failure is Failure.REQUIRETLS_NOT_OFFERED
    told = need.failure is None and result.reply is None and result.failure not in BROKEN_OFF
    if kept or told:
        return result
    return replace(result, reply=None, failure=need.failure or Failure.TLS_FAILED, detail=_words(result))


def _told(terms: Terms, words: str, *, fails: bool = True, history: tuple[str, ...] = ()) -> Terms:
    """In the transcript, where one is kept, and with every attempt over the connection."""
    return replace(terms, history=(*history, f"* MTA-STS (testing): {words}"), fails_testing=fails)


def _words(result: Exchange) -> str:
    return str(result.reply or result.detail or result.failure)
