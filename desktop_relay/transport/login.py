"""Logging in to an account: by password (RFC 4954, RFC 4616) or by token (RFC 7628, XOAUTH2)."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import aiosmtplib
from aiosmtplib.auth import auth_crammd5_verify, auth_login_encode, auth_plain_encode

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
        user, password = self._terms.user, self._terms.password or ""
        shown = auth_plain_encode(user, password)
        if mechanism == "PLAIN":
            # asked again, it is said again: not every server takes it with the command (RFC 4954 4)
            answer = await self._say(mechanism, shown, when_asked=shown)
            return self._heard(answer, password, shown)
        name, secret = auth_login_encode(user, password)
        if mechanism == "LOGIN":
            answer = await self._say(mechanism, name)
            if answer.code == _GO_ON and _asks_for_name(answer.message):
                # it did not take the name with the command, and must not get the password for one
                answer = await self._smtp.execute_command(name, timeout=self._seconds)
            if answer.code == _GO_ON:
                answer = await self._smtp.execute_command(secret, timeout=self._seconds)
            return self._heard(answer, password, secret)
        answer = await self._say(mechanism)
        if answer.code == _GO_ON:
            secret = _answer_challenge(user, password, answer.message)
            answer = await self._smtp.execute_command(secret, timeout=self._seconds)
        return self._heard(answer, password, secret)

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
        answer = await self._say(mechanism, response, when_asked=_LAST_WORDS[mechanism])
        return self._heard(answer, token, response)

    async def _say(
        self, mechanism: str, response: bytes = b"", *, when_asked: bytes | None = None
    ) -> aiosmtplib.SMTPResponse:
        """The command with its initial response, and ``when_asked`` to a server that wants to hear more."""
        self._transcript.said(f"AUTH {mechanism} ********".encode())
        name, seconds = mechanism.encode(), self._seconds
        if response and len(b"AUTH " + name + b" " + response) <= _COMMAND_LIMIT_BYTES:
            answer = await self._smtp.execute_command(b"AUTH", name, response, timeout=seconds)
        else:
            answer = await self._smtp.execute_command(b"AUTH", name, timeout=seconds)
            if response and answer.code == _GO_ON:
                answer = await self._smtp.execute_command(response, timeout=seconds)
        if when_asked is not None and answer.code == _GO_ON:
            answer = await self._smtp.execute_command(when_asked, timeout=seconds)
        return answer

    def _heard(self, answer: aiosmtplib.SMTPResponse, *secrets: str | bytes) -> Reply:
        words = answer.message
        for each in secrets:
            # a server that repeats what it was told must not get it into the records
            secret = each.decode("ascii") if isinstance(each, bytes) else each
            words = words.replace(secret, "********") if secret else words
        reply = parse_reply_text(answer.code, words)
        self._transcript.heard(reply)
        return reply


def _asks_for_name(challenge: str) -> bool:
    """Whether a server asks for the user, in words that LOGIN leaves to it (``Username:``, ``User Name``)."""
    try:
        return base64.b64decode(challenge).lower().startswith(b"user")
    except ValueError:
        return False


def _answer_challenge(user: str, password: str, challenge: str) -> bytes:
    """The keyed digest of CRAM-MD5, or ``*``, which calls it off where the challenge is none (RFC 4954 4)."""
    try:
        return auth_crammd5_verify(user, password, challenge)
    except aiosmtplib.SMTPAuthenticationError:
        return b"*"


def _refused(reply: Reply) -> LoginRefused | None:
    if reply.positive:
        return None
    if 300 <= reply.code < 400:
        return LoginRefused(failure=Failure.GARBLED)
    return LoginRefused(reply)
