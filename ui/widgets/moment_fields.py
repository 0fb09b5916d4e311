"""Fields for a day and for a time of day, as people in Japan type and read them."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDateEdit, QTimeEdit, QWidget

from ui.widgets.calendar import Calendar
from ui.widgets.steady import Steady

_Found = tuple[QValidator.State, str, int]


class DayField(Steady, QDateEdit):
    """A day with its weekday in the words of ``locale``; a calendar drops down."""

    def __init__(self, locale: QLocale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(locale)
        self.setDisplayFormat("yyyy/MM/dd (ddd)")
        self.setCalendarPopup(True)
        self.setCalendarWidget(Calendar(locale))

    def validate(self, text: str, at: int) -> _Found:
        """Digits of full width are digits."""
        return super().validate(unicodedata.normalize("NFKC", text), at)


class TimeField(Steady, QTimeEdit):
    """Hours and minutes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDisplayFormat("HH:mm")
        self.lineEdit().setTextMargins(6, 0, 0, 0)

    def validate(self, text: str, at: int) -> _Found:
        """Digits of full width are digits."""
        return super().validate(unicodedata.normalize("NFKC", text), at)
