"""About one recipient: verdict, explanation, the conversation with the server, what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_relay.domain.recipient import LedgerRow, RecipientState

from ui.explanation import Explanation
from ui.states import RECIPIENT_TONES, recipient_word
from ui.widgets.chip import Chip
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import label
from ui.widgets.restyle import set_style_property
from ui.widgets.side_panel import SidePanel
from ui.widgets.transcript import Transcript


class RecipientPanel(SidePanel):
    """Signals carry nothing: the page knows who is selected."""

    retry_asked = Signal()
    letter_asked = Signal()
    copy_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Recipient"), parent=parent)
        self._hint = label(
            self.tr("Choose a row to see what happened to that person's mail."), "secondary", wrap=True
        )
        self.body.addWidget(self._hint)
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._person = label("", "secondary", wrap=True)
        self._chip = Chip()
        self._when = label("", "secondary", wrap=True)
        column.addWidget(self._person)
        column.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._when)
        column.addWidget(self._make_explanation())
        # above the conversation, which may be long
        column.addWidget(self._make_buttons())
        column.addWidget(label(self.tr("Conversation"), "secondary"))
        self._conversation = Transcript(self.tr("Conversation with the server"))
        column.addWidget(self._conversation)
        self.body.addWidget(self._content)
        self.body.addStretch(1)
        self._content.hide()

    def _make_explanation(self) -> QFrame:
        self._box = QFrame()
        self._box.setProperty("inset", "true")
        inner = QVBoxLayout(self._box)
        inner.setContentsMargins(12, 9, 12, 10)
        inner.setSpacing(3)
        self._what = label("", "strong", wrap=True)
        self._lines = [label("", wrap=True) for _ in range(3)]
        for line in (self._what, *self._lines):
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            inner.addWidget(line)
        return self._box

    def _make_buttons(self) -> QWidget:
        row = QWidget()
        flow = FlowLayout(row, spacing=8)
        self.retry = QPushButton(self.tr("Send &now"))
        self.letter = QPushButton(self.tr("&Read the mail"))
        self.copy = QPushButton(self.tr("Copy the re&cord"))
        for button, signal in (
            (self.retry, self.retry_asked),
            (self.letter, self.letter_asked),
            (self.copy, self.copy_asked),
        ):
            button.clicked.connect(signal)
            flow.addWidget(button)
        return row

    def show_nobody(self) -> None:
        """Nothing is selected."""
        self.set_title(self.tr("Recipient"))
        self._hint.show()
        self._content.hide()

    def show_row(self, row: LedgerRow, verdict: str, lane: str, told: Explanation) -> None:
        """Show a recipient; the conversation follows by ``show_conversation``."""
        tone = RECIPIENT_TONES[row.state]
        self.set_title(row.address)
        self._person.setText(" · ".join(part for part in (row.name, lane) if part))
        self._chip.show_state(recipient_word(row.state), tone)
        self._when.setText(verdict)
        set_style_property(self._box, "tone", tone if tone != "neutral" else "")
        self._what.setText(told.what)
        captions = (self.tr("Who: {text}"), self.tr("Why: {text}"), self.tr("What now: {text}"))
        for line, caption, text in zip(self._lines, captions, (told.who, told.why, told.todo), strict=True):
            line.setText(caption.format(text=text))
            line.setVisible(bool(text))
        self._box.setVisible(bool(told.what))
        self.retry.setVisible(row.state is RecipientState.DEFERRED)
        self._hint.hide()
        self._content.show()

    def show_conversation(self, text: str) -> None:
        """What was said."""
        self._conversation.setPlainText(text or self.tr("There was no conversation yet."))

    @property
    def record(self) -> str:
        """Everything shown, as text for the clipboard."""
        parts: list[QLabel] = [self._person, self._chip, self._when, self._what, *self._lines]
        shown = [part.text() for part in parts if part.text() and part.isVisibleTo(self)]
        return "\n".join([self.accessible_title, *shown, "", self._conversation.toPlainText()])
