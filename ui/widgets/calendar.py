"""A month to choose a day from, Sundays and Saturdays coloured as calendars in Japan have them."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QToolButton, QWidget

from ui.theme import colours
from ui.widgets.icons import put_icon

_TURNS = {"qt_calendar_prevmonth": "chevron-left", "qt_calendar_nextmonth": "chevron-right"}
"""Qt's names of the buttons, whose pictures know no dark theme."""


class Calendar(QCalendarWidget):
    """In the words of ``locale``."""

    def __init__(self, locale: QLocale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(locale)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        shades = colours()
        for day, shade in ((Qt.DayOfWeek.Sunday, shades.bad), (Qt.DayOfWeek.Saturday, shades.info)):
            look = QTextCharFormat()
            look.setForeground(QColor(shade))
            self.setWeekdayTextFormat(day, look)
        for name, picture in _TURNS.items():
            button = self.findChild(QToolButton, name)
            if isinstance(button, QToolButton):
                put_icon(button, picture)
