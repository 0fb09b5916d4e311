"""Logins by token: both mechanisms, a second try with a new token, and nothing secret in any record."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import pytest

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.oauth import Grant, Refusal
from desktop_relay.transport.access_tokens import AccessTokens
from desktop_relay.transport.connect import open_session
from desktop_relay.transport.security import Security, encrypting_context
from desktop_relay.transport.session import Session
from desktop_relay.transport.terms import Terms
from tests.fakes.smtp_server import ScriptedSmtpServer, load_dialogue

USER = "anna@shop.example"


class Provider:
    def __init__(self, refusal: Refusal | None = None, padding: str = "") -> None:
        self.refusal = refusal
        self.padding = padding
        self.asked = 0

    def refresh(self, refresh: str) -> Grant | Refusal:
        self.asked += 1
        return self.refusal or Grant(f"access-geheim-{self.asked}{self.padding}", 3600)


class Kept:
    """Nothing is to be kept here."""

    def turn(self) -> AbstractContextManager[None]:
        return nullcontext()

    def load(self) -> str | None:
        return None

    def replace(self, used: str, renewed: str) -> None:
        raise AssertionError(renewed)


async def opened(
    server: ScriptedSmtpServer, provider: Provider, security: Security = Security.NONE
) -> Session | Exchange:
    terms = Terms(
        security,
        context=encrypting_context(),
        ehlo_name="pc.example",
        user=USER,
        tokens=AccessTokens(provider, "refresh-geheim", kept=Kept()),
    )
    assert "geheim" not in repr(terms)
    return await open_session("mx.example", "127.0.0.1", server.port, terms)


@pytest.mark.parametrize(
    ("name", "asked"),
    [("login_xoauth2", 1), ("login_oauthbearer", 1), ("login_xoauth2_stale", 2), ("login_xoauth2_long", 1)],
)
async def test_taken(name: str, asked: int) -> None:
    provider = Provider(padding="x" * 2000 if name.endswith("long") else "")
    async with ScriptedSmtpServer(load_dialogue(name)) as server:
        session = await opened(server, provider)
        assert isinstance(session, Session), session
        await session.close()
    assert server.problems == []
    assert provider.asked == asked
    assert "********" in "\n".join(session.peer.prelude)
    assert not any("geheim" in line or "dXNlcj" in line for line in session.peer.prelude)


@pytest.mark.parametrize("name", ["login_xoauth2_refused", "login_oauthbearer_refused"])
async def test_refused_twice(name: str) -> None:
    async with ScriptedSmtpServer(load_dialogue(name)) as server:
        exchange = await opened(server, Provider())
    assert isinstance(exchange, Exchange)
    assert exchange.stage is Stage.AUTH
    assert exchange.reply is not None
    assert exchange.reply.code == 535
    assert server.problems == []
    assert not any("geheim" in line for line in exchange.transcript)


@pytest.mark.parametrize(
    ("refusal", "failure"),
    [
        (Refusal("invalid_grant", "Token has been revoked."), Failure.SIGN_IN_NEEDED),
        (Refusal("unreachable", temporary=True), Failure.TOKEN_UNAVAILABLE),
    ],
)
async def test_no_token_no_login(refusal: Refusal, failure: Failure) -> None:
    async with ScriptedSmtpServer(load_dialogue("login_xoauth2")) as server:
        exchange = await opened(server, Provider(refusal))
    assert isinstance(exchange, Exchange)
    assert (exchange.stage, exchange.failure) == (Stage.AUTH, failure)
    assert exchange.detail.startswith(refusal.error)
    assert not any(line.startswith("AUTH") for line in server.heard)


async def test_a_server_without_tokens_is_not_given_a_password() -> None:
    async with ScriptedSmtpServer(load_dialogue("login_plain")) as server:
        exchange = await opened(server, Provider())
    assert isinstance(exchange, Exchange)
    assert exchange.failure is Failure.AUTH_NOT_OFFERED


async def test_no_token_in_the_clear_unless_the_user_chose_that() -> None:
    provider = Provider()
    async with ScriptedSmtpServer(load_dialogue("login_xoauth2")) as server:
        exchange = await opened(server, provider, Security.OPPORTUNISTIC)
    assert isinstance(exchange, Exchange)
    assert exchange.failure is Failure.TLS_NOT_OFFERED
    assert provider.asked == 0
