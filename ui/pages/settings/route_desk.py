"""What the settings page does about routes: keep, delete, test, sign in, and what waits for them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desktop_relay.domain.campaign import ROUTE_FAULTS, CampaignState
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.oauth import SignInPrompt
from desktop_relay.domain.probe import ProbeResult
from desktop_relay.domain.route import Route
from desktop_relay.operations import account_usage, campaigns, carriers, routes, sign_in
from desktop_relay.operations.account_usage import AccountUsage
from desktop_relay.operations.campaigns import CampaignRow
from desktop_relay.operations.workspace import Workspace

from ui.context import Context
from ui.dialogs.route_desk import Surroundings


@dataclass(frozen=True, slots=True)
class RouteRow:
    """A route as the list shows it; ``usage`` where there is a limit of the day to compare it with."""

    route: Route
    usage: AccountUsage | None = None
    wants_sign_in: bool = False


class RouteDesk:
    """Every method that waits is a coroutine; no widgets here."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._tasks = context.tasks
        self._workspace = context.workspace

    async def rows(self) -> list[RouteRow]:
        """Every route, practice first."""
        return await self._tasks.in_worker(_rows, self._workspace)

    async def load(self, name: str) -> Route:
        """As it is kept now; raises ``NotFound``."""
        return await self._tasks.in_worker(routes.load, self._workspace, name)

    async def surroundings(self, route: Route | None) -> Surroundings:
        """What the dialog of a route, or of a new one, has to know."""
        language = self._context.language
        return await self._tasks.in_worker(_surroundings, self._workspace, route, language)

    async def save_route(self, route: Route, password: str | None, seen: Route | None = None) -> Route:
        """As it is kept now; ``seen`` is how it was before, ``None`` for a new one. Raises ``BadInput``,
        ``Refused``."""
        worker, ws = self._tasks.in_worker, self._workspace
        if seen is None:
            kept, changes = await worker(routes.add, ws, route, password)
        else:
            kept, changes = await worker(routes.change, ws, seen, route, password)
        self._context.publish(changes)
        return kept

    async def delete_route(self, name: str) -> Route:
        """Its password goes, too."""
        route, changes = await self._tasks.in_worker(routes.delete, self._workspace, name)
        self._context.publish(changes)
        return route

    async def probe(
        self, route: Route, password: str | None, to: str | None, call_off: Future[None]
    ) -> ProbeResult:
        """Connect, protect, log in; no mail is sent. Cancelling ``call_off`` ends it."""
        try:
            return await self._tasks.in_worker(routes.probe, self._workspace, route, password, to, call_off)
        finally:
            # the window may close: its thread must not wait for a silent server
            call_off.cancel()

    async def sign_in(
        self,
        name: str,
        tell: Callable[[SignInPrompt], None],
        call_off: Future[None],
        *,
        by_code: bool = False,
    ) -> None:
        """Wait until a person has agreed; raises ``BadInput``, ``Refused``."""
        try:
            _, changes = await self._tasks.in_worker(
                sign_in.sign_in,
                self._workspace,
                name,
                self._tasks.on_ui_thread(tell),
                by_code=by_code,
                call_off=call_off,
            )
        finally:
            # the window may close: its thread must not wait for somebody in a browser
            call_off.cancel()
        self._context.publish(changes)

    async def count_elsewhere(self, name: str, number: int) -> AccountUsage:
        """Other programs sent so many today; raises ``EngineUnreachable``."""
        count = account_usage.count_elsewhere
        found, changes = await self._tasks.in_worker(count, self._workspace, name, number)
        self._context.publish(changes)
        return found

    def open_page(self, page: str) -> bool:
        """Show a page in the browser; whether there is one."""
        return QDesktopServices.openUrl(QUrl(page))

    async def waiting(self, route: str) -> list[CampaignRow]:
        """The campaigns that something paused which has to do with ``route``."""
        return await self._tasks.in_worker(_waiting, self._workspace, route)

    async def resume(self, campaign: int) -> None:
        """Go on."""
        await self._tasks.in_worker(campaigns.resume, self._workspace, campaign)


def _rows(ws: Workspace) -> list[RouteRow]:
    return [
        RouteRow(
            route,
            account_usage.usage_of(ws, route)
            if route.daily_quota is not None or route.warmup is not None
            else None,
            sign_in.wants_sign_in(ws, route),
        )
        for route in routes.overview(ws)
    ]


def _has_password(ws: Workspace, name: str) -> bool:
    try:
        return routes.has_password(ws, name)
    except RelayError:
        return False  # unreadable: it has to be typed again


def _surroundings(ws: Workspace, route: Route | None, language: str) -> Surroundings:
    name = route.name if route is not None else ""
    others = [each for each in routes.overview(ws) if each.name != name]
    providers: dict[str, str] = {}
    code_givers: frozenset[str] = frozenset()
    trouble = None
    try:
        providers, code_givers = sign_in.providers(ws), sign_in.code_givers(ws)
    except RelayError as error:
        trouble = error
    return Surroundings(
        others=tuple(others),
        providers=providers,
        carriers=carriers.lane_names(language),
        code_givers=code_givers,
        trouble=trouble,
        has_password=bool(name) and _has_password(ws, name),
        usage=None if route is None else account_usage.usage_of(ws, route),
        is_signed_in=route is not None and bool(route.oauth) and not sign_in.wants_sign_in(ws, route),
    )


def _waiting(ws: Workspace, name: str) -> list[CampaignRow]:
    users = {name} | {route.name for route in routes.overview(ws) if name in route.named}
    return [
        row
        for row in campaigns.overview(ws)
        if row.route in users
        and row.state is CampaignState.PAUSED
        and campaigns.status(ws, row.id).pause_reason in ROUTE_FAULTS
    ]
