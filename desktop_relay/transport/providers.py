"""The providers of tokens that are known here: the program's own, and those of the user's file."""

from __future__ import annotations

from pathlib import Path

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.oauth import OAuthClient, OAuthProvider
from desktop_relay.domain.route import Route
from desktop_relay.policy.providers import parse_providers
from resources import locate


def load_providers(further: str = "") -> dict[str, OAuthProvider]:
    """All by key, those of the file ``further`` over the program's own.

    Raises ``BadInput`` (``providers_invalid``, ``file_unreadable``).
    """
    own = locate("oauth", "providers.toml")
    providers = parse_providers(own.read_text(encoding="utf-8"), own.name)
    if further:
        try:
            text = Path(further).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(ErrorCode.FILE_UNREADABLE, path=further) from error
        providers |= parse_providers(text, further)
    return providers


def client_of_route(route: Route, client_secret: str, further: str = "") -> OAuthClient:
    """This program as the route's provider knows it; raises ``BadInput``, also for an unknown provider."""
    provider = load_providers(further).get(route.oauth)
    if provider is None:
        raise BadInput(ErrorCode.NO_SUCH_PROVIDER, name=route.oauth)
    return OAuthClient(provider, route.client_id, client_secret)
