"""What is done with the people selected in the table: into lists, out of lists, no mail, delete."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu

from desktop_relay.domain.contact_list import ListRow
from desktop_relay.domain.deleted_contacts import DeletedContacts
from desktop_relay.domain.errors import RelayError

from ui.context import Context
from ui.pages.address_book.people import People
from ui.pages.address_book.presenter import Presenter
from ui.widgets.page_frame import PageFrame


class Chosen(QObject):
    """Owns the menu button; the page says which lists there are and which one shows."""

    def __init__(self, context: Context, presenter: Presenter, frame: PageFrame, people: People) -> None:
        super().__init__(frame)
        self._context = context
        self._presenter = presenter
        self._frame = frame
        self._people = people
        self._lists: list[ListRow] = []
        self._list_id: int | None = None
        self.button = frame.add_action(self.tr("&Selected people"))
        self.button.setProperty("hasMenu", "true")
        self.button.setEnabled(False)
        self.menu = QMenu(self.button)
        self.button.setMenu(self.menu)
        self._into = self.menu.addMenu(self.tr("Put into a &list"))
        self._out = self.menu.addAction(self.tr("Take out of &this list"), self._take_out)
        self._no_mail = self.menu.addAction(self.tr("Send &no mail"), self._suppress)
        self.menu.addSeparator()
        self.menu.addAction(self.tr("&Delete"), self.delete)
        people.selection_changed.connect(self._follow_selection)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), people.table)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.delete)

    def show_lists(self, lists: list[ListRow], shown: int | None) -> None:
        """The lists to offer, and the one that shows."""
        self._lists, self._list_id = lists, shown
        self._into.clear()
        for row in lists:
            action = self._into.addAction(row.name.replace("&", "&&"))
            action.triggered.connect(partial(self._put_into, row))
        self._into.setEnabled(bool(lists))
        self._out.setVisible(shown is not None)

    def _follow_selection(self, count: int) -> None:
        self.button.setEnabled(count > 0)

    def _start(self, work: Callable[[list[int]], object]) -> None:
        ids = self._people.selected_ids
        if ids:
            work(ids)

    # -- lists

    def _put_into(self, row: ListRow, *_checked: bool) -> None:
        self._start(partial(self._put, row))

    def _put(self, row: ListRow, ids: list[int]) -> None:
        self._context.tasks.start(self._added(row, ids))

    async def _added(self, row: ListRow, ids: list[int]) -> None:
        added = await self._presenter.add_members(row.id, ids)
        text = self.tr("%n person(s) put into “{name}”.", "", len(added)).format(name=row.name)
        self._frame.undo_bar.offer(text, partial(self._take, row.id, added))

    def _take(self, list_id: int, added: list[int]) -> None:
        self._context.tasks.start(self._presenter.remove_members(list_id, added))

    def _take_out(self) -> None:
        self._start(self._taken)

    def _taken(self, ids: list[int]) -> None:
        if self._list_id is not None:
            self._context.tasks.start(self._removed(self._list_id, ids))

    async def _removed(self, list_id: int, ids: list[int]) -> None:
        removed = await self._presenter.remove_members(list_id, ids)
        text = self.tr("%n person(s) taken out of the list.", "", removed)
        self._frame.undo_bar.offer(text, partial(self._put_back, list_id, ids))

    def _put_back(self, list_id: int, ids: list[int]) -> None:
        self._context.tasks.start(self._presenter.add_members(list_id, ids))

    # -- no mail

    def _suppress(self) -> None:
        self._start(self._kept_away)

    def _kept_away(self, ids: list[int]) -> None:
        self._context.tasks.start(self._suppressed(ids))

    async def _suppressed(self, ids: list[int]) -> None:
        try:
            addresses = await self._presenter.suppress_people(ids)
        except RelayError as error:
            self._frame.tell(self._context.describe(error), "bad", name="suppress")
            return
        if not addresses:
            self._frame.tell(self.tr("None of those selected gets mail as it is."), name="suppress")
            return
        text = self.tr("%n person(s) get no mail from now on.", "", len(addresses))
        self._frame.undo_bar.offer(text, partial(self._allow, addresses))

    def _allow(self, addresses: list[str]) -> None:
        self._context.tasks.start(self._presenter.unsuppress(addresses))

    # -- deleting

    def delete(self) -> None:
        """Delete at once; the undo bar brings them back."""
        self._start(self._delete)

    def _delete(self, ids: list[int]) -> None:
        self._context.tasks.start(self._deleted(ids))

    async def _deleted(self, ids: list[int]) -> None:
        deleted = await self._presenter.delete(ids)
        text = self.tr("%n person(s) deleted.", "", deleted.count)
        self._frame.undo_bar.offer(text, partial(self._restore, deleted))

    def _restore(self, deleted: DeletedContacts) -> None:
        self._context.tasks.start(self._presenter.restore(deleted))
