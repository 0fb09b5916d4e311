"""A table for very many rows: fixed one-line rows, remembered columns, no freeze on Ctrl+A."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from ui.memory import Memory
from ui.widgets.row_delegate import ROW_HEIGHT, RowDelegate

MOST_SEARCHED = 1000
"""Up to so many rows letters typed in the table go to the next row that begins with them."""


class DataTable(QTableView):
    """``current_row_changed(int)`` (−1 for none), ``opened(int)`` on Return or a double click."""

    current_row_changed = Signal(int)
    opened = Signal(int)

    def __init__(self, name: str, *, many: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setProperty("panel", "true")
        self.setItemDelegate(RowDelegate(self))
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if many else modes.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._dress_headers()
        self.doubleClicked.connect(self._open_index)
        self._memory: Memory | None = None
        self._key = ""
        self._spare: list[tuple[list[int], int]] = []

    def _dress_headers(self) -> None:
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        across.setMinimumSectionSize(48)
        across.setStretchLastSection(True)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        across.setFixedHeight(32)
        down.setVisible(False)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(ROW_HEIGHT)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show a model. The headers get selection models of their own: with the table's, each asks for
        every row whether it is selected, and Ctrl+A on a million rows freezes for more than a minute."""
        super().setModel(model)
        if model is None:
            return
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSelectionModel(QItemSelectionModel(model, header))
        self.selectionModel().currentRowChanged.connect(self._tell_current)

    def set_widths(self, widths: list[int], stretch: int | None = None) -> None:
        """Column widths in pixels; column ``stretch``, else the last one, takes what is left."""
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        if stretch is not None:
            self.horizontalHeader().setStretchLastSection(False)
            self.horizontalHeader().setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)

    def hide_when_narrow(self, columns: list[int], below: int) -> None:
        """Leave these columns out while the table is narrower than ``below`` pixels; may be said again."""
        self._spare.append((columns, below))
        self._leave_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out or bring back the columns that can be spared."""
        super().resizeEvent(event)
        self._leave_out()

    def _leave_out(self) -> None:
        for columns, below in self._spare:
            for column in columns:
                self.setColumnHidden(column, self.width() < below)

    def sort_by(self, column: int, order: Qt.SortOrder) -> None:
        """Show the sort arrow and let the model sort when a header is clicked."""
        self.horizontalHeader().setSortIndicator(column, order)
        self.setSortingEnabled(True)

    def remember(self, memory: Memory, key: str) -> None:
        """Restore the columns of the last run, and keep them from now on."""
        self._memory, self._key = memory, f"columns/{key}"
        state = memory.octets(self._key)
        if not state.isEmpty():
            self.horizontalHeader().restoreState(state)
        self.horizontalHeader().sectionResized.connect(self._keep_columns)

    def selected_rows(self) -> list[int]:
        """The rows of the selection, without asking for each of them by itself."""
        rows: list[int] = []
        selection = self.selectionModel().selection()
        for place in range(selection.count()):
            part = selection.at(place)
            rows.extend(range(part.top(), part.bottom() + 1))
        return rows

    def keyboardSearch(self, search: str) -> None:
        """Not among very many: Qt would ask every row for its text, and the window would stand still."""
        if self.model().rowCount() <= MOST_SEARCHED:
            super().keyboardSearch(search)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens the current row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def _keep_columns(self, *_sizes: int) -> None:
        if self._memory is not None:
            self._memory.keep(self._key, self.horizontalHeader().saveState())

    def _tell_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.current_row_changed.emit(current.row() if current.isValid() else -1)

    def _open_index(self, index: QModelIndex) -> None:
        self.opened.emit(index.row())
