"""Signing in from another thread's point of view: it waits, it can be called off, it says who needs it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from desktop_relay.domain.errors import ErrorCode, Refused
from desktop_relay.domain.oauth import SignInPrompt
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.operations import routes, settings
from desktop_relay.operations.sign_in import sign_in, wants_sign_in
from desktop_relay.operations.workspace import Workspace
from tests.fakes.oauth_server import CLIENT, SECRET, FakeOAuthServer, visit

ACCOUNT = Route(
    "shop", RouteKind.SMARTHOST, host="smtp.example", user="me@shop.example", oauth="fake", client_id=CLIENT
)


@pytest.fixture
def provider(ws: Workspace, tmp_path: Path) -> Iterator[FakeOAuthServer]:
    with FakeOAuthServer() as server:
        path = tmp_path / "providers.toml"
        path.write_text(server.providers_toml(), encoding="utf-8")
        settings.set_value(ws, "oauth.providers_file", str(path))
        routes.save(ws, ACCOUNT, SECRET)
        yield server


def test_somebody_agrees(ws: Workspace, provider: FakeOAuthServer) -> None:
    assert wants_sign_in(ws, ACCOUNT)
    visits: list[threading.Thread] = []

    def tell(prompt: SignInPrompt) -> None:
        visits.append(threading.Thread(target=visit, args=(prompt.page,)))
        visits[0].start()

    call_off: Future[None] = Future()
    _, changes = sign_in(ws, "shop", tell, call_off=call_off)
    visits[0].join(10)
    assert changes.routes
    assert not wants_sign_in(ws, ACCOUNT)
    assert call_off.cancel(), "too late, and it hurts nobody"


def test_nobody_comes_and_it_is_called_off(ws: Workspace, provider: FakeOAuthServer) -> None:
    call_off: Future[None] = Future()

    def tell(_prompt: SignInPrompt) -> None:
        threading.Thread(target=call_off.cancel).start()

    with pytest.raises(Refused) as caught:
        sign_in(ws, "shop", tell, call_off=call_off)
    assert caught.value.code is ErrorCode.SIGN_IN_CALLED_OFF
    assert wants_sign_in(ws, ACCOUNT)
    assert provider.forms == []


def test_a_password_wants_no_sign_in(ws: Workspace) -> None:
    assert not wants_sign_in(ws, Route("plain", RouteKind.SMARTHOST, host="smtp.example"))
