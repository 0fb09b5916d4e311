"""Signing in to a mail account by tokens instead of a password (RFC 6749): who gives them, and what came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OAuthProvider:
    """Who gives out tokens: its endpoints, and the scope that lets mail be sent.

    ``device`` is empty where codes to type on another device are not given out for mail (RFC 8628).
    ``redirect`` is the host under which the browser comes back to this computer (RFC 8252 7.3).
    """

    key: str
    name: str
    authorize: str
    token: str
    scope: str
    device: str = ""
    redirect: str = "127.0.0.1"
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """This program as the provider knows it: what the user registered there."""

    provider: OAuthProvider
    client_id: str
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """Tokens: ``access`` is good for so many seconds, ``refresh`` gets the next, if one came along."""

    access: str = field(repr=False)
    seconds: float
    refresh: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a person types on ``page`` (RFC 8628 3.2); we ask for the tokens with ``code`` meanwhile."""

    code: str = field(repr=False)
    user_code: str
    page: str
    seconds: float
    interval_seconds: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """No tokens: ``error`` as RFC 6749 5.2 names it, ``detail`` in the provider's words, secrets removed.

    What is not ``temporary`` needs a person.
    """

    error: str
    detail: str = ""
    temporary: bool = False


@dataclass(frozen=True, slots=True)
class SignInPrompt:
    """What a person is shown: the page to open, and the code to type there, if any; good for ``seconds``."""

    page: str
    user_code: str = ""
    seconds: float | None = None
