from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from ui.widgets.steady_label import SteadyLabel

LONG = "相手の求めで控えめにしています。問題がなければ、少しずつ戻します。"


def made(qtbot: QtBot, width: int, text: str, room: int = 20, most: int = 2) -> SteadyLabel:
    shown = SteadyLabel(room, most)
    qtbot.addWidget(shown)
    shown.resize(width, shown.heightForWidth(width))
    shown.show()
    shown.setText(text)
    return shown


def test_the_end_of_what_has_no_room_is_in_the_tool_tip(qtbot: QtBot) -> None:
    shown = made(qtbot, 120, LONG)
    assert len(shown._lines) == 2
    assert shown._lines[-1].endswith("…")
    assert shown.toolTip() == LONG
    shown.resize(2000, shown.heightForWidth(2000))
    assert shown._lines == [LONG]
    assert shown.toolTip() == ""
    shown.setText("")
    assert shown._lines == [""]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=120), st.integers(1, 600), st.integers(1, 4))
def test_its_height_hangs_on_its_width_alone(qtbot: QtBot, text: str, width: int, most: int) -> None:
    shown = made(qtbot, width, text, most=most)
    height = shown.heightForWidth(width)
    shown.setText("")
    assert shown.heightForWidth(width) == shown.sizeHint().height() == height
    assert shown.heightForWidth(width + 100) <= height
    assert height <= most * shown.fontMetrics().lineSpacing()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(blacklist_categories=["C", "Z", "M"]), max_size=80), st.integers(20, 600))
def test_nothing_is_hidden_without_a_tool_tip(qtbot: QtBot, text: str, width: int) -> None:
    shown = made(qtbot, width, text)
    seen = "".join(shown._lines)
    assert (seen == text) is (shown.toolTip() == "")
    assert shown.toolTip() in ("", text)
    qtbot.waitExposed(shown)
