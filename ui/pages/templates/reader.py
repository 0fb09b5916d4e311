"""The right column: the mail as one contact gets it, who that is, and what to mind."""

from __future__ import annotations

import importlib
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from ui import wording
from ui.theme import monospace_font
from ui.widgets.icons import IconButton
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.notice import Notice

DESKTOP_WIDTH = 680
PHONE_WIDTH = 390
_DESKTOP, _PHONE, _TEXT = range(3)


class Reader(QWidget):
    """``flipped(int)``: the next or the previous person is wanted; ``mend``: the place of the mistake."""

    flipped = Signal(int)
    mend = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mail_view: Any = None
        self._html = ""
        self._shown_html = ""
        self._blind = False
        self.who = ElidedLabel("", "strong")
        self.subject = ElidedLabel("", "heading")
        self._size = label("", "secondary")
        self._make_tabs()
        self.problem = Notice("", "bad", closable=False)
        self.problem.acted.connect(self.mend)
        self.problem.hide()
        self.blind = Notice("", "info", closable=False)
        self.blind.hide()
        self.warnings = label("", "secondary", wrap=True)
        self.warnings.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        column.addLayout(self._make_head())
        column.addWidget(self.subject)
        column.addWidget(self.problem)
        column.addWidget(self.blind)
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)
        column.addWidget(self.warnings)

    def _make_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self.previous = IconButton("chevron-left", self.tr("Previous person"))
        self.next = IconButton("chevron-right", self.tr("Next person"))
        self.previous.clicked.connect(self._go_back)
        self.next.clicked.connect(self._go_on)
        row.addWidget(label(self.tr("For"), "secondary"))
        row.addWidget(self.who, 1)
        row.addWidget(self._size)
        row.addWidget(self.previous)
        row.addWidget(self.next)
        return row

    def _make_tabs(self) -> None:
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(self.tr("How the mail is shown"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        for words in (self.tr("&Desktop"), self.tr("&Phone"), self.tr("Te&xt only")):
            self.tabs.addTab(words)
        self.tabs.currentChanged.connect(self._show_tab)
        self._plain = QPlainTextEdit(readOnly=True)
        self._plain.setFont(monospace_font())
        self._plain.setTabChangesFocus(True)
        self._plain.setAccessibleName(self.tr("The mail as text"))
        self._screen = QWidget()
        self._screen_row = QHBoxLayout(self._screen)
        self._screen_row.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._screen)
        self._stack.addWidget(self._plain)

    def _go_back(self) -> None:
        self.flipped.emit(-1)

    def _go_on(self) -> None:
        self.flipped.emit(1)

    @property
    def text(self) -> str:
        """The mail as text."""
        return self._plain.toPlainText()

    def set_people(self, count: int) -> None:
        """Flipping needs somebody to flip to."""
        self.previous.setEnabled(count > 1)
        self.next.setEnabled(count > 1)

    def show_mail(self, *, who: str, subject: str, safe_html: str, text: str, size: int) -> None:
        """Show what arrives."""
        self.who.setText(who or self.tr("an example person"))
        self.subject.setText(subject)
        self._size.setText(self.tr("{size} KB").format(size=wording.number(max(1, size / 1024))))
        if text != self.text:
            self._plain.setPlainText(text)
        self._html = safe_html
        looks = bool(safe_html) and not self._blind
        for place in (_DESKTOP, _PHONE):
            self.tabs.setTabVisible(place, looks)
        if not looks:
            self.tabs.setCurrentIndex(_TEXT)
        self._show_tab(self.tabs.currentIndex())

    def show_warnings(self, sentences: list[str]) -> None:
        """What to mind, below the mail."""
        self.warnings.setText("\n".join(f"・{sentence}" for sentence in sentences))
        self.warnings.setVisible(bool(sentences))

    def show_problem(self, sentence: str, *, mendable: bool = False) -> None:
        """Why the mail shown is not the newest, or nothing."""
        if not sentence:
            self.problem.hide()
            return
        self.problem.show_text(sentence, button_text=self.tr("Show the place") if mendable else "")

    def _show_tab(self, place: int) -> None:
        self._stack.setCurrentWidget(self._plain if place == _TEXT else self._screen)
        if place == _TEXT or not self._html:
            return
        view = self._view()
        if view is None:
            return
        phone = place == _PHONE
        view.setMaximumWidth(PHONE_WIDTH if phone else 16777215)
        view.show_as(PHONE_WIDTH if phone else DESKTOP_WIDTH)
        if self._html != self._shown_html:
            self._shown_html = self._html
            view.show_html(self._html)

    def _view(self) -> Any:
        if self._mail_view is None and not self._blind:
            # late: the browser engine costs a second and 200 MB, and many sessions never look at a mail
            try:
                module = importlib.import_module("ui.widgets.mail_view")
            except ImportError:
                self._go_blind()
                return None
            self._mail_view = module.MailView(self.tr("The mail as it looks"))
            self._screen_row.addWidget(self._mail_view, 1, Qt.AlignmentFlag(0))
        return self._mail_view

    def _go_blind(self) -> None:
        """No browser engine here: the text still shows what is said."""
        self._blind = True
        self.blind.show_text(
            self.tr("The look cannot be shown on this computer (QtWebEngine is missing). Here is the text.")
        )
        for place in (_DESKTOP, _PHONE):
            self.tabs.setTabVisible(place, False)
        self.tabs.setCurrentIndex(_TEXT)
        self._stack.setCurrentWidget(self._plain)
