"""The templates page: choose on the left, write in the middle, see it as a reader on the right."""

from __future__ import annotations

import asyncio
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_relay.domain.changes import Changes
from desktop_relay.domain.errors import ErrorCode, Refused, RelayError
from desktop_relay.domain.template import Template

from ui.context import Context
from ui.field_words import field_word
from ui.pages.templates.editor import Editor
from ui.pages.templates.elsewhere import ask_which
from ui.pages.templates.new_menu import NewMenu
from ui.pages.templates.presenter import SENDER_FIELDS, Presenter
from ui.pages.templates.reader import Reader
from ui.widgets.card import Card
from ui.widgets.columns import Columns
from ui.widgets.empty_state import EmptyState
from ui.widgets.page_frame import PageFrame
from ui.widgets.side_list import Entry, SideList
from ui.widgets.side_panel import SidePanel

_LEFT_NARROWEST = 150


class Page(QWidget):
    """``activate(name)`` shows the template of that name."""

    navigate = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._presenter = Presenter(context)
        self._loaded: Template | None = None
        self._one_by_one = asyncio.Lock()
        self._dirty = False
        self._place = self._people = self._renders = 0
        self._problem: RelayError | None = None
        self.frame = PageFrame(self.tr("Templates"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self._make_actions()
        self.empty = EmptyState(
            "template",
            self.tr("Mail templates stand here"),
            self.tr("Begin with one that comes with the program; you can change every word."),
            self.tr("Choose a starter"),
        )
        self.empty.acted.connect(self.new_button.showMenu)
        self._make_columns()
        self.frame.body.addWidget(self.empty, 1)
        self.frame.body.addWidget(self.columns, 1)
        self._show_emptiness(True)
        context.changed.changed.connect(self._follow)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self).activated.connect(self.save)

    # -- making

    def _make_actions(self) -> None:
        self.delete_button = self.frame.add_action(self.tr("De&lete"), "danger")
        self.delete_button.clicked.connect(self._delete)
        self.new_button = self.frame.add_action(self.tr("Ne&w"))
        self.new_button.setProperty("hasMenu", "true")
        self.new_menu = NewMenu(self.new_button)
        self.new_menu.wanted.connect(self._begin_with)
        self.new_menu.copy_wanted.connect(self._begin_copy)
        self.new_button.setMenu(self.new_menu)
        self.save_button = self.frame.add_action(self.tr("&Save"), "primary")
        self.save_button.clicked.connect(self.save)

    def _make_columns(self) -> None:
        self.list = SideList(self.tr("Templates"))
        self.list.chosen.connect(self._choose)
        left = SidePanel(self.tr("Templates"), on_left=True)
        left.setMinimumWidth(_LEFT_NARROWEST)
        left.body.setContentsMargins(5, 0, 5, 4)
        left.body.addWidget(self.list, 1)
        self.editor = Editor()
        self.editor.touched.connect(self._touched)
        self.editor.edited.connect(self._render)
        self.reader = Reader()
        self.reader.flipped.connect(self._flip)
        self.reader.mend.connect(self._show_mistake)
        middle, right = _in_card(self.editor, 300), _in_card(self.reader, 300)
        self.columns = Columns(
            [(left, 196), (middle, 440), (right, 400)], widest=1, memory=self._context.memory, key="templates"
        )

    # -- showing

    def activate(self, argument: object | None = None) -> None:
        """Read everything anew; an argument names the template to show."""
        self._context.tasks.start(self._read(argument if isinstance(argument, str) else None))

    async def _read(self, wanted: str | None) -> None:
        self.new_menu.fill(await self._presenter.starters())
        names = await self._presenter.fields()
        self.editor.set_fields(
            [(name, field_word(name)) for name in names], [(n, field_word(n)) for n in SENDER_FIELDS]
        )
        self._people = await self._presenter.count_readers()
        self.reader.set_people(self._people)
        kept = self._loaded.name if self._loaded else None
        if wanted is not None and wanted != kept and not await self.kept():
            wanted = None
        await self._read_list(wanted or kept)

    async def _read_list(self, wanted: str | None) -> None:
        """Fill the list; what is being written stays as it is."""
        rows = await self._presenter.overview()
        self._show_emptiness(not rows and not self._dirty)
        self.new_menu.copy.setVisible(bool(rows))
        self.frame.set_context(self.tr("%n template(s)", "", len(rows)) if rows else "")
        names = [row.name for row in rows]
        if wanted not in names:
            wanted = names[0] if names and not self._dirty else None
        self.list.fill([Entry(row.name, row.name, second=row.subject) for row in rows], wanted)
        if wanted is not None and not self._dirty:
            await self._load(wanted)

    def _show_emptiness(self, empty: bool) -> None:
        self.empty.setVisible(empty)
        for widget in (self.columns, self.save_button, self.delete_button):
            widget.setVisible(not empty)

    async def _load(self, name: str) -> None:
        loaded = await self._presenter.find(name)
        if self._dirty and self._loaded is not None and self._loaded.name == name:
            return  # it was written in while it was read again
        if loaded is None:  # deleted in another window since the list was read
            await self._read_list(None)
            return
        if self._loaded is not None and self._loaded.name != name:
            self.frame.untell("save")  # it was about the other one
        if loaded != self._loaded or loaded != self.editor.template:
            self.editor.show_template(loaded)
        self._loaded = loaded
        self._set_dirty(False)
        await self._show_rendered()

    # -- a new one, another one

    def _begin_with(self, starter: Template, *_checked: bool) -> None:
        self._context.tasks.start(self._begin(starter))

    def _begin_copy(self) -> None:
        self._begin_with(self.editor.template)

    async def _begin(self, starter: Template) -> None:
        if not await self.kept():
            return
        try:
            added = await self._presenter.add(starter)
        except RelayError as error:
            self._tell_problem(error)
            return
        await self._read_list(added.name)
        self.editor.name.setFocus()
        self.editor.name.selectAll()

    def _choose(self, name: str) -> None:
        self._context.tasks.start(self._change_to(name))

    async def _change_to(self, name: str) -> None:
        """What was written is kept first; a template that cannot be kept stays in view."""
        if self._loaded is not None and name == self._loaded.name:
            return
        if await self.kept():
            self.list.choose(name)
            await self._load(name)
        elif self._loaded is not None:
            self.list.choose(self._loaded.name)

    # -- keeping

    def _touched(self) -> None:
        self._set_dirty(self._loaded is not None and self.editor.template != self._loaded)

    def _set_dirty(self, dirty: bool) -> None:
        self._dirty = dirty
        self.save_button.setEnabled(dirty)
        self.save_button.setText(self.tr("&Save") if dirty else self.tr("Saved"))

    def save(self) -> None:
        """Keep what was written."""
        self._context.tasks.start(self.kept())

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever goes to another page does not lose what was written."""
        super().hideEvent(event)
        if self._dirty and not event.spontaneous():
            self._context.tasks.start(self._leave())

    async def _leave(self) -> None:
        """What cannot be kept is told where people are now: they may be about to send it."""
        if not await self.kept() and not self.isVisible() and self._loaded is not None:
            raise Refused(ErrorCode.TEMPLATE_UNSAVED, name=self._loaded.name)

    async def kept(self) -> bool:
        """Save what was changed; says why when it cannot be."""
        async with self._one_by_one:  # the second of two at once would find the first one's change
            if not self._dirty or self._loaded is None:
                return True
            written = self.editor.template
            try:
                await self._presenter.save(written, self._loaded)
            except RelayError as error:
                if error.code is ErrorCode.CHANGED_ELSEWHERE:
                    await self._ask_which(self._loaded.name)
                else:
                    self._tell_problem(error)
                return False
            await self._follow_saved(written)
            return True

    async def _follow_saved(self, written: Template) -> None:
        self.frame.untell("save")
        self._loaded = written
        self._set_dirty(self.editor.template != written)
        await self._read_list(written.name)

    # -- another window

    async def _ask_which(self, name: str) -> None:
        notice = ask_which(name, gone=await self._presenter.find(name) is None)
        self.frame.untell("save")
        notice.setObjectName("save")
        notice.acted.connect(self._insist)
        notice.refused.connect(self._give_in)
        self.frame.add_notice(notice)

    def _insist(self) -> None:
        self._context.tasks.start(self._insisted())

    async def _insisted(self) -> None:
        if self._loaded is None:
            return
        written = self.editor.template
        try:
            kept = await self._presenter.insist(written, self._loaded.name)
        except RelayError as error:
            self._tell_problem(error)
            return
        if kept.name != written.name:
            self.editor.name.setText(kept.name)
        await self._follow_saved(kept)

    def _give_in(self) -> None:
        self._context.tasks.start(self._given_in())

    async def _given_in(self) -> None:
        name = self._loaded.name if self._loaded is not None else None
        self.frame.untell("save")
        self._loaded = None
        self._set_dirty(False)
        await self._read_list(name)

    def _tell_problem(self, error: RelayError) -> None:
        self._problem = error
        place = self.tr("Show the place") if error.code is ErrorCode.TEMPLATE_BROKEN else ""
        notice = self.frame.tell(self._context.describe(error), "bad", place, name="save")
        notice.acted.connect(self._show_mistake)

    # -- deleting

    def _delete(self) -> None:
        if self._loaded is not None:
            self._context.tasks.start(self._delete_loaded(self._loaded.name))

    async def _delete_loaded(self, name: str) -> None:
        deleted = await self._presenter.delete(name) if await self._presenter.find(name) else None
        self.frame.untell("save")
        self._loaded = None
        self._set_dirty(False)
        await self._read_list(None)
        if deleted is not None:  # else by another window
            text = self.tr("“{name}” was deleted.").format(name=name)
            self.frame.undo_bar.offer(text, partial(self._begin_with, deleted))

    def _follow(self, changes: Changes) -> None:
        if changes.contacts and self.isVisible():
            self.activate()

    # -- reading along

    def _flip(self, step: int) -> None:
        self._place = (self._place + step) % max(self._people, 1)
        self._render()

    def _render(self) -> None:
        self._context.tasks.start(self._show_rendered())

    async def _show_rendered(self) -> None:
        """The newest wish wins; an older rendering that comes late is thrown away."""
        self._renders += 1
        turn = self._renders
        shown, who = await self._presenter.render(self.editor.template, self._place)
        safe = await self._presenter.safe_html(shown.html) if shown.html else ""
        if turn != self._renders:
            return
        self._problem = shown.problem
        if shown.problem is not None:
            mendable = shown.problem.code is ErrorCode.TEMPLATE_BROKEN
            self.reader.show_problem(self._context.describe(shown.problem), mendable=mendable)
            return
        self.reader.show_problem("")
        self.reader.show_mail(
            who=who, subject=shown.subject, safe_html=safe, text=shown.text, size=shown.size
        )
        self.reader.show_warnings([self._context.phrase("warnings", code) for code in shown.warnings])

    def _show_mistake(self) -> None:
        if self._problem is not None:
            params = self._problem.params
            self.editor.show_line(str(params.get("part", "html")), int(params.get("line", 1)))


def _in_card(content: QWidget, narrowest: int) -> Card:
    card = Card()
    card.setProperty("panel", "true")
    card.body.setContentsMargins(0, 0, 0, 0)
    card.body.addWidget(content)
    card.setMinimumWidth(narrowest)
    return card
