"""Inline messages where things happen: a sentence with its remedy as a button."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from ui.colours import Tone
from ui.widgets.icons import IconButton, IconLabel
from ui.widgets.labels import label
from ui.widgets.late_push_button import LatePushButton
from ui.widgets.restyle import set_style_property

_PICTURES: dict[Tone, str] = {
    "good": "check",
    "warn": "alert",
    "bad": "alert",
    "info": "info",
    "neutral": "info",
}


class Notice(QFrame):
    """A tinted line. ``acted`` when its button is pressed, ``closed`` when it was put away."""

    acted = Signal()
    closed = Signal()

    def __init__(
        self,
        text: str,
        tone: Tone = "info",
        button_text: str = "",
        *,
        closable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.closable = closable
        self.setProperty("notice", "true")
        self.setProperty("tone", tone)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 8, 6)
        self._row.setSpacing(10)
        self._picture = IconLabel(_PICTURES[tone], tone)
        self._row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        self._label = label(text, "notice", wrap=True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._row.addWidget(self._label, 1)
        self.button = LatePushButton(button_text)
        self.button.setVisible(bool(button_text))
        self.button.clicked.connect(self.acted)
        self.button.setAutoDefault(True)  # the focus is put here: Return is meant for it
        self._row.addWidget(self.button)
        self._close = IconButton("close", self.tr("Close this message"))
        self._close.setVisible(closable)
        self._close.clicked.connect(self.dismiss)
        self._row.addWidget(self._close)
        self.setAccessibleName(text)

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    @property
    def label(self) -> QLabel:
        """The label that says it."""
        return self._label

    def show_text(self, text: str, tone: Tone | None = None, button_text: str | None = None) -> None:
        """Say something else, and be seen."""
        self._label.setText(text)
        self.setAccessibleName(text)
        if tone is not None:
            set_style_property(self, "tone", tone)
            self._label.style().polish(self._label)
            self._picture.show_icon(_PICTURES[tone], tone)
        if button_text is not None:
            self.button.setText(button_text)
            self.button.setVisible(bool(button_text))
        self.show()

    def dismiss(self) -> None:
        """Put away."""
        self.hide()
        self.closed.emit()


class CountdownNotice(Notice):
    """Something that cannot be undone happens in a few seconds unless it is called off.

    ``elapsed`` when the time is up or "now" was pressed; ``closed`` when it was called off.
    ``text`` has a place ``{seconds}`` for the seconds.
    """

    elapsed = Signal()

    def __init__(self, text: str, now_text: str, *, seconds: int = 5, parent: QWidget | None = None) -> None:
        super().__init__(text.format(seconds=seconds), "bad", now_text, closable=False, parent=parent)
        self._sentence = text
        self._left = seconds
        self.button.setProperty("role", "danger")
        self.call_off = QPushButton(self.tr("Call off"))
        self.call_off.clicked.connect(self.dismiss)
        self.call_off.setAutoDefault(True)
        self._row.insertWidget(self._row.indexOf(self.button), self.call_off)
        self._ticks = QTimer(self, interval=1000)
        self._ticks.timeout.connect(self._tick)
        self._ticks.start()
        self.acted.connect(self._go)
        self.closable = True

    def say_more(self, text: str) -> None:
        """Add to the sentence what was found out meanwhile."""
        self._sentence += text.replace("{", "{{").replace("}", "}}")
        self._label.setText(self._sentence.format(seconds=self._left))

    def stop(self) -> None:
        """Let nothing happen any more, and say nothing of it."""
        self._ticks.stop()
        self.hide()

    def dismiss(self) -> None:
        """Call it off."""
        self._ticks.stop()
        super().dismiss()

    def _tick(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self._go()
        else:
            self._label.setText(self._sentence.format(seconds=self._left))

    def _go(self) -> None:
        self._ticks.stop()
        self.hide()
        self.elapsed.emit()
