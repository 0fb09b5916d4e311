"""One person: enter, edit, keep mail away, let mail through again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop_relay.domain.errors import RelayError

from ui.context import Context
from ui.dialogs.contact_dialog import ContactDialog
from ui.pages.address_book.presenter import Presenter
from ui.widgets.page_frame import PageFrame


class Editing(QObject):
    """``saved(id)`` after a person was entered or changed. ``list_id`` is the list new people go into."""

    saved = Signal(int)

    def __init__(self, context: Context, presenter: Presenter, frame: PageFrame) -> None:
        super().__init__(frame)
        self._context = context
        self._presenter = presenter
        self._frame = frame
        self.list_id: int | None = None
        self.dialog: ContactDialog | None = None

    def enter(self) -> None:
        """A new person."""
        self._context.tasks.start(self._entered())

    def edit(self, contact_id: int) -> None:
        """Change a person."""
        self._context.tasks.start(self._edited(contact_id))

    async def _entered(self) -> None:
        self._open(await self._presenter.fields(), None, {})

    async def _edited(self, contact_id: int) -> None:
        person = await self._presenter.person(contact_id)
        self._open(await self._presenter.fields(), contact_id, dict(person.contact.fields))

    def _open(self, names: list[str], contact_id: int | None, values: dict[str, str]) -> None:
        dialog = self.dialog = ContactDialog(self._context, names, values, self._frame.window())
        dialog.wanted.connect(partial(self._keep, contact_id))
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self, _result: int) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _keep(self, contact_id: int | None, values: dict[str, str]) -> None:
        self._context.tasks.start(self._kept(contact_id, values))

    async def _kept(self, contact_id: int | None, values: dict[str, str]) -> None:
        dialog = self.dialog
        try:
            contact = await self._presenter.save(contact_id, values)
        except RelayError as error:
            if dialog is not None:
                dialog.show_error(error)
            return
        if contact_id is None and self.list_id is not None:
            await self._presenter.add_members(self.list_id, [contact.id])
        if dialog is not None:
            dialog.accept()
        self.saved.emit(contact.id)

    # -- mail or no mail

    def suppress(self, address: str) -> None:
        """No mail to this address."""
        self._context.tasks.start(self._suppressed(address))

    async def _suppressed(self, address: str) -> None:
        if await self._tried(self._presenter.suppress([address])):
            text = self.tr("{address} gets no mail from now on.").format(address=address)
            self._frame.undo_bar.offer(text, partial(self.allow, address))

    def allow(self, pattern: str) -> None:
        """Mail again."""
        self._context.tasks.start(self._tried(self._presenter.unsuppress([pattern])))

    async def _tried(self, work: object) -> bool:
        try:
            await work  # type: ignore[misc]
        except RelayError as error:
            self._frame.tell(self._context.describe(error), "bad", name="suppress")
            return False
        return True
