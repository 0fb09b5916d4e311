"""Tokens as octets: requests and answers of RFC 6749, 7636 and 8628, and the SASL words of RFC 7628."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from desktop_relay.domain.oauth import DeviceCode, Grant, OAuthClient, Refusal

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

_USUAL_SECONDS = 3600.0  # where a provider does not say, RFC 6749 4.2.2 leaves it to its documents
_LONGEST_SECONDS = 86_400.0
_USUAL_INTERVAL_SECONDS = 5.0  # RFC 8628 3.2
_LONGEST_DETAIL = 200
_LONGEST_TOKEN = 16_384
_PASSING = frozenset({"temporarily_unavailable", "server_error", "slow_down", "authorization_pending"})

Form = Mapping[str, str]


def compose_challenge(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def compose_authorize_page(
    client: OAuthClient, *, redirect: str, state: str, verifier: str, user: str
) -> str:
    """The address a person opens in the browser to agree (RFC 6749 4.1.1, RFC 8252)."""
    provider = client.provider
    query = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": redirect,
        "scope": provider.scope,
        "state": state,
        "code_challenge": compose_challenge(verifier),
        "code_challenge_method": "S256",
        **({"login_hint": user} if user else {}),
        **provider.parameters,
    }
    mark = "&" if urlsplit(provider.authorize).query else "?"
    return f"{provider.authorize}{mark}{urlencode(query)}"


def compose_code_form(client: OAuthClient, *, code: str, redirect: str, verifier: str) -> Form:
    """The code the browser brought, for tokens (RFC 6749 4.1.3)."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
    return form | {"code_verifier": verifier} | _identity(client)


def compose_refresh_form(client: OAuthClient, refresh: str) -> Form:
    """A refresh token for a new access token (RFC 6749 6)."""
    return {"grant_type": "refresh_token", "refresh_token": refresh} | _identity(client)


def compose_device_form(client: OAuthClient) -> Form:
    """The request for a code to type elsewhere (RFC 8628 3.1)."""
    return {"client_id": client.client_id, "scope": client.provider.scope}


def compose_poll_form(client: OAuthClient, code: str) -> Form:
    """Whether the person has agreed by now (RFC 8628 3.4)."""
    return {"grant_type": DEVICE_GRANT, "device_code": code} | _identity(client)


def _identity(client: OAuthClient) -> dict[str, str]:
    secret = {"client_secret": client.client_secret} if client.client_secret else {}
    return {"client_id": client.client_id} | secret


def parse_grant(status: int, body: bytes, secrets: tuple[str, ...] = ()) -> Grant | Refusal:
    """The answer of a token endpoint; ``secrets`` are taken out of what is told on. Raises nothing."""
    answer = _document(body)
    access = answer.get("access_token")
    if status == 200 and _is_token(access):
        refresh = answer.get("refresh_token")
        seconds = _seconds(answer.get("expires_in"), _USUAL_SECONDS)
        return Grant(
            str(access), min(seconds, _LONGEST_SECONDS), str(refresh) if _is_token(refresh) else None
        )
    return _refusal(status, answer, secrets)


def parse_device_code(status: int, body: bytes) -> DeviceCode | Refusal:
    """The answer of a device endpoint. Raises nothing."""
    answer = _document(body)
    # Google says url where the standard says uri
    page = answer.get("verification_uri") or answer.get("verification_url")
    code, user_code = answer.get("device_code"), answer.get("user_code")
    texts = (code, user_code, page)
    if status == 200 and all(isinstance(text, str) and text and text.isprintable() for text in texts):
        seconds = _seconds(answer.get("expires_in"), _USUAL_SECONDS)
        interval = max(1.0, _seconds(answer.get("interval"), _USUAL_INTERVAL_SECONDS))
        return DeviceCode(str(code), str(user_code), str(page), min(seconds, _USUAL_SECONDS), interval)
    return _refusal(status, answer, ())


def compose_sasl(mechanism: str, user: str, token: str, host: str, port: int) -> bytes:
    """The initial response of XOAUTH2 or OAUTHBEARER (RFC 7628 3.1), base64."""
    if mechanism == "OAUTHBEARER":
        name = user.replace("=", "=3D").replace(",", "=2C")  # RFC 5801 4: saslname
        text = f"n,a={name},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01"
    else:
        text = f"user={user}\x01auth=Bearer {token}\x01\x01"
    return base64.b64encode(text.encode())


def _document(body: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _is_token(text: object) -> bool:
    # RFC 6749 A.12: VSCHAR; a space or a control would end the line it is said on
    return (
        isinstance(text, str)
        and 0 < len(text) <= _LONGEST_TOKEN
        and all("!" <= character <= "~" for character in text)
    )


def _seconds(value: object, usual: float) -> float:
    try:
        seconds = float(value) if isinstance(value, (int, float, str)) else usual
    except (ValueError, OverflowError):
        return usual
    return seconds if 0 < seconds < float("inf") else usual


def _refusal(status: int, answer: Mapping[str, Any], secrets: tuple[str, ...]) -> Refusal:
    error = answer.get("error")
    code = error if isinstance(error, str) and error.isascii() and error.isprintable() else f"http_{status}"
    detail = str(answer.get("error_description", ""))
    for secret in secrets:
        detail = detail.replace(secret, "********") if secret else detail
    shown = "".join(char if char.isprintable() else " " for char in detail).strip()[:_LONGEST_DETAIL]
    # an answer that is none of the standard's says nothing about the tokens
    passing = status >= 500 or status == 429 or code in _PASSING or not isinstance(error, str)
    return Refusal(code[:_LONGEST_DETAIL], shown, temporary=passing)
