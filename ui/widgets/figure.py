"""A figure card: what, how many, and a note."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.theme import body_font
from ui.widgets.card import Card
from ui.widgets.labels import ElidedLabel
from ui.widgets.restyle import set_style_property
from ui.widgets.steady_label import SteadyLabel

_NOTE_ROOM, _NOTE_LINES = 16, 2
_POINTS = 16
"""Of a figure that fits; a time on another day may not, and is better small than cut."""


class FigureCard(Card):
    """Label above, big figure, note below; changes in place without flicker."""

    def __init__(self, label: str, value: str = "", note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.body.setSpacing(1)
        self.body.setContentsMargins(13, 9, 8, 9)
        self._label = ElidedLabel(label, "secondary")
        self._value = ElidedLabel(value, "figure")
        self._note = SteadyLabel(_NOTE_ROOM, _NOTE_LINES, "secondary")
        self._note.setText(note)
        for part in (self._label, self._value, self._note):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.set_figure(value, note)

    @property
    def value(self) -> str:
        """The figure as shown."""
        return self._value.text()

    def set_figure(self, value: str, note: str = "", tone: str = "") -> None:
        """Show a figure with its note; ``tone`` colours the figure."""
        if self._value.text() != value:
            self._value.setText(value)
        if self._note.text() != note:
            self._note.setText(note)
        set_style_property(self._value, "tone", tone)
        self._fit()
        self.setAccessibleName(f"{self._label.text()}: {value} {note}".strip())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More room, or less."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        margins = self.body.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        wanted = QFontMetrics(body_font(_POINTS, bold=True)).horizontalAdvance(self._value.text())
        set_style_property(self._value, "long", "true" if wanted > room else "")
