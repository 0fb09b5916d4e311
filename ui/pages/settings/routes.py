"""Routes on the settings page: the card, its dialog, and what goes on once a route is mended."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.route import Route, RouteKind

from ui.context import Context
from ui.dialogs.route_dialog import RouteDialog
from ui.pages.settings.dialogs import Dialogs
from ui.pages.settings.route_card import RouteCard
from ui.pages.settings.route_desk import RouteDesk
from ui.widgets.page_frame import PageFrame


class Routes(QObject):
    """``card`` is what the page shows of it."""

    def __init__(self, context: Context, frame: PageFrame, dialogs: Dialogs, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._frame, self._dialogs = context, frame, dialogs
        self._desk = RouteDesk(context)
        self.card = RouteCard()
        self.card.added.connect(self.add)
        self.card.edited.connect(self._edit)
        self.card.deleted.connect(self._delete)

    async def read(self) -> list[Route]:
        """Show all of them, and answer them."""
        rows = await self._desk.rows()
        self.card.show_rows(rows)
        return [row.route for row in rows]

    def add(self) -> None:
        """A new one."""
        self._context.tasks.start(self._open(""))

    def edit_named(self, name: str, routes: list[Route]) -> None:
        """The dialog of one that another page named; practice has none."""
        for route in routes:
            if route.name == name and route.kind is not RouteKind.SANDBOX:
                self._edit(route)

    def _edit(self, route: Route) -> None:
        self._context.tasks.start(self._open(route.name))

    async def _open(self, name: str) -> None:
        """As it is kept now: since the list was read, another window or a command may have changed it."""
        try:
            route = await self._desk.load(name) if name else None
        except RelayError as error:
            self._dialogs.refuse(error)
            await self.read()
            return
        around = await self._desk.surroundings(route)
        dialog = RouteDialog(self._context, self._desk, route, around, self._frame.window())
        dialog.wanted.connect(self._keep)
        dialog.signed_in.connect(self._go_on)
        self._dialogs.open(dialog)
        if around.trouble is not None:
            dialog.show_error(around.trouble)

    def _keep(self, route: Route, password: str | None, seen: Route | None = None) -> None:
        self._context.tasks.start(self._kept(route, password, seen))

    async def _kept(self, route: Route, password: str | None, seen: Route | None) -> None:
        try:
            await self._desk.save_route(route, password, seen)
        except RelayError as error:
            self._dialogs.refuse(error)
            await self.read()  # what stands in the way may have come from another window or a command
            return
        self._dialogs.close()
        await self._offer_to_go_on(route.name)

    def _go_on(self, name: str) -> None:
        self._context.tasks.start(self._offer_to_go_on(name))

    async def _offer_to_go_on(self, name: str) -> None:
        """To those campaigns that what was mended had stopped."""
        for row in await self._desk.waiting(name):
            text = self.tr("“{name}” is paused and waits for this route.").format(name=row.name)
            notice = self._frame.tell(text, "info", self.tr("Go on sending"), name=f"waiting-{row.id}")
            notice.acted.connect(partial(self._resume, row.id))
            notice.acted.connect(notice.dismiss)

    def _resume(self, campaign: int) -> None:
        self._context.tasks.start(self._resumed(campaign))

    async def _resumed(self, campaign: int) -> None:
        try:
            await self._desk.resume(campaign)
        except RelayError as error:
            self._dialogs.refuse(error)

    def _delete(self, route: Route) -> None:
        self._context.tasks.start(self._deleted(route))

    async def _deleted(self, route: Route) -> None:
        try:
            gone = await self._desk.delete_route(route.name)
        except RelayError as error:
            self._dialogs.refuse(error)
            await self.read()
            return
        text = self.tr("“{name}” was deleted, its password too.").format(name=route.name)
        self._frame.undo_bar.offer(text, partial(self._keep, gone, None))
