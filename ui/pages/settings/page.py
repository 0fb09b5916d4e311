"""The settings page: mail servers, senders, general settings."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop_relay.domain.changes import Changes
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.route import Route, RouteKind, TlsMode

from ui.context import Context
from ui.dialogs.dns_dialog import DnsDialog
from ui.dialogs.identity_dialog import IdentityDialog
from ui.dialogs.route_dialog import RouteDialog
from ui.pages.settings.entry_list import EntryList
from ui.pages.settings.general import General
from ui.pages.settings.presenter import Presenter
from ui.widgets.page_frame import PageFrame


class Page(QWidget):
    """``activate("routes")`` and ``"senders"`` open a new one; ``("route", name)``, ``("sender", address)``
    and ``("signature", address)`` open what is there."""

    navigate = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._presenter = Presenter(context)
        self.dialog: RouteDialog | IdentityDialog | DnsDialog | None = None
        self.frame = PageFrame(self.tr("Settings"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.routes = EntryList(
            self.tr("Mail servers"),
            self.tr(
                "Where mail goes next. Practice reaches nobody; for real mail add your provider's server."
            ),
            self.tr("&Add a mail server"),
        )
        self.routes.added.connect(self._new_route)
        self.senders = EntryList(
            self.tr("Senders"),
            self.tr("Who the mail comes from, with the signature that proves it."),
            self.tr("Add a &sender"),
        )
        self.senders.added.connect(self._new_sender)
        self.general = General()
        self.general.changed.connect(self._set_value)
        content = QWidget()
        content.setProperty("scrollBody", "true")
        cards = QVBoxLayout(content)
        cards.setContentsMargins(0, 0, 6, 0)
        cards.setSpacing(12)
        for card in (self.routes, self.senders, self.general):
            cards.addWidget(card)
        cards.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        self.frame.body.addWidget(scroll, 1)
        context.changed.changed.connect(self._follow)

    def activate(self, argument: object | None = None) -> None:
        """Read everything; an argument opens what is missing or has to be mended."""
        self._context.tasks.start(self._read(argument))

    async def _read(self, argument: object | None = None) -> None:
        routes = await self._presenter.routes()
        senders = await self._presenter.identities()
        self._show_routes(routes)
        self._show_senders(senders)
        self.general.show_values(await self._presenter.settings())
        if argument == "routes":
            self._new_route()
        elif argument == "senders":
            self._new_sender()
        elif isinstance(argument, tuple):
            self._open_named(str(argument[0]), str(argument[1]), routes, senders)

    def _open_named(self, noun: str, name: str, routes: list[Route], senders: list[Identity]) -> None:
        for route in routes:
            if noun == "route" and route.name == name and route.kind is not RouteKind.SANDBOX:
                self._edit_route(route)
        for sender in senders:
            if noun == "sender" and sender.address == name:
                self._edit_sender(sender)
            elif noun == "signature" and sender.address == name:
                self._show_records(sender)

    def _follow(self, changes: Changes) -> None:
        if (changes.routes or changes.identities or changes.settings) and self.isVisible():
            self._context.tasks.start(self._read())

    # -- mail servers

    def _show_routes(self, routes: list[Route]) -> None:
        self.routes.clear()
        for route in routes:
            if route.kind is RouteKind.SANDBOX:
                self.routes.add_entry(self.tr("Practice"), self.tr("carriers played on this computer"), [])
                continue
            buttons = [
                (self.tr("Edit…"), "quiet", partial(self._edit_route, route)),
                (self.tr("Delete"), "danger", partial(self._delete_route, route)),
            ]
            self.routes.add_entry(route.name, self._describe(route), list(buttons))

    def _describe(self, route: Route) -> str:
        if route.kind is RouteKind.DIRECT:
            return self.tr("straight to each recipient's server")
        tls = {
            TlsMode.STARTTLS: "STARTTLS",
            TlsMode.TLS: "TLS",
            TlsMode.NONE: self.tr("not encrypted"),
        }[route.tls]
        who = f" · {route.user}" if route.user else ""
        return f"{route.host}:{route.port} · {tls}{who}"

    def _new_route(self) -> None:
        self._open_route(None, has_password=False)

    def _edit_route(self, route: Route, *_checked: bool) -> None:
        self._context.tasks.start(self._edit_route_with_password(route))

    async def _edit_route_with_password(self, route: Route) -> None:
        try:
            kept = await self._presenter.has_password(route.name)
        except RelayError:
            kept = False  # unreadable: it has to be typed again
        self._open_route(route, has_password=kept)

    def _open_route(self, route: Route | None, *, has_password: bool) -> None:
        dialog = RouteDialog(
            self._context, self._presenter.probe, route, has_password=has_password, parent=self.window()
        )
        dialog.wanted.connect(self._keep_route)
        self._open(dialog)

    def _keep_route(self, route: Route, password: str | None) -> None:
        self._context.tasks.start(self._kept_route(route, password))

    async def _kept_route(self, route: Route, password: str | None) -> None:
        try:
            await self._presenter.save_route(route, password)
        except RelayError as error:
            self._refuse(error)
        else:
            self._close()

    def _delete_route(self, route: Route, *_checked: bool) -> None:
        self._context.tasks.start(self._deleted_route(route))

    async def _deleted_route(self, route: Route) -> None:
        try:
            await self._presenter.delete_route(route.name)
        except RelayError as error:
            self._refuse(error)
            return
        text = self.tr("“{name}” was deleted, its password too.").format(name=route.name)
        self.frame.undo_bar.offer(text, partial(self._keep_route, route, None))

    # -- senders

    def _show_senders(self, senders: list[Identity]) -> None:
        self.senders.clear()
        for sender in senders:
            signed = self.tr("signed (DKIM)") if sender.selector else self.tr("not signed yet")
            postal = sender.postal or self.tr("no postal address yet")
            self.senders.add_entry(
                f"{sender.name} <{sender.address}>" if sender.name else sender.address,
                f"{signed} · {postal}",
                [
                    (self.tr("Signature (DKIM)…"), "quiet", partial(self._show_records, sender)),
                    (self.tr("Edit…"), "quiet", partial(self._edit_sender, sender)),
                    (self.tr("Delete"), "danger", partial(self._delete_sender, sender)),
                ],
            )

    def _new_sender(self) -> None:
        self._open_sender(None)

    def _edit_sender(self, sender: Identity, *_checked: bool) -> None:
        self._open_sender(sender)

    def _open_sender(self, sender: Identity | None) -> None:
        dialog = IdentityDialog(self._context, sender, self.window())
        dialog.wanted.connect(self._keep_sender)
        self._open(dialog)

    def _keep_sender(self, sender: Identity) -> None:
        self._context.tasks.start(self._kept_sender(sender))

    async def _kept_sender(self, sender: Identity) -> None:
        try:
            await self._presenter.save_identity(sender)
        except RelayError as error:
            self._refuse(error)
        else:
            self._close()

    def _delete_sender(self, sender: Identity, *_checked: bool) -> None:
        self._context.tasks.start(self._deleted_sender(sender))

    async def _deleted_sender(self, sender: Identity) -> None:
        await self._presenter.delete_identity(sender.address)
        text = self.tr("“{name}” was deleted.").format(name=sender.address)
        self.frame.undo_bar.offer(text, partial(self._keep_sender, sender))

    def _show_records(self, sender: Identity, *_checked: bool) -> None:
        self._context.tasks.start(self._shown_records(sender))

    async def _shown_records(self, sender: Identity) -> None:
        try:
            records = await self._presenter.dns_records(sender.address)
        except RelayError as error:
            self._refuse(error)
            return
        self._open(DnsDialog(sender.domain, records, self.window()))

    # -- general

    def _set_value(self, key: str, text: str) -> None:
        self._context.tasks.start(self._changed_value(key, text))

    async def _changed_value(self, key: str, text: str) -> None:
        try:
            await self._presenter.set_value(key, text)
        except RelayError as error:
            self._refuse(error)
            return
        if key == "ui.language":
            self.frame.tell(
                self.tr("The language changes when the window is opened again."), "info", name="language"
            )

    # -- dialogs

    def _open(self, dialog: RouteDialog | IdentityDialog | DnsDialog) -> None:
        self._close()
        self.dialog = dialog
        dialog.finished.connect(self._forget)
        dialog.open()

    def _close(self) -> None:
        if self.dialog is not None:
            self.dialog.accept()

    def _forget(self, _result: int) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _refuse(self, error: RelayError) -> None:
        if isinstance(self.dialog, (RouteDialog, IdentityDialog)):
            self.dialog.show_error(error)
        else:
            self.frame.tell(self._context.describe(error), "bad", name="settings")
