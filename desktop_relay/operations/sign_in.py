"""Signing in to a mail account at its provider, for routes that send with tokens instead of a password."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future

from desktop_relay.domain.changes import Changes
from desktop_relay.domain.command import ReloadSettings
from desktop_relay.domain.errors import ErrorCode, NotFound, Refused, RelayError
from desktop_relay.domain.oauth import Grant, OAuthClient, Refusal, SignInPrompt
from desktop_relay.domain.route import Route
from desktop_relay.operations.calling_off import until_called_off
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.kept_sign_in import KeptSignIn
from desktop_relay.store.routes import load_route
from desktop_relay.store.settings import load_settings
from desktop_relay.store.vault import password_name, sign_in_name
from desktop_relay.transport.access_tokens import AccessTokens
from desktop_relay.transport.providers import client_of_route, load_providers
from desktop_relay.transport.sign_in import sign_in_by_browser, sign_in_by_code
from desktop_relay.transport.token_endpoint import TokenEndpoint

_CODES = {
    "timed_out": ErrorCode.SIGN_IN_TIMED_OUT,
    "called_off": ErrorCode.SIGN_IN_CALLED_OFF,
    "no_device_flow": ErrorCode.NO_DEVICE_FLOW,
}


def providers(ws: Workspace) -> dict[str, str]:
    """The providers one can sign in to, by key with their names; raises ``BadInput``."""
    known = load_providers(_providers_file(ws))
    return {provider.key: provider.name for provider in known.values()}


def code_givers(ws: Workspace) -> frozenset[str]:
    """Those of the providers, by key, that give out codes to type on another device; raises ``BadInput``."""
    known = load_providers(_providers_file(ws))
    return frozenset(provider.key for provider in known.values() if provider.device)


def wants_sign_in(ws: Workspace, route: Route) -> bool:
    """Whether somebody has to sign in before mail can go over ``route``: no sign-in is kept, or none that
    can be read."""
    try:
        return bool(route.oauth) and ws.vault.get(ws.library, sign_in_name(route.name)) is None
    except RelayError:
        return True


def sign_in(
    ws: Workspace,
    name: str,
    tell: Callable[[SignInPrompt], None],
    *,
    by_code: bool = False,
    call_off: Future[None] | None = None,
) -> tuple[Route, Changes]:
    """Wait until a person has agreed at the provider, and keep what it gives; minutes may pass.

    ``tell`` is given the page to open, with ``by_code`` also the code to type there. Cancelling ``call_off``,
    from any thread, ends the wait. Raises ``NotFound``, ``BadInput``, ``Refused`` (``route_without_oauth``,
    ``sign_in_refused``, ``sign_in_called_off`` and the like).
    """
    route = load_route(ws.library, name)
    if route is None:
        raise NotFound(ErrorCode.NO_SUCH_ROUTE, name=name)
    if not route.oauth:
        raise Refused(ErrorCode.ROUTE_WITHOUT_OAUTH, name=name)
    endpoint = TokenEndpoint(_client(ws, route), ca_file=_ca_file(ws))
    flow = sign_in_by_code(endpoint, tell) if by_code else sign_in_by_browser(endpoint, route.user, tell)
    answer = asyncio.run(until_called_off(flow, call_off or Future())) or Refusal("called_off")
    if isinstance(answer, Grant) and answer.refresh is None:
        answer = Refusal("no_refresh_token")
    if isinstance(answer, Refusal):
        raise _refused(route, answer)
    ws.vault.put(ws.library, sign_in_name(name), answer.refresh or "")
    ws.engine.find(ReloadSettings())
    return route, Changes(routes=True)


def tokens_of_route(ws: Workspace, route: Route) -> AccessTokens | None:
    """Tokens for a test of the route; ``None`` while nobody has signed in. Raises ``BadInput``."""
    refresh = ws.vault.get(ws.library, sign_in_name(route.name))
    if refresh is None:
        return None
    kept = KeptSignIn(ws.directory, ws.vault, route.name)
    return AccessTokens(TokenEndpoint(_client(ws, route), ca_file=_ca_file(ws)), refresh, kept=kept)


def _client(ws: Workspace, route: Route) -> OAuthClient:
    secret = ws.vault.get(ws.library, password_name(route.name)) or ""
    return client_of_route(route, secret, _providers_file(ws))


def _refused(route: Route, refusal: Refusal) -> Refused:
    code = _CODES.get(refusal.error, ErrorCode.SIGN_IN_REFUSED)
    return Refused(
        code, name=route.name, provider=route.oauth, detail=f"{refusal.error} {refusal.detail}".strip()
    )


def _providers_file(ws: Workspace) -> str:
    return str(load_settings(ws.library)["oauth.providers_file"])


def _ca_file(ws: Workspace) -> str | None:
    return str(load_settings(ws.library)["tls.ca_file"]) or None
