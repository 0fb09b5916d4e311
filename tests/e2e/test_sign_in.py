"""An account that takes no password: signed in to, sent with, withdrawn, signed in to again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.letters import draft
from tests.e2e.program import Program
from tests.fakes.oauth_server import CLIENT, SECRET, FakeOAuthServer
from tests.fakes.token_sink import TokenSink

USER = "shop@test.example"
PEOPLE = [f"p{number}@lane{number % 3}.example" for number in range(12)]
BROWSER = "import sys, urllib.request\nurllib.request.urlopen(sys.argv[1], timeout=10).read()\n"


@pytest.fixture
def provider() -> Iterator[FakeOAuthServer]:
    with FakeOAuthServer() as server:
        yield server


@pytest.fixture
def sink(provider: FakeOAuthServer) -> Iterator[TokenSink]:
    with TokenSink(USER, lambda token: token in provider.access_tokens) as server:
        yield server


@pytest.fixture
def account(program: Program, tmp_path: Path, provider: FakeOAuthServer, sink: TokenSink) -> Program:
    """The program with a route to that account, nobody signed in yet, and a browser whose person agrees."""
    (tmp_path / "providers.toml").write_text(provider.providers_toml())
    (tmp_path / "browser.py").write_text(BROWSER)
    program.environment["BROWSER"] = f"{sys.executable} {tmp_path / 'browser.py'} %s"
    program.call("config", "set", "oauth.providers_file", str(tmp_path / "providers.toml"))
    program.call(
        *("route", "add", "account", "--kind", "smarthost", "--host", "127.0.0.1", "--port", str(sink.port)),
        *("--tls", "none", "--user", USER, "--oauth", "fake", "--client-id", CLIENT, "--password-stdin"),
        stdin=f"{SECRET}\n",
    )
    return program


def check_paused(program: Program, campaign: int) -> None:
    status = program.call("campaign", "status", str(campaign))
    assert (status["state"], status["pause_reason"]) == ("paused", "sign_in_needed")
    assert status["accepted"] == status["bounced"] == status["unknown"] == 0


def go_on(program: Program, campaign: int) -> None:
    program.call("campaign", "resume", str(campaign))
    program.call("campaign", "resend", str(campaign), "--outcome", "deferred")
    status = program.call("campaign", "send", str(campaign), "--wait")
    assert (status["state"], status["accepted"]) == ("finished", len(PEOPLE))


def test_signed_in_withdrawn_and_signed_in_again(
    account: Program, tmp_path: Path, provider: FakeOAuthServer, sink: TokenSink
) -> None:
    code, out, _ = account.run("route", "test", "account")
    assert (code, '"problem": "sign_in_needed"' in out) == (1, True)
    first = draft(account, tmp_path, PEOPLE, "account")
    account.call("campaign", "send", str(first), "--wait")
    check_paused(account, first)

    provider.rotates = True
    assert account.call("route", "login", "account") == {
        "route": "account",
        "oauth": "fake",
        "signed_in": True,
    }
    go_on(account, first)
    assert sink.taken == dict.fromkeys(PEOPLE, 1)
    # one token for all connections, and the new refresh token kept for the next engine
    assert [form["grant_type"] for form in provider.forms] == ["authorization_code", "refresh_token"]
    assert account.call("route", "test", "account")["ok"]

    account.stop()
    provider.error = (400, {"error": "invalid_grant", "error_description": "Token has been revoked."})
    second = draft(account, tmp_path, PEOPLE, "account")
    account.call("campaign", "send", str(second), "--force", "sent_lately", "--wait")
    check_paused(account, second)
    provider.error = None
    account.call("route", "login", "account")
    go_on(account, second)
    assert sink.taken == dict.fromkeys(PEOPLE, 2)
    assert sink.refused == 0

    account.stop()
    for path in account.directory.rglob("*"):
        if path.is_file():
            octets = path.read_bytes()
            assert not any(word in octets for word in (b"geheim", b"refresh-", b"Bearer")), path


def test_by_code(account: Program, provider: FakeOAuthServer) -> None:
    provider.pending = 1
    code, _, err = account.run("route", "login", "account", "--device")
    assert code == 0
    assert "ABCD-EFGH" in err
    assert account.call("route", "test", "account")["ok"]


def test_a_person_who_does_not_agree(account: Program, provider: FakeOAuthServer) -> None:
    provider.denies = True
    code, told = account.fails("route", "login", "account")
    assert code == 1
    assert "access_denied" in told


def test_a_route_with_a_password_has_nothing_to_sign_in_to(program: Program) -> None:
    program.call("route", "add", "plain", "--kind", "smarthost", "--host", "smtp.example.jp")
    code, told = program.fails("route", "login", "plain")
    assert code == 1
    assert "plain" in told
