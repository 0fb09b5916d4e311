"""Columns side by side that can be dragged, share out the room anew, and remember where they were."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from ui.memory import Memory
from ui.widgets.side_panel import FOLDED_WIDTH, SidePanel

_GAP = 10


class Columns(QSplitter):
    """Each column has a wish in pixels; the one in ``widest`` takes what is left over."""

    def __init__(
        self,
        columns: list[tuple[QWidget, int]],
        *,
        widest: int,
        memory: Memory,
        key: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._wishes = [width for _, width in columns]
        self._widest = widest
        self._memory, self._key = memory, key
        self.setChildrenCollapsible(False)
        self.setHandleWidth(_GAP)
        for place, (column, _) in enumerate(columns):
            self.addWidget(column)
            self.setStretchFactor(place, 1 if place == widest else 0)
            if isinstance(column, SidePanel):
                column.set_folded(memory.flag(f"{key}/folded{place}"))
                column.folded_changed.connect(self._keep_folded)
        state = memory.octets(f"{key}/splitter")
        self._dragged = not state.isEmpty() and self.restoreState(state)
        self.splitterMoved.connect(self._keep)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Until the user drags them, the side columns get what they wish."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """The side columns get their wishes; where there is too little room they give way first."""
        if self._dragged:
            return
        least = [self._least(place) for place in range(self.count())]
        sizes = [max(wish, low) for wish, low in zip(self._wishes, least, strict=True)]
        for place in range(self.count()):
            if least[place] == FOLDED_WIDTH:
                sizes[place] = FOLDED_WIDTH
        room = self.width() - _GAP * (self.count() - 1)
        lacking = sum(sizes) - room
        for place in range(self.count()):
            if place != self._widest and lacking > 0:
                given = min(lacking, sizes[place] - least[place])
                sizes[place] -= given
                lacking -= given
        sizes[self._widest] = max(room - (sum(sizes) - sizes[self._widest]), 1)
        self.setSizes(sizes)

    def _least(self, place: int) -> int:
        column = self.widget(place)
        if isinstance(column, SidePanel) and column.folded:
            return FOLDED_WIDTH
        return column.minimumWidth() if column is not None else 0

    def _keep(self, _position: int, _index: int) -> None:
        self._dragged = True
        self._memory.keep(f"{self._key}/splitter", self.saveState())

    def _keep_folded(self, folded: bool) -> None:
        place = self.indexOf(self.sender())  # type: ignore[arg-type]
        self._memory.keep(f"{self._key}/folded{place}", folded)
        self._share()
