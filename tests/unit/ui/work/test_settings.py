from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.operations import identities, routes, settings
from desktop_relay.operations.practice import SENDER

from ui.context import Context
from ui.dialogs.dns_dialog import DnsDialog
from ui.dialogs.identity_dialog import IdentityDialog
from ui.dialogs.route_dialog import RouteDialog
from ui.pages.settings.page import Page
from ui.widgets.notice import Notice

Settle = Callable[..., None]
PROVIDER = Route("Provider", RouteKind.SMARTHOST, host="smtp.example.jp", port=587, user="me", rate=2.0)


@pytest.fixture
def page(context: Context, show: Callable[[QWidget], QWidget]) -> Page:
    routes.save(context.workspace, PROVIDER, "secret")
    made = Page(context)
    show(made)
    return made


@pytest.fixture
def smtp_port() -> Iterator[int]:
    """The port of a server that says hello and good-bye."""
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=_greet, args=(listener,), daemon=True)
    thread.start()
    yield int(listener.getsockname()[1])
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(timeout=5)


def _greet(listener: socket.socket) -> None:
    try:
        connection, _ = listener.accept()
    except OSError:
        return
    with connection, connection.makefile("rwb") as line:
        line.write(b"220 mail.example ready\r\n")
        line.flush()
        for command in line:
            line.write(b"221 bye\r\n" if command.upper().startswith(b"QUIT") else b"250 mail.example\r\n")
            line.flush()


def button(page: QWidget, name: str) -> QPushButton:
    return next(b for b in page.findChildren(QPushButton) if b.accessibleName() == name and b.isVisible())


def told(page: QWidget) -> list[str]:
    return [notice.text for notice in page.findChildren(Notice) if notice.isVisible()]


# -- mail servers


def test_a_new_mail_server_is_kept(page: Page, qtbot: QtBot, settle: Settle, context: Context) -> None:
    qtbot.mouseClick(page.routes.add_button, Qt.MouseButton.LeftButton)
    settle()
    dialog = page.dialog
    assert isinstance(dialog, RouteDialog)
    fields = dialog.controls
    assert fields.host.isVisible()
    qtbot.keyClicks(fields.name, "Second")
    qtbot.keyClicks(fields.host, "mail.example.jp")
    fields.tls.setCurrentIndex(1)
    assert fields.port.value() == 465
    qtbot.keyClicks(fields.user, "somebody")
    qtbot.keyClicks(fields.password, "pass word")
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    settle()
    assert page.dialog is None
    kept = routes.load(context.workspace, "Second")
    assert (kept.host, kept.port, kept.tls, kept.user) == ("mail.example.jp", 465, TlsMode.TLS, "somebody")
    assert routes.has_password(context.workspace, "Second")


def test_an_unusable_one_is_told_in_the_dialog(page: Page, settle: Settle) -> None:
    page.routes.add_button.click()
    settle()
    dialog = page.dialog
    assert isinstance(dialog, RouteDialog)
    dialog.save_button.click()
    settle()
    beside = dialog.rows.simple.rows["name"].problem
    assert beside.isVisible()
    assert beside.text() == "Give it a name."
    dialog.reject()


def test_editing_keeps_the_password(page: Page, settle: Settle, context: Context) -> None:
    button(page, "Edit…: Provider").click()
    settle()
    dialog = page.dialog
    assert isinstance(dialog, RouteDialog)
    assert "kept safely" in dialog.controls.password.placeholderText()
    assert dialog.controls.port.value() == 587
    dialog.controls.rate.setValue(5)
    dialog.save_button.click()
    settle()
    assert routes.load(context.workspace, "Provider").rate == 5
    assert routes.has_password(context.workspace, "Provider")


def test_straight_to_the_recipients_needs_no_server(page: Page, settle: Settle, context: Context) -> None:
    page.routes.add_button.click()
    settle()
    dialog = page.dialog
    assert isinstance(dialog, RouteDialog)
    dialog.controls.name.setText("Direct")
    dialog.controls.how.choose(RouteKind.DIRECT)
    assert not dialog.controls.host.isVisible()
    dialog.save_button.click()
    settle()
    assert routes.load(context.workspace, "Direct").kind is RouteKind.DIRECT


