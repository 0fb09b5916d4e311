"""The settings page: routes, senders, general settings."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop_relay.domain.address import readable_address
from desktop_relay.domain.changes import Changes
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.route import Route
from desktop_relay.domain.settings import Setting, Value

from ui.context import Context
from ui.dialogs.dns_dialog import DnsDialog
from ui.dialogs.identity_dialog import IdentityDialog
from ui.dialogs.route_dialog import RouteDialog
from ui.pages.settings.backups import Backups
from ui.pages.settings.dialogs import Dialogs
from ui.pages.settings.entry_list import EntryList
from ui.pages.settings.general import General
from ui.pages.settings.presenter import Presenter
from ui.pages.settings.routes import Routes
from ui.widgets.page_frame import PageFrame


class Page(QWidget):
    """``activate("routes")`` and ``"senders"`` open a new one; ``("route", name)``, ``("sender", address)``
    and ``("signature", address)`` open what is there."""

    navigate = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._presenter = Presenter(context)
        self._senders: list[Identity] = []
        self._values: list[tuple[Setting, Value]] = []
        self.frame = PageFrame(self.tr("Settings"))
        self._dialogs = Dialogs(context, self.frame)
        self._routes = Routes(context, self.frame, self._dialogs, self)
        self.routes = self._routes.card
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.senders = EntryList(
            self.tr("Senders"),
            self.tr("Who the mail comes from, with the signature that proves it."),
            self.tr("Add a &sender"),
        )
        self.senders.added.connect(self._new_sender)
        self.general = General()
        self.general.changed.connect(self._set_value)
        self.backups = Backups(context)
        content = QWidget()
        content.setProperty("scrollBody", "true")
        cards = QVBoxLayout(content)
        cards.setContentsMargins(0, 0, 6, 0)
        cards.setSpacing(12)
        for card in (self.routes, self.senders, self.backups, self.general):
            cards.addWidget(card)
        cards.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        self.frame.body.addWidget(scroll, 1)
        context.changed.changed.connect(self._follow)

    @property
    def dialog(self) -> RouteDialog | IdentityDialog | DnsDialog | None:
        """The one that is open."""
        return self._dialogs.current

    def activate(self, argument: object | None = None) -> None:
        """Read everything; an argument opens what is missing or has to be mended."""
        self._context.tasks.start(self._read(argument))

    def changeEvent(self, event: QEvent) -> None:
        """Who comes back from another window or a terminal may have changed something there."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow() and self.isVisible():
            self._context.tasks.start(self._read())

    async def _read(self, argument: object | None = None, *, told: bool = False) -> None:
        """``told`` when everybody knows already that something changed."""
        self.backups.refresh()
        routes = await self._routes.read()
        senders = await self._presenter.identities()
        if senders != self._senders:
            self._show_senders(senders)
        before, self._values = self._values, await self._presenter.settings()
        self.general.show_values(self._values)
        if before and before != self._values and not told:
            self._context.publish(Changes(settings=True))
        if argument == "routes":
            self._routes.add()
        elif argument == "senders":
            self._new_sender()
        elif isinstance(argument, tuple):
            self._open_named(str(argument[0]), str(argument[1]), routes, senders)

    def _open_named(self, noun: str, name: str, routes: list[Route], senders: list[Identity]) -> None:
        if noun == "route":
            self._routes.edit_named(name, routes)
        for sender in senders:
            if noun == "sender" and sender.address == name:
                self._edit_sender(sender)
            elif noun == "signature" and sender.address == name:
                self._show_records(sender)

    def _follow(self, changes: Changes) -> None:
        if (changes.routes or changes.identities or changes.settings) and self.isVisible():
            self._context.tasks.start(self._read(told=True))

    # -- senders

    def _show_senders(self, senders: list[Identity]) -> None:
        self._senders = senders
        self.senders.clear()
        for sender in senders:
            signed = self.tr("signed (DKIM)") if sender.selector else self.tr("not signed yet")
            postal = sender.postal or self.tr("no postal address yet")
            address = readable_address(sender.address)
            self.senders.add_entry(
                f"{sender.name} <{address}>" if sender.name else address,
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
        self._context.tasks.start(self._edited_sender(sender.address))

    async def _edited_sender(self, address: str) -> None:
        """As it is kept now: since the list was read, another window or a command may have changed it."""
        try:
            sender = await self._presenter.identity(address)
        except RelayError as error:
            await self._refuse(error)
        else:
            self._open_sender(sender)

    async def _refuse(self, error: RelayError) -> None:
        """What stands in the way may have come from another window or a command: look again."""
        self._dialogs.refuse(error)
        self._show_senders(await self._presenter.identities())

    def _open_sender(self, sender: Identity | None) -> None:
        dialog = IdentityDialog(self._context, sender, self.window())
        dialog.wanted.connect(self._keep_sender)
        self._dialogs.open(dialog)

    def _keep_sender(self, sender: Identity, seen: Identity | None = None) -> None:
        self._context.tasks.start(self._kept_sender(sender, seen))

    async def _kept_sender(self, sender: Identity, seen: Identity | None) -> None:
        try:
            await self._presenter.save_identity(sender, seen)
        except RelayError as error:
            await self._refuse(error)
        else:
            self._dialogs.close()

    def _delete_sender(self, sender: Identity, *_checked: bool) -> None:
        self._context.tasks.start(self._deleted_sender(sender))

    async def _deleted_sender(self, sender: Identity) -> None:
        try:
            gone = await self._presenter.delete_identity(sender.address)
        except RelayError as error:
            await self._refuse(error)
            return
        text = self.tr("“{name}” was deleted.").format(name=readable_address(gone.address))
        self.frame.undo_bar.offer(text, partial(self._keep_sender, gone))

    def _show_records(self, sender: Identity, *_checked: bool) -> None:
        self._context.tasks.start(self._shown_records(sender))

    async def _shown_records(self, sender: Identity) -> None:
        try:
            records = await self._presenter.dns_records(sender.address)
        except RelayError as error:
            await self._refuse(error)
            return
        self._dialogs.open(DnsDialog(sender.domain, records, self.window()))

    # -- general

    def _set_value(self, key: str, text: str) -> None:
        self._context.tasks.start(self._changed_value(key, text))

    async def _changed_value(self, key: str, text: str) -> None:
        try:
            await self._presenter.set_value(key, text)
        except RelayError as error:
            self._dialogs.refuse(error)
            return
        if key == "ui.language":
            self.frame.tell(
                self.tr("The language changes when the window is opened again."), "info", name="language"
            )
