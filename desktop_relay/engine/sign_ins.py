"""The access tokens of accounts that were signed in to: one set for all lines of a route."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path

from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.oauth import OAuthClient
from desktop_relay.domain.route import Route
from desktop_relay.store.connection import Database
from desktop_relay.store.kept_sign_in import KeptSignIn
from desktop_relay.store.vault import Vault, password_name, sign_in_name
from desktop_relay.transport.access_tokens import AccessTokens
from desktop_relay.transport.providers import client_of_route
from desktop_relay.transport.token_endpoint import TokenEndpoint

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a person agreed to at a provider for the account of a route."""

    route: str
    client: OAuthClient
    refresh: str = field(repr=False)


class SignIns:
    """``tokens`` are shared as long as the sign-in behind them is the same."""

    def __init__(self, directory: Path, vault: Vault) -> None:
        self._directory = directory
        self._vault = vault
        self._tokens: dict[str, tuple[SignIn, str, AccessTokens]] = {}

    def load(self, library: Database, route: Route, providers_file: str) -> SignIn | None:
        """The sign-in of ``route``; ``None`` without one that could be used. Does disk work."""
        try:
            refresh = self._vault.get(library, sign_in_name(route.name))
            if refresh is None:
                return None
            secret = self._vault.get(library, password_name(route.name)) or ""
            return SignIn(route.name, client_of_route(route, secret, providers_file), refresh)
        except RelayError as error:
            log.warning("the sign-in of a route cannot be used: %s", error.code)
            return None

    def tokens(self, sign_in: SignIn, ca_file: str | None) -> AccessTokens:
        """The tokens of an account."""
        known = self._tokens.get(sign_in.route)
        if known is not None and known[:2] == (sign_in, ca_file or ""):
            return known[2]
        tokens = AccessTokens(
            TokenEndpoint(sign_in.client, ca_file=ca_file),
            sign_in.refresh,
            kept=KeptSignIn(self._directory, self._vault, sign_in.route),
        )
        self._tokens[sign_in.route] = (sign_in, ca_file or "", tokens)
        return tokens
