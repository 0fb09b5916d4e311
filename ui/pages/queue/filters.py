"""The queue's filters: search, chips with live counts, the lane menu."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop_relay.domain.recipient import RecipientState

from ui import wording
from ui.pages.queue.presenter import FILTERS
from ui.states import recipient_word
from ui.widgets.chip import FilterChip
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.search_field import SearchField

LISTED_LANES = 100
"""The largest lanes are in the menu. A small one is a domain, for which the search is quicker."""


class Filters(QWidget):
    """``changed`` when anything of it was changed by the user."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state: RecipientState | None = None
        self.lane: str | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(10)
        column.addLayout(row)
        self.search = SearchField(self.tr("Search address, name, reply"))
        self.search.setMinimumWidth(220)
        self.search.searched.connect(self._searched)
        row.addWidget(self.search, 1)
        chips = QWidget()
        chips.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        flow = FlowLayout(chips)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.chips: dict[RecipientState | None, FilterChip] = {}
        for state in (None, *FILTERS):
            chip = FilterChip(self.tr("All") if state is None else recipient_word(state))
            chip.setProperty("filterState", "" if state is None else state.value)
            chip.setVisible(state is None)
            self._group.addButton(chip)
            flow.addWidget(chip)
            self.chips[state] = chip
        self.chips[None].setChecked(True)
        self._group.buttonClicked.connect(self._pick_state)
        column.addWidget(chips)
        self._menu = QMenu(self)
        self._lanes = QActionGroup(self)
        self._lanes.triggered.connect(self._pick_lane)
        self.lane_button = QPushButton(self.tr("All &lanes"))
        self.lane_button.setProperty("hasMenu", "true")
        self.lane_button.setMenu(self._menu)
        self._listed: list[tuple[str, str]] = []
        row.addWidget(self.lane_button)

    @property
    def text(self) -> str:
        """What is searched for."""
        return self.search.text().strip()

    def set_filter(self, state: RecipientState | None, text: str) -> None:
        """Set from outside, without telling."""
        with QSignalBlocker(self.search):
            self.search.setText(text)
        self.state, self.lane = state, None
        self.chips[state if state in self.chips else None].setChecked(True)
        self.chips[state if state in self.chips else None].setVisible(True)
        self.lane_button.setText(self.tr("All &lanes"))

    def show_counts(self, counts: Mapping[RecipientState | None, int]) -> None:
        """Numbers behind the words; chips of nobody hide, unless they are chosen."""
        for state, chip in self.chips.items():
            chip.set_count(counts.get(state, 0))
            chip.setVisible(state is None or counts.get(state, 0) > 0 or chip.isChecked())

    def show_lanes(self, names: Mapping[str, str]) -> None:
        """The lanes of the campaign in the order given, the first of them where there are very many."""
        wanted = [("", self.tr("All lanes")), *islice(names.items(), LISTED_LANES)]
        if wanted == self._listed:
            return
        self._listed = wanted
        self._menu.clear()
        for action in self._lanes.actions():
            self._lanes.removeAction(action)
        for key, name in wanted:
            action = QAction(name, self._menu, checkable=True)
            action.setData(key)
            action.setChecked(key == (self.lane or ""))
            self._lanes.addAction(action)
            self._menu.addAction(action)
        if len(names) > LISTED_LANES:
            left = wording.number(len(names) - LISTED_LANES)
            self._menu.addAction(self.tr("For {n} smaller ones, search").format(n=left)).setEnabled(False)

    def _pick_state(self, chip: QPushButton) -> None:
        value = str(chip.property("filterState"))
        self.state = RecipientState(value) if value else None
        self.changed.emit()

    def _pick_lane(self, action: QAction) -> None:
        self.lane = str(action.data()) or None
        self.lane_button.setText(action.text() if self.lane else self.tr("All &lanes"))
        self.changed.emit()

    def _searched(self, _text: str) -> None:
        self.changed.emit()
