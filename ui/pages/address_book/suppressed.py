"""The middle when those who get no mail are chosen: every entry, adding one, letting mail through again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.suppression import Suppression

from ui.context import Context
from ui.models.suppression_table import SuppressionModel
from ui.pages.address_book.presenter import Presenter
from ui.widgets.data_table import DataTable
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import label
from ui.widgets.page_frame import PageFrame

_WIDTHS = [260, 130, 120]
_NARROWEST = 300


class SuppressedView(QWidget):
    """``changed`` after an entry came or went."""

    changed = Signal()

    def __init__(
        self, context: Context, presenter: Presenter, frame: PageFrame, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setMinimumWidth(_NARROWEST)
        self._context = context
        self._presenter = presenter
        self._frame = frame
        self.model = SuppressionModel(context.workspace.now, self)
        self.table = DataTable(self.tr("Suppressed"), many=True)
        self.table.setModel(self.model)
        self.table.set_widths(_WIDTHS, stretch=0)
        self.table.selectionModel().selectionChanged.connect(self._follow_selection)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.table)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self._remove)
        empty = EmptyState(
            "shield",
            self.tr("Nobody is kept from mail"),
            self.tr("Whoever unsubscribes or complains comes here, and no list can bring them back."),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addWidget(
            label(
                self.tr("These get no mail, whatever list they are in. “@example.com” stands for a domain."),
                "secondary",
                wrap=True,
            )
        )
        column.addLayout(self._make_row())
        column.addWidget(self._stack, 1)

    def _make_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.address = QLineEdit()
        self.address.setPlaceholderText(self.tr("address or @domain"))
        self.address.setAccessibleName(self.tr("Address or domain that shall get no mail"))
        self.address.returnPressed.connect(self._add)
        self.add = QPushButton(self.tr("&Add"))
        self.add.clicked.connect(self._add)
        self.remove = QPushButton(self.tr("Send mail a&gain"))
        self.remove.setEnabled(False)
        self.remove.clicked.connect(self._remove)
        row.addWidget(self.address, 1)
        row.addWidget(self.add)
        row.addWidget(self.remove)
        return row

    def show_entries(self, entries: list[Suppression]) -> None:
        """Show every entry, the newest first."""
        self.model.show(entries)
        self._stack.setCurrentIndex(0 if entries else 1)

    def _follow_selection(self, *_what: object) -> None:
        self.remove.setEnabled(self.table.selectionModel().hasSelection())

    def _add(self) -> None:
        text = self.address.text().strip()
        if text:
            self._context.tasks.start(self._added(text))

    async def _added(self, text: str) -> None:
        try:
            await self._presenter.suppress([text])
        except RelayError as error:
            self._frame.tell(self._context.describe(error), "bad", name="suppress")
            return
        self.address.clear()

    def _remove(self) -> None:
        entries = [self.model.entry_at(row) for row in self.table.selected_rows()]
        if entries:
            self._context.tasks.start(self._removed(entries))

    async def _removed(self, entries: list[Suppression]) -> None:
        try:
            await self._presenter.unsuppress([entry.pattern for entry in entries])
        except RelayError as error:
            self._frame.tell(self._context.describe(error), "bad", name="suppress")
            return
        text = self.tr("%n entry(s) may get mail again.", "", len(entries))
        self._frame.undo_bar.offer(text, partial(self._put_back, entries))

    def _put_back(self, entries: list[Suppression]) -> None:
        self._context.tasks.start(self._presenter.suppress_again(entries))
