"""Settings that are changed from two sides, by the keyboard alone, or with a wheel that only passes over."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QPushButton, QWidget

from desktop_relay.domain.command import RenameRoute
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.route import Member, Route, RouteKind, RoutingRule, TlsMode
from desktop_relay.operations import identities, routes, settings
from desktop_relay.operations.practice import SENDER
from tests.unit.ui.work.fakes import FakeEngine

from ui.context import Context
from ui.dialogs.identity_dialog import IdentityDialog
from ui.dialogs.route_dialog import RouteDialog
from ui.pages.settings.page import Page
from ui.tasks import MAX_THREADS
from ui.widgets.notice import Notice

Settle = Callable[..., None]
FIRST = Route("First", RouteKind.SMARTHOST, host="a.example", port=587, user="me", rate=0.03)
SECOND = replace(FIRST, name="Second", host="b.example")
RULE = RoutingRule("First", lanes=("docomo",), over_octets=1_000_000)


@pytest.fixture
def page(context: Context, show: Callable[[QWidget], QWidget]) -> Page:
    for route in (FIRST, SECOND):
        routes.save(context.workspace, route, "secret")
    made = Page(context)
    show(made)
    return made


def button(page: QWidget, name: str) -> QPushButton:
    return next(b for b in page.findChildren(QPushButton) if b.accessibleName() == name and b.isVisible())


def open_route(page: Page, settle: Settle, name: str) -> RouteDialog:
    button(page, f"Edit…: {name}").click()
    settle()
    assert isinstance(page.dialog, RouteDialog)
    return page.dialog


# -- from two sides


def test_what_is_edited_is_what_is_kept_now(page: Page, settle: Settle, context: Context) -> None:
    routes.save(context.workspace, replace(FIRST, daily_quota=500))  # while the list shows it without
    dialog = open_route(page, settle, "First")
    assert dialog.controls.daily.value() == 500
    dialog.reject()


def test_what_changed_meanwhile_is_not_written_over(page: Page, settle: Settle, context: Context) -> None:
    dialog = open_route(page, settle, "First")
    routes.save(context.workspace, replace(FIRST, daily_quota=500))
    dialog.controls.connections.setValue(2)
    dialog.save_button.click()
    settle()
    assert "“First” was changed or deleted in another window" in dialog.notice.text
    assert dialog.save_button.isEnabled()
    assert routes.load(context.workspace, "First") == replace(FIRST, daily_quota=500)
    dialog.reject()


def test_a_route_that_is_gone_is_told_on_the_page(page: Page, settle: Settle, context: Context) -> None:
    routes.delete(context.workspace, "First")
    button(page, "Edit…: First").click()
    settle()
    assert page.dialog is None
    assert any("First" in each.text for each in page.findChildren(Notice) if each.isVisible())
    assert not [
        b for b in page.findChildren(QPushButton) if b.accessibleName() == "Edit…: First" and b.isVisible()
    ]


def test_who_comes_back_to_the_window_sees_what_changed(
    page: Page, settle: Settle, context: Context, qapp: QApplication
) -> None:
    heard: list[object] = []
    context.changed.changed.connect(heard.append)
    other = QWidget()
    other.show()
    other.activateWindow()
    settle()
    routes.save(context.workspace, replace(FIRST, name="Third"))
    settings.set_value(context.workspace, "ui.theme", "dark")
    page.activateWindow()
    qapp.processEvents()
    settle()
    assert button(page, "Edit…: Third").isVisible()
    assert page.general.theme.currentData() == "dark"
    assert any(getattr(changes, "settings", False) for changes in heard), "the window has to be dressed"
    other.close()
    other.deleteLater()


def test_save_pressed_twice_keeps_once(
    page: Page, settle: Settle, context: Context, engine: FakeEngine
) -> None:
    dialog = open_route(page, settle, "First")
    dialog.controls.name.setText("Renamed")
    for _ in range(2):
        QTest.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    settle()
    assert page.dialog is None
    assert [route.name for route in routes.overview(context.workspace)] == ["sandbox", "Renamed", "Second"]
    assert [type(command) for command in engine.commands].count(RenameRoute) == 1


@pytest.mark.parametrize("shown", ["rate", "connections", "daily"])
def test_numbers_that_a_command_set_stay(page: Page, settle: Settle, context: Context, shown: str) -> None:
    set_by_command = {
        "rate": replace(FIRST, rate=0.001),
        "connections": replace(FIRST, max_connections=400),
        "daily": replace(FIRST, daily_quota=1_000_000_000),
    }[shown]
    routes.save(context.workspace, set_by_command)
    dialog = open_route(page, settle, "First")
    dialog.controls.ehlo_name.setText("pc.example.jp")
    dialog.save_button.click()
    settle()
    kept = routes.load(context.workspace, "First")
    assert kept == replace(set_by_command, ehlo_name="pc.example.jp")


def test_without_providers_a_fallback_stays(
    page: Page, settle: Settle, context: Context, tmp_path: Path
) -> None:
    routes.save(context.workspace, Route("Direct", RouteKind.DIRECT, fallback="First"))
    page.activate()
    settle()
    providers = tmp_path / "providers.toml"
    providers.write_text("", encoding="utf-8")
    settings.set_value(context.workspace, "oauth.providers_file", str(providers))
    providers.unlink()
    dialog = open_route(page, settle, "Direct")
    assert dialog.notice.isVisible()
    assert dialog.controls.fallback.currentData() == "First"
    dialog.reject()


def test_a_kept_password_is_not_offered_as_a_client_s_secret(page: Page, settle: Settle) -> None:
    dialog = open_route(page, settle, "First")
    assert "kept safely" in dialog.controls.password.placeholderText()
    dialog.controls.how.choose(RouteKind.SMARTHOST, "microsoft")
    assert dialog.controls.password.placeholderText() == ""
    dialog.controls.how.choose(RouteKind.SMARTHOST)
    assert "kept safely" in dialog.controls.password.placeholderText()
    dialog.reject()


# -- the test of a server that says nothing


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Connections are taken by the system, and nobody ever speaks."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


Loop = asyncio.AbstractEventLoop


def begin_test(dialog: RouteDialog, loop: Loop) -> None:
    """Press the button, and let the test begin."""
    dialog.test_button.click()
    loop.run_until_complete(asyncio.sleep(0))
    assert dialog.stop_button.isVisible()


def test_a_silent_server_is_not_waited_for(page: Page, settle: Settle, loop: Loop, silent_port: int) -> None:
    dialog = open_route(page, settle, "First")
    fields = dialog.controls
    fields.host.setText("127.0.0.1")
    fields.tls.setCurrentIndex(fields.tls.findData(TlsMode.NONE))
    fields.port.setValue(silent_port)
    dialog.test_button.setFocus()
    begin_test(dialog, loop)
    dialog.stop_button.click()
    settle()
    assert dialog.notice.text == "The test of the connection was called off."
    assert dialog.test_button.isVisible()
    assert not dialog.stop_button.isVisible()
    assert dialog.focusWidget() is dialog.test_button
    dialog.reject()


def test_a_test_takes_the_keyboard_from_nobody(
    page: Page, settle: Settle, loop: Loop, silent_port: int
) -> None:
    dialog = open_route(page, settle, "First")
    dialog.controls.host.setText("127.0.0.1")
    dialog.controls.port.setValue(silent_port)
    dialog.controls.name.setFocus()
    begin_test(dialog, loop)
    dialog.stop_button.click()
    settle()
    assert dialog.focusWidget() is dialog.controls.name
    dialog.reject()


def test_tests_that_were_left_hold_up_nobody(
    page: Page, settle: Settle, loop: Loop, silent_port: int
) -> None:
    for _ in range(MAX_THREADS + 1):
        dialog = open_route(page, settle, "First")
        dialog.controls.host.setText("127.0.0.1")
        dialog.controls.port.setValue(silent_port)
        begin_test(dialog, loop)
        dialog.reject()
        settle()
    assert page.dialog is None


# -- by the keyboard alone, and with the wheel


def test_the_keyboard_goes_from_top_to_bottom(page: Page, settle: Settle, context: Context) -> None:
    for _ in range(2):  # also once the rows were made anew
        page.routes.add_button.setFocus()
        came_by = []
        while (focused := page.focusWidget()) is not page.senders.add_button:
            came_by.append(focused.accessibleName() or getattr(focused, "text", str)())
            QTest.keyClick(focused, Qt.Key.Key_Tab)
        assert came_by == [
            "&Add a route",
            *(f"{w}: {n}" for n in ("First", "Second") for w in ("Edit…", "Delete")),
        ]
        routes.save(context.workspace, replace(SECOND, daily_quota=5))
        page.activate()
        settle()


def test_the_keyboard_stays_where_it_was(page: Page, settle: Settle, context: Context) -> None:
    button(page, "Edit…: Second").setFocus()
    dialog = open_route(page, settle, "Second")
    dialog.controls.daily.setValue(5)
    dialog.save_button.click()
    settle()
    focused = page.window().focusWidget()
    assert focused.isVisible()
    assert focused.accessibleName() == "Edit…: Second"


def test_the_keyboard_only_came_by(page: Page, settle: Settle, context: Context) -> None:
    settings.set_value(context.workspace, "sandbox.speed", "2.5")
    page.activate()
    settle()
    page.general.speed.setFocus()
    QTest.keyClick(page.general.speed, Qt.Key.Key_Tab)
    settle()
    assert settings.get(context.workspace, "sandbox.speed") == 2.5


def turn_wheel(widget: QWidget) -> bool:
    """Whether it took it."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def test_the_wheel_scrolls_and_changes_nothing(page: Page, settle: Settle, context: Context) -> None:
    before = settings.overview(context.workspace)
    routes.save(context.workspace, Route("Both", RouteKind.POOL, members=(Member("First"),), rules=(RULE,)))
    page.activate(("route", "Both"))
    settle()
    assert isinstance(page.dialog, RouteDialog)
    for window in (page, page.dialog):
        boxes = [*window.findChildren(QComboBox), *window.findChildren(QAbstractSpinBox)]
        for box in (box for box in boxes if box.isVisible() and box.isEnabled()):
            box.setFocus()
            assert not turn_wheel(box), box.accessibleName()
    settle()
    assert settings.overview(context.workspace) == before
    assert page.dialog.route == routes.load(context.workspace, "Both")
    page.dialog.reject()


