"""The column about the selected thing: scrolls, folds to a strip, can be dragged in a splitter."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.widgets.icons import IconButton
from ui.widgets.labels import ElidedLabel

FOLDED_WIDTH = 34
UNFOLDED_MINIMUM = 240
_WIDEST = 16777215


class SidePanel(QFrame):
    """``body`` is the layout of the scrolled content. ``folded_changed(bool)`` after folding."""

    folded_changed = Signal(bool)

    def __init__(self, title: str, *, on_left: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setProperty("panel", "true")
        self.setAccessibleName(title)
        self._on_left = on_left
        self._folded = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 6, 1, 6)
        outer.setSpacing(4)
        outer.addLayout(self._make_header(title))
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        content.setProperty("scrollBody", "true")
        self.body = QVBoxLayout(content)
        self.body.setContentsMargins(14, 2, 14, 8)
        self.body.setSpacing(8)
        self._scroll.setWidget(content)
        outer.addWidget(self._scroll, 1)
        outer.addStretch(0)
        self.setMinimumWidth(UNFOLDED_MINIMUM)

    def _make_header(self, title: str) -> QHBoxLayout:
        header = QHBoxLayout()
        header.setContentsMargins(13, 0, 3, 0)
        self._title = ElidedLabel(title, "heading")
        self.fold_button = IconButton(self._arrow(), self.tr("Fold this column"))
        self.fold_button.clicked.connect(self.toggle)
        header.addWidget(self._title, 1)
        header.addWidget(self.fold_button)
        self._header = header
        return header

    def _arrow(self) -> str:
        return "chevron-left" if self._on_left != self._folded else "chevron-right"

    @property
    def folded(self) -> bool:
        """Whether only the strip shows."""
        return self._folded

    @property
    def accessible_title(self) -> str:
        """The heading in full, however little of it there is room for."""
        return self._title.text()

    def set_title(self, text: str) -> None:
        """The heading."""
        self._title.setText(text)

    def toggle(self) -> None:
        """Fold or unfold."""
        self.set_folded(not self._folded)

    def set_folded(self, folded: bool) -> None:
        """Fold to a strip, or unfold to the width before."""
        if folded == self._folded:
            return
        self._folded = folded
        self._scroll.setVisible(not folded)
        self._title.setVisible(not folded)
        self._header.setContentsMargins(*((3, 0, 3, 0) if folded else (13, 0, 3, 0)))
        self.setMinimumWidth(FOLDED_WIDTH if folded else UNFOLDED_MINIMUM)
        self.setMaximumWidth(FOLDED_WIDTH if folded else _WIDEST)
        word = self.tr("Unfold this column") if folded else self.tr("Fold this column")
        self.fold_button.show_icon(self._arrow(), word)
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.setStretch(layout.count() - 1, 1 if folded else 0)
        self.folded_changed.emit(folded)
