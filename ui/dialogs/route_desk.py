"""What the route dialog is told at its birth, and what it has done for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.oauth import SignInPrompt
from desktop_relay.domain.probe import ProbeResult
from desktop_relay.domain.route import Route
from desktop_relay.operations.account_usage import AccountUsage


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The ``others`` that a route may name, the ``providers`` to sign in to (by key, with their names), and
    what is kept of the route itself. ``carriers`` are the lanes that rules may name, with their names;
    ``code_givers`` the providers that give out codes to sign in on another device; ``usage`` how the account
    stands today, where it is kept; ``trouble`` why there are no providers."""

    others: tuple[Route, ...] = ()
    providers: Mapping[str, str] = field(default_factory=dict)
    carriers: Mapping[str, str] = field(default_factory=dict)
    code_givers: frozenset[str] = frozenset()
    has_password: bool = False
    is_signed_in: bool = False
    usage: AccountUsage | None = None
    trouble: RelayError | None = None


class RouteDesk(Protocol):
    """Who does the dialog's work; every method raises ``RelayError``."""

    async def probe(
        self, route: Route, password: str | None, to: str | None, call_off: Future[None]
    ) -> ProbeResult:
        """Connect, protect, log in; no mail is sent. Cancelling ``call_off`` ends it."""
        ...

    async def save_route(self, route: Route, password: str | None, seen: Route | None = None) -> Route:
        """Keep it, and answer how; ``seen`` is how it was before, ``None`` for a new one."""
        ...

    async def sign_in(
        self,
        name: str,
        tell: Callable[[SignInPrompt], None],
        call_off: Future[None],
        *,
        by_code: bool = False,
    ) -> None:
        """Wait until a person has agreed at the provider, or ``call_off`` was cancelled."""
        ...

    async def count_elsewhere(self, name: str, number: int) -> AccountUsage:
        """Other programs sent so many today over the kept account ``name``."""
        ...

    def open_page(self, page: str) -> bool:
        """Show a page in the browser; whether there is one."""
        ...
