"""The way to the first real campaign: five steps, what is done, and one next button."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui import wording
from ui.context import Context
from ui.pages.home.attention_list import AttentionList
from ui.pages.home.presenter import HomeState, Step
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.icons import IconLabel
from ui.widgets.labels import label
from ui.widgets.restyle import set_style_property


class StepCard(Card):
    """One step. ``acted(Step)`` when its button is pressed."""

    acted = Signal(object)

    def __init__(self, step: Step, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.step = step
        self.body.setContentsMargins(16, 10, 16, 10)
        row = QHBoxLayout()
        row.setSpacing(14)
        self._number = Chip(str(number))
        self._number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._number.setFixedSize(26, 26)
        self._tick = IconLabel("check", "good", 22)
        self._tick.setFixedWidth(26)
        row.addWidget(self._number)
        row.addWidget(self._tick)
        words = QVBoxLayout()
        words.setSpacing(1)
        self._title = label("", "heading")
        self._text = label("", "secondary", wrap=True)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row.addLayout(words, 1)
        self.button = QPushButton()
        self.button.clicked.connect(self._press)
        row.addWidget(self.button)
        self.body.addLayout(row)

    def show_step(self, title: str, text: str, button: str, *, done: bool, current: bool) -> None:
        """Words and standing."""
        self._title.setText(title)
        self._text.setText(text)
        self.button.setText(button)
        self.button.setAccessibleName(f"{button}: {title}")
        set_style_property(self.button, "role", "primary" if current else "")
        self._number.setVisible(not done)
        self._tick.setVisible(done)
        self._number.show_state(self._number.text(), "info" if current else "neutral")
        self.set_current(current)
        self.setAccessibleName(self.tr("{title}: done").format(title=title) if done else title)

    def _press(self) -> None:
        self.acted.emit(self.step)


class Steps(QWidget):
    """``acted(Step)``; ``practise_asked`` for the bundled sample; ``navigate`` for what needs a person."""

    acted = Signal(object)
    practise_asked = Signal()
    navigate = Signal(str, object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 0)
        column.setSpacing(12)
        self.attention = AttentionList(context)
        self.attention.navigate.connect(self.navigate)
        column.addWidget(self.attention)
        self._welcome = label("", "welcome", wrap=True)
        column.addWidget(self._welcome)
        column.addWidget(
            label(
                self.tr("Your address book stays on this PC. In practice mode nothing reaches real people."),
                "secondary",
                wrap=True,
            )
        )
        self.cards = {step: StepCard(step, number) for number, step in enumerate(Step, start=1)}
        for card in self.cards.values():
            card.acted.connect(self.acted)
            column.addWidget(card)
        self.sample = QPushButton(self.tr("No list at hand? &Practise with a sample list"))
        self.sample.setProperty("role", "link")
        self.sample.clicked.connect(self.practise_asked)
        column.addWidget(self.sample, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    def show_state(self, state: HomeState, now: datetime) -> None:
        """Show what is done and what comes next."""
        self.attention.show_items(state.attention, now)
        following = state.next_step
        self._welcome.setText(
            self.tr("Welcome. Let us practise sending first.")
            if not state.practised
            else self.tr("Practised. Now for the real thing.")
        )
        for step, card in self.cards.items():
            done = step in state.done
            title, text, button = _words(step, state)
            card.show_step(title, text, button, done=done, current=step is following)
        self.sample.setVisible(state.contacts == 0)


def _words(step: Step, state: HomeState) -> tuple[str, str, str]:
    """Title, text and button of a step."""
    titles = {
        Step.CONTACTS: QCoreApplication.translate("Steps", "Bring in your list"),
        Step.TEMPLATE: QCoreApplication.translate("Steps", "Choose what to write"),
        Step.PRACTICE: QCoreApplication.translate("Steps", "Practise sending"),
        Step.PREPARE: QCoreApplication.translate("Steps", "Get ready for real sending"),
        Step.SEND: QCoreApplication.translate("Steps", "Send"),
    }
    return titles[step], _text(step, state), _button(step, state)


def _text(step: Step, state: HomeState) -> str:
    people, letters = wording.number(state.contacts), wording.number(state.templates)
    if step is Step.CONTACTS and state.contacts:
        return QCoreApplication.translate("Steps", "People in the address book: {n}").format(n=people)
    if step is Step.TEMPLATE and state.templates:
        return QCoreApplication.translate("Steps", "Templates at hand: {n}").format(n=letters)
    texts = {
        Step.CONTACTS: QCoreApplication.translate(
            "Steps", "A CSV file from Excel or your old program will do"
        ),
        Step.TEMPLATE: QCoreApplication.translate(
            "Steps", "Start from a ready-made letter and change it as you like"
        ),
        Step.PRACTICE: QCoreApplication.translate(
            "Steps", "To carriers that only pretend to be docomo, au, SoftBank, Gmail …, just as in earnest"
        ),
        Step.PREPARE: QCoreApplication.translate(
            "Steps",
            "Set up the mail server (company, provider, Gmail, Microsoft 365 …) and the proof of the sender"
            " (SPF, DKIM, DMARC)",
        ),
        Step.SEND: QCoreApplication.translate(
            "Steps", "Everything is checked first, and you see when it will be finished"
        ),
    }
    return texts[step]


def _button(step: Step, state: HomeState) -> str:
    if step in state.done and step is not Step.SEND:
        return QCoreApplication.translate("Steps", "Look through")
    buttons = {
        Step.CONTACTS: QCoreApplication.translate("Steps", "Import a list"),
        Step.TEMPLATE: QCoreApplication.translate("Steps", "See the templates"),
        Step.PRACTICE: QCoreApplication.translate("Steps", "Begin to practise"),
        Step.PREPARE: QCoreApplication.translate("Steps", "Begin the setup"),
        Step.SEND: QCoreApplication.translate("Steps", "Make a campaign"),
    }
    return buttons[step]
