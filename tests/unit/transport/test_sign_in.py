"""Signing in against a provider on loopback: in the browser, by a code, and every way it can fail."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

import pytest

from desktop_relay.domain.oauth import Grant, OAuthClient, Refusal, SignInPrompt
from desktop_relay.policy.providers import parse_providers
from desktop_relay.transport.sign_in import sign_in_by_browser, sign_in_by_code
from desktop_relay.transport.token_endpoint import TokenEndpoint
from tests.fakes.oauth_server import CLIENT, SECRET, FakeOAuthServer, visit
from tests.fakes.patience import eventually


@pytest.fixture
def provider() -> Iterator[FakeOAuthServer]:
    with FakeOAuthServer() as server:
        yield server


def endpoint(provider: FakeOAuthServer, *, secret: str = SECRET, device: bool = True) -> TokenEndpoint:
    known = parse_providers(provider.providers_toml(device=device), "fake")["fake"]
    return TokenEndpoint(OAuthClient(known, CLIENT, secret), timeout_seconds=5)


def browse(prompt: SignInPrompt) -> None:
    threading.Thread(target=visit, args=(prompt.page,), daemon=True).start()


async def test_in_the_browser(provider: FakeOAuthServer) -> None:
    answer = await sign_in_by_browser(endpoint(provider), "anna@test.example", browse)
    assert answer == Grant("access-geheim-1", 3600, "refresh-0")
    assert provider.forms[0]["client_secret"] == SECRET


async def test_a_person_says_no(provider: FakeOAuthServer) -> None:
    provider.denies = True
    assert await sign_in_by_browser(endpoint(provider), "", browse) == Refusal("access_denied")


async def test_nobody_comes(provider: FakeOAuthServer) -> None:
    answer = await sign_in_by_browser(endpoint(provider), "", lambda _: None, patience_seconds=0.1)
    assert answer == Refusal("timed_out")


async def test_a_connection_that_the_browser_opened_ahead_of_need_keeps_nobody_waiting(
    provider: FakeOAuthServer,
) -> None:
    with socket.socket() as ahead:

        def tell(prompt: SignInPrompt) -> None:
            door = parse_qs(urlsplit(prompt.page).query)["redirect_uri"][0]
            ahead.connect(("127.0.0.1", urlsplit(door).port or 0))
            browse(prompt)

        assert isinstance(await sign_in_by_browser(endpoint(provider), "", tell), Grant)
        ahead.settimeout(2)
        assert await asyncio.to_thread(ahead.recv, 1) == b"", "it was hung up on"


async def test_strangers_at_the_door_are_not_heard(provider: FakeOAuthServer) -> None:
    refused: list[int] = []

    def knock(prompt: SignInPrompt) -> None:
        query = {key: values[0] for key, values in parse_qs(urlsplit(prompt.page).query).items()}
        door = query["redirect_uri"]
        for path in ("", "?code=stolen", "?code=stolen&state=guess", "?error=x&state=é"):
            try:
                visit(door + path.encode("ascii", "replace").decode())
            except HTTPError as error:
                refused.append(error.code)
        with socket.create_connection(("127.0.0.1", urlsplit(door).port or 0)) as rude:
            rude.sendall(b"\x16\x03\x01" + b"\x00" * 20_000)
        visit(prompt.page)

    def tell(prompt: SignInPrompt) -> None:
        threading.Thread(target=knock, args=(prompt,), daemon=True).start()

    answer = await sign_in_by_browser(endpoint(provider), "", tell)
    assert isinstance(answer, Grant)
    assert refused == [404] * 4
    assert [form["code"] for form in provider.forms] == ["code-1"]


async def test_by_code(provider: FakeOAuthServer) -> None:
    provider.pending = 1
    told: list[SignInPrompt] = []
    answer = await sign_in_by_code(endpoint(provider), told.append)
    assert answer == Grant("access-geheim-1", 3600, "refresh-0")
    assert told == [SignInPrompt(f"{provider.base}/activate", "ABCD-EFGH", 60)]


async def test_no_codes_from_this_provider(provider: FakeOAuthServer) -> None:
    answer = await sign_in_by_code(endpoint(provider, device=False), lambda _: None)
    assert answer == Refusal("no_device_flow")


async def test_refreshing(provider: FakeOAuthServer) -> None:
    assert endpoint(provider).refresh("refresh-0") == Grant("access-geheim-1", 3600, "refresh-0")
    # what it repeats of ours is not told on
    assert endpoint(provider).refresh("r-geheim") == Refusal("invalid_grant", "no ********")
    assert endpoint(provider, secret="wrong").refresh("refresh-0") == Refusal("invalid_client")


async def test_a_provider_in_trouble(provider: FakeOAuthServer) -> None:
    provider.error = (503, {})
    assert endpoint(provider).refresh("refresh-0") == Refusal("http_503", temporary=True)
    # a redirect would carry the secrets away
    provider.error = (307, {})
    assert endpoint(provider).refresh("refresh-0") == Refusal("http_307", temporary=True)


async def test_a_provider_that_is_not_there() -> None:
    with FakeOAuthServer() as provider:
        gone = endpoint(provider)
    answer = gone.refresh("refresh-geheim")
    assert isinstance(answer, Refusal)
    assert (answer.error, answer.temporary) == ("unreachable", True)
    assert "geheim" not in answer.detail


async def test_cancelled_while_waiting_leaves_no_door_open(provider: FakeOAuthServer) -> None:
    told: list[SignInPrompt] = []
    task = asyncio.create_task(sign_in_by_browser(endpoint(provider), "", told.append))
    await eventually(lambda: bool(told))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    door = parse_qs(urlsplit(told[0].page).query)["redirect_uri"][0]
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", urlsplit(door).port or 0), timeout=1)
