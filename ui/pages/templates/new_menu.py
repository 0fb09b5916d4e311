"""What a new template can begin with."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop_relay.domain.template import Template


class NewMenu(QMenu):
    """``wanted(Template)`` for a starter or a blank one, ``copy_wanted`` for one like that which is shown."""

    wanted = Signal(object)
    copy_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.copy = self.addAction(self.tr("&Copy of this one"))
        self.copy.triggered.connect(self.copy_wanted)

    def fill(self, starters: Iterable[Template]) -> None:
        """With those that come with the program, once."""
        if len(self.actions()) > 1:
            return
        blank = Template(self.tr("New template"), self.tr("Subject"), "", "{{ name }}\n\n")
        for starter in starters:
            self._add(starter.name.replace("&", "&&"), starter)
        self.insertSeparator(self.copy)
        self._add(self.tr("&Blank text mail"), blank)

    def _add(self, words: str, template: Template) -> None:
        action = self.addAction(words)
        self.insertAction(self.copy, action)
        action.triggered.connect(partial(self._want, template))

    def _want(self, template: Template, *_checked: bool) -> None:
        self.wanted.emit(template)
