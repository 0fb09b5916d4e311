"""Logging in to an account: by password (RFC 4954, RFC 4616) or by token (RFC 7628, XOAUTH2)."""

from __future__ import annotations

from dataclasses import dataclass

import aiosmtplib

from desktop_relay.domain.exchange import Failure
from desktop_relay.domain.reply import Reply
from desktop_relay.protocol.oauth import compose_sasl
from desktop_relay.protocol.reply import parse_reply_text
from desktop_relay.transport.access_tokens import AccessTokens, TokenError
from desktop_relay.transport.terms import Terms
from desktop_relay.transport.transcript import Transcript

_SAFE_FIRST = ("PLAIN", "LOGIN", "CRAM-MD5")
"""Inside TLS: what servers implement best. aiosmtplib would try all, and lock the account by doing so."""

_SECRET_FIRST = ("CRAM-MD5", "PLAIN", "LOGIN")
"""In the clear: what does not show the password, if there is that."""

_TOKEN_MECHANISMS = ("XOAUTH2", "OAUTHBEARER")
"""The first is what Google and Microsoft both have had for longest."""

_LAST_WORDS = {"XOAUTH2": b"", "OAUTHBEARER": b"AQ=="}
"""What a client says to the server's account of the error, to hear the refusal (RFC 7628 3.2.3)."""

_MECHANISM_UNKNOWN = frozenset({500, 502, 504})
_GO_ON = 334
_COMMAND_LIMIT_BYTES = 510
"""RFC 4954 4: an initial response that makes the command longer than 512 octets goes on a line of its own."""


@dataclass(frozen=True, slots=True)
class LoginRefused:
    """Exactly one of ``reply`` and ``failure``; ``detail`` belongs to the failure."""

    reply: Reply | None = None
    failure: Failure | None = None
    detail: str = ""


class Login:
    """The login on one connection; nothing secret reaches the transcript or an exception."""

    def __init__(
        self,
        smtp: aiosmtplib.SMTP,
        terms: Terms,
        transcript: Transcript,
        *,
        offered: frozenset[str],
        encrypted: bool,
    ) -> None:
        self._smtp = smtp
        self._terms = terms
        self._transcript = transcript
        self._offered = offered
        self._encrypted = encrypted
        self._seconds = terms.timeouts.auth

    async def run(self, host: str, port: int) -> LoginRefused | None:
        """Log in; ``None`` when that worked. Raises what aiosmtplib raises for a lost connection."""
        tokens = self._terms.tokens
        order = _TOKEN_MECHANISMS if tokens else _SAFE_FIRST if self._encrypted else _SECRET_FIRST
        mechanisms = [name for name in order if name in self._offered]
        if not mechanisms:
            return LoginRefused(failure=Failure.AUTH_NOT_OFFERED)
        if tokens is not None:
            return await self._by_token(tokens, mechanisms[0], host, port)
        for mechanism in mechanisms:
            reply = await self._by_password(mechanism)
            if reply.code not in _MECHANISM_UNKNOWN:
                break
        return _refused(reply)

    async def _by_password(self, mechanism: str) -> Reply:
        smtp, terms = self._smtp, self._terms
        login = {"PLAIN": smtp.auth_plain, "LOGIN": smtp.auth_login, "CRAM-MD5": smtp.auth_crammd5}[mechanism]
        self._transcript.said(f"AUTH {mechanism} ********".encode())
        try:
            response = await login(terms.user, terms.password or "", timeout=self._seconds)
        except aiosmtplib.SMTPAuthenticationError as error:
            return self._heard(error.code, error.message)
        return self._heard(response.code, response.message)

    async def _by_token(
        self, tokens: AccessTokens, mechanism: str, host: str, port: int
    ) -> LoginRefused | None:
        refused: LoginRefused | None = None
        for _ in range(2):
            try:
                token = await tokens.current()
            except TokenError as error:
                return refused or LoginRefused(failure=error.failure, detail=error.detail)
            response = compose_sasl(mechanism, self._terms.user, token, host, port)
            refused = _refused(await self._say_token(mechanism, response, token))
            if refused is None or refused.reply is None or not refused.reply.permanent:
                return refused
            # it may have been withdrawn before its time, or the clock stood still: once more with a new one
            tokens.distrust(token)
        return refused

    async def _say_token(self, mechanism: str, response: bytes, token: str) -> Reply:
        self._transcript.said(f"AUTH {mechanism} ********".encode())
        name = mechanism.encode()
        if len(b"AUTH " + name + b" " + response) <= _COMMAND_LIMIT_BYTES:
            answer = await self._smtp.execute_command(b"AUTH", name, response, timeout=self._seconds)
        else:
            answer = await self._smtp.execute_command(b"AUTH", name, timeout=self._seconds)
            if answer.code == _GO_ON:
                answer = await self._smtp.execute_command(response, timeout=self._seconds)
        if answer.code == _GO_ON:
            answer = await self._smtp.execute_command(_LAST_WORDS[mechanism], timeout=self._seconds)
        # a server that repeats what it was told must not get it into the records
        words = answer.message.replace(token, "********").replace(response.decode("ascii"), "********")
        return self._heard(answer.code, words)

    def _heard(self, code: int, words: str) -> Reply:
        reply = parse_reply_text(code, words)
        self._transcript.heard(reply)
        return reply


def _refused(reply: Reply) -> LoginRefused | None:
    if reply.positive:
        return None
    if 300 <= reply.code < 400:
        return LoginRefused(failure=Failure.GARBLED)
    return LoginRefused(reply)
