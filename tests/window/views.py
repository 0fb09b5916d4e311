"""What a person opens on a page: the story of a lane, the dialog of a route. For pictures of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtWidgets import QApplication, QWidget

from desktop_relay.domain.oauth import SignInPrompt
from desktop_relay.domain.route import Member, Route, RouteKind, RoutingRule
from desktop_relay.operations import routes
from desktop_relay.operations.workspace import Workspace

from ui.dialogs.route_dialog import RouteDialog
from ui.main_window import MainWindow
from ui.pages.monitor.board import Board

_POOL, _ACCOUNT = "Pool", "Microsoft 365"


def stock_routes(ws: Workspace) -> None:
    """Accounts of two providers, a pool of them with rules, and an account that one signs in to."""
    for name in ("Provider A", "Provider B"):
        host = f"smtp.{name[-1].lower()}.example"
        routes.save(ws, Route(name, RouteKind.SMARTHOST, host=host, port=587, user="shop@example.jp"))
    rules = (
        RoutingRule("Provider B", lanes=("docomo", "au"), keep=100),
        RoutingRule("Provider A", senders=("@example.jp",), over_octets=5_000_000, only=True),
    )
    members = (Member("Provider A", 2), Member("Provider B"))
    routes.save(ws, Route(_POOL, RouteKind.POOL, members=members, rules=rules))
    hosted = Route(_ACCOUNT, RouteKind.SMARTHOST, host="smtp.office365.com", port=587, user="me@shop.example")
    routes.save(ws, replace(hosted, oauth="microsoft", client_id="11111111-2222-3333-4444-555555555555"))


def tell_lane(window: MainWindow) -> None:
    """The monitor, with the story of a lane that was slowed."""
    board = window.findChild(Board)
    if board is not None:
        board.lanes.asked.emit("au")


def open_pool(window: MainWindow) -> None:
    """The dialog of a pool with its rules."""
    window.show_page("settings", ("route", _POOL))


def open_account(window: MainWindow) -> None:
    """The dialog of an account that one signs in to."""
    window.show_page("settings", ("route", _ACCOUNT))


def show_code(window: MainWindow) -> None:
    """A code to type on another device, in the dialog that is open."""
    for dialog in window.findChildren(RouteDialog):
        dialog.sign_in.wait.show()
        dialog.sign_in.wait.show_prompt(SignInPrompt("https://microsoft.com/devicelogin", "ABCD-EFGH", 900))


VIEWS: Mapping[str, tuple[str, Callable[[MainWindow], None]]] = {
    "lane": ("monitor", tell_lane),
    "route_rules": ("settings", open_pool),
    "route_sign_in": ("settings", open_account),
    "route_code": ("route_sign_in", show_code),
}
"""Pictures of something on a page, by their name: the page or view, and how it is opened there."""


def steps_to(name: str) -> tuple[str, list[Callable[[MainWindow], None]]]:
    """The page of a view, or the page itself, and what has to be opened on it, one after the other."""
    openings: list[Callable[[MainWindow], None]] = []
    while name in VIEWS:
        name, opening = VIEWS[name]
        openings.insert(0, opening)
    return name, openings


def what_to_grab(window: MainWindow) -> QWidget:
    """The dialog in front, else the window."""
    return QApplication.activeModalWidget() or window
