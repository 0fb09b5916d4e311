"""The frame of a page: title, grey context, actions at the top right, notices, body, undo bar."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.colours import Tone
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.notice import Notice
from ui.widgets.undo_bar import UndoBar

Role = Literal["primary", "quiet", "danger"]


class PageFrame(QWidget):
    """``body`` takes the content. ``stacked`` puts the context below the title instead of beside it.

    ``notices_below`` is for a page on which people click while it changes by itself: a message that comes or
    goes above the body would move everything under the hand.
    """

    def __init__(
        self,
        title: str,
        *,
        stacked: bool = False,
        notices_below: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 14, 24, 16)
        column.setSpacing(10)
        # a campaign's name may be long, a page's own title is not
        self._title = ElidedLabel(title, "title") if stacked else label(title, "title")
        self._context = ElidedLabel("", "secondary")
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        column.addLayout(self._make_stacked_header() if stacked else self._make_header())
        self.notices = QVBoxLayout()
        self.notices.setSpacing(6)
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        column.addLayout(self.body, 1)
        column.insertLayout(column.count() - (0 if notices_below else 1), self.notices)
        self.undo_bar = UndoBar()
        column.addWidget(self.undo_bar)

    def _make_header(self) -> QHBoxLayout:
        header = QHBoxLayout()
        header.setSpacing(12)
        header.addWidget(self._title)
        header.addWidget(self._context, 1)
        header.addLayout(self._actions)
        return header

    def _make_stacked_header(self) -> QVBoxLayout:
        header = QVBoxLayout()
        header.setSpacing(0)
        first = QHBoxLayout()
        first.setSpacing(12)
        first.addWidget(self._title, 1)
        first.addLayout(self._actions)
        header.addLayout(first)
        header.addWidget(self._context)
        return header

    def set_title(self, text: str) -> None:
        """The page's title."""
        if self._title.text() != text:
            self._title.setText(text)

    def set_context(self, text: str) -> None:
        """The grey line beside or below the title."""
        if self._context.text() != text:
            self._context.setText(text)

    def add_action(self, text: str, role: Role = "quiet") -> QPushButton:
        """A button at the top right, in the order of the calls; at most one is ``primary``."""
        button = QPushButton(text)
        if role != "quiet":
            button.setProperty("role", role)
        self._actions.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return button

    def add_action_widget(self, widget: QWidget) -> None:
        """Something else among the actions, such as a chooser."""
        self._actions.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def add_notice(self, notice: Notice) -> Notice:
        """Show a message above the body."""
        self.notices.addWidget(notice)
        if not notice.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            notice.show()  # at once; left to the layout it would be later, and the focus could not go there
        return notice

    def tell(
        self,
        text: str,
        tone: Tone = "info",
        button_text: str = "",
        *,
        name: str = "message",
        closable: bool = True,
    ) -> Notice:
        """Say something above the body; a later message of the same ``name`` takes the place of the first."""
        self.untell(name)
        notice = Notice(text, tone, button_text, closable=closable)
        notice.setObjectName(name)
        self.add_notice(notice)
        return notice

    def untell(self, name: str) -> None:
        """Take the message of this ``name`` away, if there is one."""
        old = self.findChild(Notice, name)
        if old is not None:
            old.setObjectName("")
            old.hide()
            old.deleteLater()
