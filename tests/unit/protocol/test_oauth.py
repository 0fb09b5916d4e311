"""Tokens: forms and pages of the standards, and answers of any shape become a grant or a refusal."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.oauth import DeviceCode, Grant, OAuthClient, OAuthProvider, Refusal
from desktop_relay.protocol.oauth import (
    compose_authorize_page,
    compose_challenge,
    compose_code_form,
    compose_refresh_form,
    compose_sasl,
    parse_device_code,
    parse_grant,
)

PROVIDER = OAuthProvider(
    "fake",
    "Fake",
    "https://id.example/auth",
    "https://id.example/token",
    "mail",
    parameters={"prompt": "consent"},
)
CLIENT = OAuthClient(PROVIDER, "client", "geheim")


def test_the_challenge_of_the_standard() -> None:
    # RFC 7636 appendix B
    assert compose_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == (
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


def test_the_page_a_person_opens() -> None:
    page = compose_authorize_page(
        CLIENT, redirect="http://127.0.0.1:5/", state="s", verifier="v" * 43, user="anna@test.example"
    )
    query = {key: values[0] for key, values in parse_qs(urlsplit(page).query).items()}
    assert query == {
        "response_type": "code",
        "client_id": "client",
        "redirect_uri": "http://127.0.0.1:5/",
        "scope": "mail",
        "state": "s",
        "code_challenge": compose_challenge("v" * 43),
        "code_challenge_method": "S256",
        "login_hint": "anna@test.example",
        "prompt": "consent",
    }
    assert "geheim" not in page


def test_forms() -> None:
    assert compose_refresh_form(CLIENT, "r") == {
        "grant_type": "refresh_token",
        "refresh_token": "r",
        "client_id": "client",
        "client_secret": "geheim",
    }
    form = compose_code_form(OAuthClient(PROVIDER, "client"), code="c", redirect="http://x/", verifier="v")
    assert form["code_verifier"] == "v"
    assert "client_secret" not in form


@pytest.mark.parametrize(
    ("status", "answer", "wanted"),
    [
        (200, {"access_token": "a", "expires_in": 10}, Grant("a", 10)),
        (200, {"access_token": "a", "expires_in": "10", "refresh_token": "r"}, Grant("a", 10, "r")),
        (200, {"access_token": "a"}, Grant("a", 3600)),
        (200, {"access_token": "a", "expires_in": -1}, Grant("a", 3600)),
        (200, {"access_token": "a", "expires_in": 1e300}, Grant("a", 86_400)),
        (200, {"access_token": "a b"}, Refusal("http_200", temporary=True)),
        (200, {"access_token": "a\r\nQUIT"}, Refusal("http_200", temporary=True)),
        (200, {}, Refusal("http_200", temporary=True)),
        (400, {"error": "invalid_grant"}, Refusal("invalid_grant")),
        (
            400,
            {"error": "invalid_grant", "error_description": "no r-geheim\n"},
            Refusal("invalid_grant", "no ********"),
        ),
        (401, {"error": "invalid_client"}, Refusal("invalid_client")),
        (400, {"error": "authorization_pending"}, Refusal("authorization_pending", temporary=True)),
        (503, {"error": "server_error"}, Refusal("server_error", temporary=True)),
        (429, {"error": "too_many"}, Refusal("too_many", temporary=True)),
        (502, {}, Refusal("http_502", temporary=True)),
        (400, {"error": {"code": 5}}, Refusal("http_400", temporary=True)),
    ],
)
def test_answers(status: int, answer: object, wanted: object) -> None:
    assert parse_grant(status, json.dumps(answer).encode(), ("r-geheim", "")) == wanted


def test_device_codes() -> None:
    answer = {
        "device_code": "d",
        "user_code": "AB",
        "verification_url": "https://x.example/",
        "expires_in": 60,
    }
    assert parse_device_code(200, json.dumps(answer).encode()) == DeviceCode(
        "d", "AB", "https://x.example/", 60, 5
    )
    assert isinstance(parse_device_code(200, b"{}"), Refusal)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
known = st.sampled_from(
    ["access_token", "refresh_token", "expires_in", "error", "error_description", "device_code"]
)


@given(
    st.integers(100, 599),
    st.binary(max_size=60) | st.dictionaries(known, json_values).map(lambda d: json.dumps(d).encode()),
)
def test_no_answer_breaks_it(status: int, body: bytes) -> None:
    for parse in (parse_grant, parse_device_code):
        answer = parse(status, body)
        if isinstance(answer, Refusal):
            assert answer.detail.isprintable()
        else:
            assert status == 200


def test_what_is_said_to_the_server() -> None:
    assert base64.b64decode(compose_sasl("XOAUTH2", "a@x.example", "tok", "h", 25)) == (
        b"user=a@x.example\x01auth=Bearer tok\x01\x01"
    )
    assert base64.b64decode(compose_sasl("OAUTHBEARER", "a=b,c@x.example", "tok", "h.example", 587)) == (
        b"n,a=a=3Db=2Cc@x.example,\x01host=h.example\x01port=587\x01auth=Bearer tok\x01\x01"
    )


def test_secrets_are_not_shown() -> None:
    shown = repr([CLIENT, Grant("a-geheim", 1, "r-geheim"), DeviceCode("d-geheim", "AB", "p", 1, 1)])
    assert "geheim" not in shown
