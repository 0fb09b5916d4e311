"""The address book: lists on the left, people in the middle, the person on the right."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop_relay.domain.changes import Changes
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.progress import Changed
from desktop_relay.domain.query import ContactQuery

from ui import wording
from ui.context import Context
from ui.pages.address_book.chosen import Chosen
from ui.pages.address_book.editing import Editing
from ui.pages.address_book.filters import Filters
from ui.pages.address_book.list_panel import ListPanel, View
from ui.pages.address_book.people import People
from ui.pages.address_book.person_panel import PersonPanel
from ui.pages.address_book.presenter import DeletedList, Presenter
from ui.pages.address_book.suppressed import SuppressedView
from ui.pages.address_book.transfer import Transfer
from ui.widgets.card import Card
from ui.widgets.columns import Columns
from ui.widgets.empty_state import EmptyState
from ui.widgets.page_frame import PageFrame


class Page(QWidget):
    """``activate("import")`` begins an import, ``"suppressed"`` and ``"without_consent"`` narrow the view."""

    navigate = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._presenter = Presenter(context)
        self._wanted = -1
        self.frame = PageFrame(self.tr("Address book"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.people = People(context)
        self.editing = Editing(context, self._presenter, self.frame)
        self.transfer = Transfer(context, self._presenter, self.frame, self.people)
        self.chosen = Chosen(context, self._presenter, self.frame, self.people)
        self._make_actions()
        self._make_columns()
        self._make_empty_state()
        self._connect()

    # -- making

    def _make_actions(self) -> None:
        self.export_button = self.frame.add_action(self.tr("E&xport…"))
        self.import_button = self.frame.add_action(self.tr("&Import…"))
        self.new_button = self.frame.add_action(self.tr("New &person"), "primary")
        self.export_button.clicked.connect(self.transfer.choose_target)
        self.import_button.clicked.connect(self.transfer.choose_file)
        self.new_button.clicked.connect(self.editing.enter)

    def _make_columns(self) -> None:
        self.filters = Filters(self._presenter.carriers(self._context.language))
        self.lists = ListPanel()
        self.person = PersonPanel(self._context)
        self.suppressed = SuppressedView(self._context, self._presenter, self.frame)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.people)
        self._middle.addWidget(self.suppressed)
        card = Card()
        card.body.setContentsMargins(0, 0, 0, 0)
        card.body.addWidget(self._middle)
        self.columns = Columns(
            [(self.lists, 200), (card, 566), (self.person, 290)],
            widest=1,
            memory=self._context.memory,
            key="address_book",
        )
        self.frame.body.addWidget(self.filters)
        self.frame.body.addWidget(self.columns, 1)

    def _make_empty_state(self) -> None:
        self.empty = EmptyState(
            "people",
            self.tr("Your customers stand here"),
            self.tr("Import a list as your shop system or spreadsheet saves it (CSV). It stays on this PC."),
            self.tr("Import a file…"),
        )
        self.empty.acted.connect(self.transfer.choose_file)
        self.frame.body.addWidget(self.empty, 1)
        self._show_emptiness(False)

    def _connect(self) -> None:
        self.filters.changed.connect(self._narrow)
        self.lists.chosen.connect(self._choose_view)
        self.lists.creation_wanted.connect(self._create_list)
        self.lists.renaming_wanted.connect(self._rename_list)
        self.lists.deletion_wanted.connect(self._delete_list)
        self.people.selected.connect(self._select)
        self.people.opened.connect(self.editing.edit)
        self.people.found.connect(self._show_found)
        self.people.everybody_wanted.connect(self._show_everybody)
        self.person.edit_wanted.connect(self.editing.edit)
        self.person.suppress_wanted.connect(self.editing.suppress)
        self.person.allow_wanted.connect(self.editing.allow)
        self.person.mail_wanted.connect(self._open_mail)
        self.editing.saved.connect(self._await_person)
        self._context.changed.changed.connect(self._follow)
        self._context.engine.changed.connect(self._follow_engine)

    # -- showing

    def activate(self, argument: object | None = None) -> None:
        """Read everything; a word says what to begin with."""
        if argument == "suppressed":
            self.lists.list.choose(View(suppressed=True))
        elif argument == "without_consent":
            self.lists.list.choose(View())
            self.filters.clear(without_consent=True)
        self._context.tasks.start(self._read())
        if argument == "import":
            self.transfer.choose_file()

    async def _read(self) -> None:
        total = await self._presenter.count()
        lists = await self._presenter.lists()
        kept_away = await self._presenter.suppressions()
        self._show_emptiness(total == 0 and not kept_away)
        self.lists.show_lists(total, lists, len(kept_away))
        self.suppressed.show_entries(kept_away)
        self.chosen.show_lists(lists, self.lists.view.list_id)
        self._show_view()

    def _show_emptiness(self, empty: bool) -> None:
        self.empty.setVisible(empty)
        for widget in (self.columns, self.filters, self.export_button, self.chosen.button):
            widget.setVisible(not empty)

    def _choose_view(self, _view: View) -> None:
        self._context.tasks.start(self._read())

    def _show_view(self) -> None:
        view = self.lists.view
        self.editing.list_id = view.list_id
        self._middle.setCurrentWidget(self.suppressed if view.suppressed else self.people)
        usable = not view.suppressed and not self.empty.isVisibleTo(self)
        for widget in (self.filters, self.export_button, self.chosen.button, self.person):
            widget.setVisible(usable)
        if view.suppressed:
            self.frame.set_context(self.tr("Suppressed"))
        else:
            self._narrow()

    def _narrow(self) -> None:
        self.people.show_query(self.filters.narrow(ContactQuery(list_id=self.lists.view.list_id)))

    def _show_found(self, count: int) -> None:
        if self.lists.view.suppressed:
            return
        people = self.tr("{n} people").format(n=wording.number(count))
        self.frame.set_context(f"{self.lists.name} · {people}" if self.lists.name else people)
        narrowed = self.filters.active
        self.people.show_nobody(
            self.tr("Nobody matches") if narrowed else self.tr("Nobody is in this list yet"),
            self.tr("Try fewer letters or conditions.")
            if narrowed
            else self.tr("Select people, then choose “Put into a list”; or import a file into it."),
            narrowed=narrowed or self.lists.view.list_id is not None,
        )
        if self._wanted >= 0:
            self.people.select(self._wanted)
            self._wanted = -1

    def _show_everybody(self) -> None:
        if self.filters.active:
            self.filters.clear()
        else:
            self.lists.list.choose(View())
        self._context.tasks.start(self._read())

    def _await_person(self, contact_id: int) -> None:
        self._wanted = contact_id

    # -- news

    def _follow(self, changes: Changes) -> None:
        if not self.isVisible():
            return
        if changes.contacts or changes.lists or changes.suppressions:
            self._context.tasks.start(self._read())
        if (changes.suppressions or changes.contacts) and self.person.person is not None:
            self._select(self.person.person.contact.id)

    def _follow_engine(self, changed: Changed) -> None:
        if changed.suppressions:
            self._follow(Changes(suppressions=True))

    # -- one person

    def _select(self, contact_id: int) -> None:
        if contact_id < 0:
            self.person.show_person(None)
        else:
            self._context.tasks.start(self._show_person(contact_id))

    async def _show_person(self, contact_id: int) -> None:
        try:
            self.person.show_person(await self._presenter.person(contact_id))
        except RelayError:
            self.person.show_person(None)  # deleted while it was read

    def _open_mail(self, view: object) -> None:
        self.navigate.emit("queue", view)

    # -- lists

    def _create_list(self, name: str) -> None:
        self._context.tasks.start(self._created_list(name))

    async def _created_list(self, name: str) -> None:
        try:
            list_id = await self._presenter.create_list(name)
        except RelayError as error:
            self.frame.tell(self._context.describe(error), "bad", name="list")
            return
        await self._read()
        self.lists.list.choose(View(list_id))
        await self._read()

    def _rename_list(self, list_id: int, name: str) -> None:
        self._context.tasks.start(self._renamed_list(list_id, name))

    async def _renamed_list(self, list_id: int, name: str) -> None:
        try:
            await self._presenter.rename_list(list_id, name)
        except RelayError as error:
            self.frame.tell(self._context.describe(error), "bad", name="list")

    def _delete_list(self, list_id: int) -> None:
        self._context.tasks.start(self._deleted_list(list_id, self.lists.name))

    async def _deleted_list(self, list_id: int, name: str) -> None:
        deleted = await self._presenter.delete_list(list_id, name)
        text = self.tr("The list “{name}” was deleted; its people stay.").format(name=name)
        self.frame.undo_bar.offer(text, partial(self._restore_list, deleted))

    def _restore_list(self, deleted: DeletedList) -> None:
        self._context.tasks.start(self._presenter.restore_list(deleted))
