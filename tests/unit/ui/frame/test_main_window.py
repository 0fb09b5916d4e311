from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.route import RouteKind
from tests.window.sample import make_campaign, make_progress

from ui.context import Context
from ui.languages import choose_language
from ui.main_window import PAGES, SMALLEST, MainWindow
from ui.theme import apply_theme
from ui.widgets.empty_state import EmptyState
from ui.widgets.notice import Notice
from ui.widgets.page_frame import PageFrame

Settle = Callable[[], None]
OURS = ("home", "queue", "monitor")


@pytest.fixture
def window(qtbot: QtBot, context: Context) -> MainWindow:
    made = MainWindow(context)
    qtbot.addWidget(made, before_close_func=_let_close)
    made.show()
    qtbot.waitExposed(made)
    return made


def _let_close(window: MainWindow) -> None:
    window.hide()


def test_pages_are_made_when_first_shown(window: MainWindow, settle: Settle) -> None:
    assert window.page("queue") is None
    window.show_page("queue")
    settle()
    first = window.page("queue")
    window.show_page("home")
    window.show_page("queue")
    settle()
    assert window.page("queue") is first
    assert window.current_name == "queue"
    assert window.navigation.buttons["queue"].isChecked()


def test_a_page_that_is_not_there_yet_is_an_empty_state(window: MainWindow) -> None:
    window._titles["reports"] = "Reports"
    window.show_page("reports")
    page = window.page("reports")
    assert page is not None
    assert page.findChild(EmptyState) is not None


def test_numbers_switch_pages(qtbot: QtBot, window: MainWindow, settle: Settle) -> None:
    for number, (name, _) in enumerate(PAGES, start=1):
        if name in OURS:
            window.navigation.buttons[name].click()
            settle()
            assert window.current_name == name
            assert window.navigation.buttons[name].toolTip() == f"Ctrl+{number}"


def test_foot_and_badges_tell_practice_from_earnest(window: MainWindow, context: Context) -> None:
    context.engine.state.emit("running")
    context.engine.progress.emit(make_progress(make_campaign()))
    words = [label.text() for label in window.navigation.findChildren(QLabel)]
    assert "Engine running" in words
    assert any(word.startswith("Practice") for word in words)
    context.engine.progress.emit(make_progress(make_campaign(route_kind=RouteKind.DIRECT)))
    assert "Sending to real people" in [label.text() for label in window.navigation.findChildren(QLabel)]
    assert window.navigation.buttons["monitor"].accessibleName() == "Monitor Sending"
    context.engine.progress.emit(make_progress(make_campaign(state=CampaignState.FINISHED)))
    assert window.navigation.buttons["monitor"].accessibleName() == "Monitor"


def test_failures_are_told_on_the_page(window: MainWindow, context: Context, settle: Settle) -> None:
    window.show_page("home")
    settle()
    context.tasks.failed.emit(BadInput(ErrorCode.NAME_EMPTY))
    notices = [n for n in window.page("home").findChildren(Notice) if n.isVisible()]
    assert [n.text for n in notices] == [context.describe(BadInput(ErrorCode.NAME_EMPTY))]
    window._escape()
    assert not notices[0].isVisible()


def test_ctrl_f_finds_the_search(window: MainWindow, settle: Settle, campaign: int) -> None:
    window.show_page("queue")
    settle()
    window._focus_search()
    focused = window.focusWidget()
    assert isinstance(focused, QLineEdit)
    assert focused.property("search") == "true"


def test_f6_goes_round_all_columns(window: MainWindow, settle: Settle, campaign: int) -> None:
    window.show_page("queue")
    settle()
    seen = []
    for _ in range(3):
        window._next_panel()
        focused = window.focusWidget()
        seen.append(_panel_of(focused))
    assert len(set(seen)) == 3
    window._previous_panel()
    assert _panel_of(window.focusWidget()) == seen[1]


def _panel_of(widget: QWidget | None) -> QWidget | None:
    while widget is not None and widget.property("panel") != "true":
        widget = widget.parentWidget()
    return widget


def test_geometry_and_page_are_remembered(window: MainWindow, context: Context) -> None:
    window.resize(1100, 720)
    window.show_page("queue")
    window.keep_geometry()
    again = MainWindow(context)
    assert again.height() == 720  # the width is cut to the test's small screen
    assert context.memory.text("window/page") == "queue"
    again.deleteLater()


def test_closing_is_left_to_the_application(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.closing):
        window.close()
    assert window.isVisible()


def test_language_is_option_then_setting() -> None:
    assert choose_language("en", "ja") == "en"
    assert choose_language(None, "ja") == "ja"
    assert choose_language(None, "auto") in ("ja", "en")


def _unnamed(window: QWidget) -> list[str]:
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.focusPolicy() is Qt.FocusPolicy.NoFocus:
            continue
        if widget.objectName().startswith("qt_") or widget.focusProxy() is not None:
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is not None and not interface.text(QAccessible.Text.Name):
            found.append(f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}")
    return found


@pytest.mark.parametrize("name", [name for name, _ in PAGES])
def test_every_control_has_a_name(
    window: MainWindow, context: Context, settle: Settle, campaign: int, name: str
) -> None:
    context.engine.latest = make_progress(make_campaign(number=campaign))
    window.show_page(name)
    settle()
    assert _unnamed(window) == []


def _cut(window: QWidget) -> list[str]:
    """Labels and buttons whose text needs more room than they have, unless they elide on purpose."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or type(widget).__name__ == "ElidedLabel":
            continue
        if isinstance(widget, QLabel) and widget.text() and not widget.wordWrap():
            if widget.sizeHint().width() > widget.width() + 1:
                found.append(f"{widget.text()} ({widget.sizeHint().width()} > {widget.width()})")
        elif isinstance(widget, QLabel) and widget.wordWrap():
            if widget.heightForWidth(widget.width()) > widget.height() + 1:
                found.append(f"{widget.text()} (height)")
        elif (
            isinstance(widget, QAbstractButton)
            and widget.text()
            and type(widget).__name__ != "NavButton"
            and widget.sizeHint().width() > widget.width() + 1
        ):
            found.append(widget.text())
    return found


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", OURS)
def test_no_text_is_cut_in_the_smallest_window(
    qapp: QApplication,
    window: MainWindow,
    context: Context,
    settle: Settle,
    campaign: int,
    name: str,
    mode: str,
) -> None:
    apply_theme(qapp, mode)
    window.resize(*SMALLEST)
    context.engine.latest = make_progress(make_campaign(number=campaign))
    context.engine.state.emit("running")
    window.show_page(name)
    settle()
    context.engine.progress.emit(context.engine.latest)
    settle()
    assert window.size().toTuple() == SMALLEST
    assert _cut(window) == []
    frames = window.findChildren(PageFrame)
    assert frames


def test_badges_go_with_the_engine(qtbot: QtBot, context: Context) -> None:
    window = MainWindow(context)
    qtbot.addWidget(window)
    context.engine._set_state("running")
    context.engine.progress.emit(make_progress(make_campaign()))
    assert window.navigation.buttons["queue"].accessibleName() != "Queue"
    context.engine._set_state("stopped")
    assert window.navigation.buttons["queue"].accessibleName() == "Queue"
    assert window.navigation.buttons["monitor"].accessibleName() == "Monitor"
