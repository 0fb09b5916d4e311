from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from PySide6.QtCore import Qt

from ui.widgets.late_push_button import LatePushButton

FOR_EVER = 10**9


@pytest.mark.parametrize(("not_meant", "clicks"), [(FOR_EVER, 0), (0, 1)])
def test_a_click_already_on_its_way_is_not_for_it(qtbot: QtBot, not_meant: int, clicks: int) -> None:
    button = LatePushButton("Send now", not_meant=not_meant)
    qtbot.addWidget(button)
    heard: list[str] = []
    button.clicked.connect(lambda: heard.append("clicked"))
    button.show()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(heard) == clicks
    assert not button.isDown()


def test_the_keyboard_needs_no_patience(qtbot: QtBot) -> None:
    button = LatePushButton("Send now", not_meant=FOR_EVER)
    qtbot.addWidget(button)
    button.show()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)