# -- senders


def open_new_sender(page: Page, settle: Settle, address: str) -> IdentityDialog:
    page.senders.add_button.click()
    settle()
    assert isinstance(page.dialog, IdentityDialog)
    page.dialog.address.setText(address)
    return page.dialog


def test_a_new_sender_takes_no_other_s_place(page: Page, settle: Settle, context: Context) -> None:
    before = identities.overview(context.workspace)
    dialog = open_new_sender(page, settle, SENDER)
    dialog.save_button.click()
    settle()
    assert "is there already" in dialog.notice.text
    assert dialog.save_button.isEnabled()
    assert identities.overview(context.workspace) == before
    dialog.reject()


def test_a_sender_without_an_address_is_told_what_is_missing(page: Page, settle: Settle) -> None:
    dialog = open_new_sender(page, settle, "")
    dialog.save_button.click()
    settle()
    assert "such as shop@example.jp" in dialog.notice.text
    dialog.reject()


def test_senders_are_edited_and_deleted_as_they_are_now(page: Page, settle: Settle, context: Context) -> None:
    ws = context.workspace
    (sender,) = identities.overview(ws)
    shown = f"{sender.name} <{sender.address}>"
    changed, _ = identities.save(ws, replace(sender, postal="Osaka"))
    button(page, f"Edit…: {shown}").click()
    settle()
    assert isinstance(page.dialog, IdentityDialog)
    assert page.dialog.postal.text() == "Osaka"
    identities.save(ws, replace(changed, postal="Kyoto"))
    page.dialog.save_button.click()
    settle()
    assert "changed or deleted in another window" in page.dialog.notice.text
    page.dialog.reject()
    identities.delete(ws, SENDER)
    button(page, f"Delete: {shown}").click()
    settle()
    assert any(SENDER in each.text for each in page.findChildren(Notice) if each.isVisible())
    assert [b.accessibleName() for b in page.senders.findChildren(QPushButton) if b.isVisible()] == [""]


def test_a_sender_is_shown_as_its_domain_is_written(page: Page, settle: Settle, context: Context) -> None:
    identities.save(context.workspace, Identity("info@例え.jp"))
    page.activate()
    settle()
    assert button(page, "Edit…: info@例え.jp").isVisible()
