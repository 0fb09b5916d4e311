"""Asking a provider for tokens over HTTPS (RFC 6749 3.2)."""

from __future__ import annotations

import asyncio
import http.client
import ssl
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode

from desktop_relay.domain.oauth import DeviceCode, Grant, OAuthClient, Refusal
from desktop_relay.protocol.oauth import (
    Form,
    compose_code_form,
    compose_device_form,
    compose_poll_form,
    compose_refresh_form,
    parse_device_code,
    parse_grant,
)
from desktop_relay.transport.security import public_context

TIMEOUT_SECONDS = 30.0
_ANSWER_LIMIT_BYTES = 65_536


class TokenEndpoint:
    """The endpoints of one provider for one client; every failure is a ``Refusal``, never an exception."""

    def __init__(
        self, client: OAuthClient, *, ca_file: str | None = None, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self.client = client
        self._ca_file = ca_file
        self._timeout_seconds = timeout_seconds

    def refresh(self, refresh: str) -> Grant | Refusal:
        """A new access token; blocks."""
        answer = self._try(self.client.provider.token, compose_refresh_form(self.client, refresh))
        return self._granted(answer, refresh)

    async def redeem(self, code: str, redirect: str, verifier: str) -> Grant | Refusal:
        """The tokens for what the browser brought."""
        form = compose_code_form(self.client, code=code, redirect=redirect, verifier=verifier)
        return await self._grant(form, code, verifier)

    async def poll(self, code: str) -> Grant | Refusal:
        """The tokens, once the person has agreed elsewhere."""
        return await self._grant(compose_poll_form(self.client, code), code)

    async def device_code(self) -> DeviceCode | Refusal:
        """A code to type elsewhere."""
        answer = await self._post(self.client.provider.device, compose_device_form(self.client))
        return answer if isinstance(answer, Refusal) else parse_device_code(*answer)

    async def _grant(self, form: Form, *secrets: str) -> Grant | Refusal:
        return self._granted(await self._post(self.client.provider.token, form), *secrets)

    def _granted(self, answer: tuple[int, bytes] | Refusal, *secrets: str) -> Grant | Refusal:
        if isinstance(answer, Refusal):
            return answer
        return parse_grant(*answer, (*secrets, self.client.client_secret))

    async def _post(self, address: str, form: Form) -> tuple[int, bytes] | Refusal:
        return await asyncio.to_thread(self._try, address, form)

    def _try(self, address: str, form: Form) -> tuple[int, bytes] | Refusal:
        try:
            return self._ask(address, form)
        except (OSError, http.client.HTTPException) as error:
            # the request holds secrets, the error of the network does not
            reason = error.reason if isinstance(error, urllib.error.URLError) else error
            return Refusal("unreachable", str(reason), temporary=True)

    def _ask(self, address: str, form: Form) -> tuple[int, bytes]:
        context: ssl.SSLContext = public_context(self._ca_file)
        opener = urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=context))
        request = urllib.request.Request(
            address,
            data=urlencode(form).encode("ascii"),
            headers={"Accept": "application/json"},
        )
        try:
            with opener.open(request, timeout=self._timeout_seconds) as answer:
                return answer.status, answer.read(_ANSWER_LIMIT_BYTES)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read(_ANSWER_LIMIT_BYTES)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Secrets go where they were meant to go, and nowhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """No other request."""