def test_the_connection_is_tested_before_it_is_kept(page: Page, settle: Settle, smtp_port: int) -> None:
    page.routes.add_button.click()
    settle()
    dialog = page.dialog
    assert isinstance(dialog, RouteDialog)
    dialog.controls.name.setText("Local")
    dialog.controls.host.setText("127.0.0.1")
    dialog.controls.tls.setCurrentIndex(2)
    dialog.controls.port.setValue(smtp_port)
    dialog.test_button.click()
    settle()
    assert dialog.notice.text == "The server answers. The line is not encrypted."
    dialog.reject()


def test_a_connection_that_fails_is_told_with_its_reason(page: Page, settle: Settle) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    page.routes.add_button.click()
    settle()
    dialog = page.dialog
    assert isinstance(dialog, RouteDialog)
    dialog.controls.name.setText("Local")
    dialog.controls.host.setText("127.0.0.1")
    dialog.controls.port.setValue(port)
    dialog.test_button.click()
    settle()
    assert dialog.notice.property("tone") == "bad"
    assert dialog.test_button.isEnabled()
    dialog.reject()


def test_deleting_a_server_and_undo(page: Page, settle: Settle, context: Context) -> None:
    button(page, "Delete: Provider").click()
    settle()
    assert [route.name for route in routes.overview(context.workspace)] == ["sandbox"]
    page.frame.undo_bar.button.click()
    settle()
    assert routes.load(context.workspace, "Provider") == PROVIDER


# -- senders


def test_a_sender_is_added_with_what_the_law_wants(
    page: Page, qtbot: QtBot, settle: Settle, context: Context
) -> None:
    page.senders.add_button.click()
    dialog = page.dialog
    assert isinstance(dialog, IdentityDialog)
    qtbot.keyClicks(dialog.address, "news@example.jp")
    qtbot.keyClicks(dialog.postal, "Tokyo")
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    settle()
    assert identities.load(context.workspace, "news@example.jp").postal == "Tokyo"


def test_a_link_that_is_not_https_is_told(page: Page, settle: Settle) -> None:
    page.activate(("sender", SENDER))
    settle()
    dialog = page.dialog
    assert isinstance(dialog, IdentityDialog)
    dialog.url.setText("http://example.jp/u")
    dialog.save_button.click()
    settle()
    assert dialog.notice.isVisible()
    dialog.reject()


def test_the_signature_is_shown_to_be_copied(page: Page, settle: Settle, qapp: QApplication) -> None:
    page.activate(("signature", SENDER))
    settle()
    dialog = page.dialog
    assert isinstance(dialog, DnsDialog)
    dialog.copy.click()
    text = QGuiApplication.clipboard().text()
    assert "relay._domainkey.example.jp. IN TXT" in text
    assert "v=DKIM1" in text
    dialog.reject()


def test_deleting_a_sender_and_undo(page: Page, settle: Settle, context: Context) -> None:
    before = identities.load(context.workspace, SENDER)
    name = f"{before.name} <{before.address}>"
    button(page, f"Delete: {name}").click()
    settle()
    assert identities.overview(context.workspace) == []
    page.frame.undo_bar.button.click()
    settle()
    assert identities.load(context.workspace, SENDER) == before


# -- general


def test_general_settings_take_effect_at_once(page: Page, settle: Settle, context: Context) -> None:
    heard: list[object] = []
    context.changed.changed.connect(heard.append)
    page.general.theme.setCurrentIndex(2)
    page.general.theme.activated.emit(2)
    settle()
    assert settings.get(context.workspace, "ui.theme") == "dark"
    assert heard
    page.general.hold.click()
    settle()
    assert settings.get(context.workspace, "campaign.hold_without_consent") is False
    page.general.speed.setValue(7)
    page.general.speed.editingFinished.emit()
    settle()
    assert settings.get(context.workspace, "sandbox.speed") == 7.0


def test_another_language_is_told_to_come_later(page: Page, settle: Settle, context: Context) -> None:
    page.general.language.setCurrentIndex(1)
    page.general.language.activated.emit(1)
    settle()
    assert settings.get(context.workspace, "ui.language") == "ja"
    assert len(told(page)) == 1


@pytest.mark.parametrize(
    ("argument", "kind"),
    [("routes", RouteDialog), ("senders", IdentityDialog), (("route", "Provider"), RouteDialog)],
)
def test_other_pages_lead_to_what_is_missing(
    page: Page, settle: Settle, argument: object, kind: type[QWidget]
) -> None:
    page.activate(argument)
    settle()
    assert isinstance(page.dialog, kind)
    page.dialog.reject()  # type: ignore[attr-defined]
