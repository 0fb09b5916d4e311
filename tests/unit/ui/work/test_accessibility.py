"""A person with a keyboard and a screen reader gets everywhere and hears what everything is."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Callable

import pytest

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabBar, QWidget

from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.operations import routes
from resources import locate

from ui.context import Context
from ui.dialogs.contact_dialog import ContactDialog
from ui.dialogs.dns_dialog import DnsDialog
from ui.dialogs.identity_dialog import IdentityDialog
from ui.dialogs.import_dialog import ImportDialog
from ui.dialogs.route_dialog import RouteDialog
from ui.field_words import field_word
from ui.pages.address_book.presenter import Presenter
from ui.pages.settings.route_desk import RouteDesk

Settle = Callable[..., None]
PAGES = ("address_book", "templates", "campaigns", "settings")
LANGUAGES = pytest.mark.parametrize("language", ["en", "ja"])


def make_page(name: str, context: Context) -> QWidget:
    page: QWidget = importlib.import_module(f"ui.pages.{name}.page").Page(context)
    return page


def nameless(root: QWidget) -> list[QWidget]:
    found = []
    for widget in root.findChildren(QWidget):
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isVisible():
            continue
        if widget.objectName().startswith("qt_") or widget.focusProxy() is not None:
            continue
        if type(widget.parent()).__name__ == "QWebEngineView":
            continue  # the engine's own surface; the view around it has a name
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is not None and not interface.text(QAccessible.Text.Name).strip():
            found.append(widget)
    return found


def letters(root: QWidget) -> list[str]:
    """The letters that Alt reaches now."""
    texts = [w.text() for w in root.findChildren(QAbstractButton) if w.isVisible()]
    texts += [w.text() for w in root.findChildren(QLabel) if w.isVisible() and w.buddy() is not None]
    for tabs in root.findChildren(QTabBar):
        if tabs.isVisible():
            texts += [tabs.tabText(place) for place in range(tabs.count()) if tabs.isTabVisible(place)]
    found = (QKeySequence.mnemonic(text).toString() for text in texts)
    return [letter for letter in found if letter]


def twice(found: list[str]) -> list[str]:
    return [letter for letter, times in Counter(found).items() if times > 1]


@LANGUAGES
@pytest.mark.parametrize("name", PAGES)
def test_pages(name: str, language: str, context: Context, show: Callable[[QWidget], QWidget]) -> None:
    routes.save(context.workspace, Route("Provider", RouteKind.SMARTHOST, host="smtp.example.jp"))
    page = show(make_page(name, context))
    assert nameless(page) == []
    page.frame.undo_bar.offer("x", page.hide)  # type: ignore[attr-defined]
    assert twice(letters(page)) == []
    assert language == context.language


@LANGUAGES
def test_a_person_beside_the_table(
    context: Context, show: Callable[[QWidget], QWidget], settle: Settle, language: str
) -> None:
    page = show(make_page("address_book", context))
    page.people.table.selectRow(3)  # type: ignore[attr-defined]
    settle()
    assert nameless(page) == []
    assert twice(letters(page)) == []


@LANGUAGES
def test_dialogs(context: Context, settle: Settle, language: str) -> None:
    route = Route("Provider", RouteKind.SMARTHOST, host="smtp.example.jp")
    names = ["email", "name", "notes", "最終購入日"]
    dialogs = [
        ContactDialog(context, names, {"email": "a@example.jp"}),
        IdentityDialog(context),
        RouteDialog(context, RouteDesk(context), route),
        DnsDialog("example.jp", [("relay._domainkey.example.jp", "v=DKIM1; p=x")]),
        ImportDialog(context, Presenter(context), locate("samples", "contacts-ja.csv")),
    ]
    for dialog in dialogs:
        dialog.open()
        settle()
        assert nameless(dialog) == [], dialog
        assert twice(letters(dialog)) == [], dialog
        dialog.reject()
        dialog.deleteLater()
    assert field_word("最終購入日") == "最終購入日"


@LANGUAGES
@pytest.mark.parametrize("name", PAGES)
def test_everything_fits_into_the_smallest_window(
    name: str, context: Context, show: Callable[[QWidget], QWidget], settle: Settle, language: str
) -> None:
    page = show(make_page(name, context))
    room = (1024 - 196, 700)
    page.resize(*room)
    settle(0.05)
    assert page.minimumSizeHint().width() <= room[0]
    assert page.minimumSizeHint().height() <= room[1]
    for button in page.findChildren(QAbstractButton):
        if button.isVisible() and button.text():
            assert button.width() >= button.minimumSizeHint().width(), button.text()
