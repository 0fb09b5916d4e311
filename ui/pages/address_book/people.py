"""The middle: the table of people, and what stands in its place when nobody matches."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QItemSelection, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop_relay.domain.contact import Contact
from desktop_relay.domain.query import ContactQuery

from ui.context import Context
from ui.models.contact_table import CARRIER, CONSENT, EMAIL, PREFECTURE, ContactModel, consent_chip
from ui.theme import body_font
from ui.widgets.data_table import DataTable
from ui.widgets.empty_state import EmptyState

_WIDTHS = [112, 190, 126, 84, 126]
_NARROWEST = 300
_CHIP_ROOM = 38


class People(QWidget):
    """``selected(id)`` (−1 for nobody), ``opened(id)``, ``found(count)``, ``selection_changed(count)``."""

    selected = Signal(int)
    opened = Signal(int)
    found = Signal(int)
    selection_changed = Signal(int)
    everybody_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(_NARROWEST)
        self._current = -1
        self.model = ContactModel(context.workspace, context.tasks, context.language, self)
        self.table = DataTable(self.tr("People"), many=True)
        self.table.setModel(self.model)
        widest = consent_chip(Contact(0, "", "", fields={"consent_at": "2026-12-30"})).text
        room = QFontMetrics(body_font(9)).horizontalAdvance(widest) + _CHIP_ROOM
        self.table.set_widths([*_WIDTHS[:CONSENT], room], stretch=EMAIL)
        self.table.hide_when_narrow([PREFECTURE], below=620)
        self.table.hide_when_narrow([CONSENT], below=520)
        self.table.hide_when_narrow([CARRIER], below=390)
        self.table.sort_by(-1, Qt.SortOrder.AscendingOrder)
        self.table.remember(context.memory, "contacts")
        self._nobody = EmptyState("search", "", "", self.tr("Show everybody"))
        self._nobody.acted.connect(self.everybody_wanted)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._nobody)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self._stack)
        self.table.current_row_changed.connect(self._follow_row)
        self.table.opened.connect(self._open_row)
        self.table.selectionModel().selectionChanged.connect(self._count_selected)
        self.model.loaded.connect(self._follow_loaded)

    def show_query(self, query: ContactQuery) -> None:
        """Show whom the query finds, in the order chosen before."""
        kept = self.model.query
        self.model.show(replace(query, sort=kept.sort, descending=kept.descending))

    def show_nobody(self, title: str, text: str, *, narrowed: bool) -> None:
        """What to say when nobody is found; ``narrowed`` offers to show everybody."""
        self._nobody.show_text(title, text, self.tr("Show everybody") if narrowed else "")

    @property
    def selected_ids(self) -> list[int]:
        """The people selected."""
        found = (self.model.id_at(row) for row in self.table.selected_rows())
        return [contact_id for contact_id in found if contact_id is not None]

    def select(self, contact_id: int) -> None:
        """Go to a person that is in the table."""
        place = self.model.place_of(contact_id)
        if place >= 0:
            self.table.selectRow(place)
            self.table.scrollTo(self.model.index(place, 0))

    def _follow_row(self, row: int) -> None:
        self._current = self.model.id_at(row) or -1
        self.selected.emit(self._current)

    def _open_row(self, row: int) -> None:
        contact_id = self.model.id_at(row)
        if contact_id is not None:
            self.opened.emit(contact_id)

    def _count_selected(self, _now: QItemSelection, _before: QItemSelection) -> None:
        selection = self.table.selectionModel().selection()
        parts = (selection.at(place) for place in range(selection.count()))
        self.selection_changed.emit(sum(part.height() for part in parts))

    def _follow_loaded(self, count: int) -> None:
        self._stack.setCurrentIndex(0 if count else 1)
        self._count_selected(QItemSelection(), QItemSelection())
        if self._current != -1 and self.model.place_of(self._current) < 0:
            self._current = -1
            self.selected.emit(-1)
        self.found.emit(count)
