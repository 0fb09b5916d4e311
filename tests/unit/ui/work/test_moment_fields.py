"""Times of day as people type them, and days that a wheel passes over."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from PySide6.QtCore import QDate, QLocale, QPoint, QPointF, Qt, QTime
from PySide6.QtGui import QInputMethodEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QDateTimeEdit

from ui.widgets.moment_fields import DayField, TimeField


@pytest.mark.parametrize("text", ["18:30", "１８：３０", "１８:３０"])
def test_digits_of_full_width_are_a_time(qtbot: QtBot, text: str) -> None:
    field = TimeField()
    qtbot.addWidget(field)
    field.setTime(QTime(9, 0))
    field.lineEdit().selectAll()
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)
    assert field.time() == QTime(18, 30)


def test_a_day_has_its_weekday_in_the_users_words(qtbot: QtBot) -> None:
    shown = {}
    for language in ("ja", "en"):
        field = DayField(QLocale(language))
        qtbot.addWidget(field)
        field.setDate(QDate(2026, 12, 1))
        shown[language] = field.text()
    assert shown == {"ja": "2026/12/01 (火)", "en": "2026/12/01 (Tue)"}


def test_the_wheel_is_for_what_scrolls(qtbot: QtBot) -> None:
    fields: tuple[QDateTimeEdit, ...] = (DayField(QLocale("ja")), TimeField())
    for field in fields:
        qtbot.addWidget(field)
        field.setDateTime(QDate(2026, 12, 1).startOfDay())
        before = field.text()
        wheel = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            QPoint(0, 0),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(field, wheel)
        assert field.text() == before
        assert not wheel.isAccepted()
