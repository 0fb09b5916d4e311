"""The queue's content: filters above, the table, and the column about the selected recipient."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop_relay.domain.query import LedgerQuery
from desktop_relay.domain.recipient import LedgerRow, RecipientState

from ui.context import Context
from ui.models.ledger_table import LedgerModel
from ui.pages.queue.detail import RecipientPanel
from ui.pages.queue.filters import Filters
from ui.states import recipient_word
from ui.theme import body_font
from ui.widgets.card import Card
from ui.widgets.data_table import DataTable
from ui.widgets.empty_state import EmptyState
from ui.widgets.side_panel import UNFOLDED_MINIMUM

_ROWS, _NOBODY = 0, 1
_USUAL_PANEL = 330
_CHIP_ROOM = 36


class Content(QWidget):
    """``selected(row)`` with the ``LedgerRow``, or ``None``; also when the selected row was read again."""

    selected = Signal(object)

    def __init__(
        self,
        context: Context,
        *,
        lane_words: Callable[[str], str],
        reply_words: Callable[[LedgerRow], str],
        reply_in_full: Callable[[LedgerRow], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._memory = context.memory
        self._current: LedgerRow | None = None
        self._narrowed = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.filters = Filters()
        column.addWidget(self.filters)
        self.model = LedgerModel(
            context.workspace,
            context.tasks,
            lane_words=lane_words,
            reply_words=reply_words,
            reply_in_full=reply_in_full,
            parent=self,
        )
        self.panel = RecipientPanel()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(10)
        self._splitter.addWidget(self._make_table())
        self._splitter.addWidget(self.panel)
        self._splitter.setStretchFactor(0, 1)
        self._restore()
        column.addWidget(self._splitter, 1)
        self.table.current_row_changed.connect(self._select)
        self.model.rows_changed.connect(self._follow)
        self.model.loaded.connect(self._show_loaded)
        self.model.modelReset.connect(self._let_go)  # another campaign: its people are others

    def _make_table(self) -> QWidget:
        self.table = DataTable(self.tr("Recipients"))
        self.table.setModel(self.model)
        self.table.sort_by(-1, Qt.SortOrder.AscendingOrder)
        self.table.set_widths([176, 106, self._state_width(), 54, 120, 90], stretch=4)
        self.table.hide_when_narrow([1, 3], below=600)
        self.table.remember(self._memory, "queue")
        nobody = EmptyState("search", self.tr("Nobody matches"), self.tr("Change the search or the filter."))
        self._rows = QStackedWidget()
        self._rows.addWidget(self.table)
        self._rows.addWidget(nobody)
        card = Card()
        card.body.setContentsMargins(1, 1, 1, 1)
        card.body.addWidget(self._rows)
        return card

    @staticmethod
    def _state_width() -> int:
        metrics = QFontMetrics(body_font(9))
        return max(metrics.horizontalAdvance(recipient_word(state)) for state in RecipientState) + _CHIP_ROOM

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Until the user drags it, the right column takes a third at most."""
        super().resizeEvent(event)
        if not self._dragged and not self.panel.folded:
            wanted = min(_USUAL_PANEL, max(UNFOLDED_MINIMUM, self.width() // 3))
            self._splitter.setSizes([self.width() - wanted, wanted])

    def _restore(self) -> None:
        state = self._memory.octets("queue/splitter")
        self._dragged = not state.isEmpty() and self._splitter.restoreState(state)
        self.panel.set_folded(self._memory.flag("queue/folded"))
        self._splitter.splitterMoved.connect(self._keep_splitter)
        self.panel.folded_changed.connect(self._keep_folded)

    def show_campaign(self, campaign: int) -> None:
        """Show a campaign's recipients as the filters say, in the order chosen before."""
        old = self.model.query
        sort, descending = (old.sort, old.descending) if old is not None else ("recipient", False)
        filters = self.filters
        self._narrowed = True
        self.model.show(LedgerQuery(campaign, filters.state, filters.lane, filters.text, sort, descending))

    def show_nothing(self) -> None:
        """No campaign."""
        self.model.show(None)

    def _show_loaded(self, count: int) -> None:
        self._rows.setCurrentIndex(_ROWS if count else _NOBODY)
        if self._narrowed and not self.table.currentIndex().isValid():
            self._let_go()  # whom the user filtered away; whom the engine settles meanwhile is read on
        self._narrowed = False
        if count == 1 and self.filters.text:
            self.table.selectRow(0)

    def _let_go(self) -> None:
        if self._current is not None:
            self._select(-1)

    def _select(self, number: int) -> None:
        self._current = self.model.row_at(number)
        self.selected.emit(self._current)

    def _follow(self) -> None:
        current = self.table.currentIndex()
        row = self.model.row_at(current.row()) if current.isValid() else None
        if row is not None and row != self._current:
            self._select(current.row())

    def _keep_splitter(self, _place: int, _index: int) -> None:
        self._dragged = True
        self._memory.keep("queue/splitter", self._splitter.saveState())

    def _keep_folded(self, folded: bool) -> None:
        self._memory.keep("queue/folded", folded)
