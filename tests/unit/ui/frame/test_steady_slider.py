"""A slider keeps its value while the page that it stands in is scrolled."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from ui.widgets.steady_slider import SteadySlider


def test_the_wheel_is_for_what_scrolls(qtbot: QtBot) -> None:
    slider = SteadySlider(Qt.Orientation.Horizontal)
    qtbot.addWidget(slider)
    slider.setRange(1, 100)
    slider.setValue(50)
    turn = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, 0),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, turn)
    assert slider.value() == 50
    assert not turn.isAccepted()
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == 51
