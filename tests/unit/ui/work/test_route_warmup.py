"""The account's dialog: its warm-up, and what other programs sent over it today."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from PySide6.QtWidgets import QWidget

from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.domain.warmup import Warmup
from desktop_relay.operations import account_usage, routes

from ui.context import Context
from ui.dialogs.route_dialog import RouteDialog
from ui.dialogs.route_warmup import USUAL, WarmupField
from ui.pages.settings.page import Page
from ui.widgets.labels import ElidedLabel

Settle = Callable[..., None]
SHOP = Route("Shop", RouteKind.SMARTHOST, host="smtp.example.jp", port=587, daily_quota=500)


def open_dialog(
    context: Context, show: Callable[[QWidget], QWidget], settle: Settle, route: Route
) -> tuple[Page, RouteDialog]:
    routes.save(context.workspace, route)
    page = Page(context)
    show(page)
    page.activate(("route", route.name))
    settle()
    dialog = page.dialog
    assert isinstance(dialog, RouteDialog)
    dialog.fold.click()
    settle()
    return page, dialog


def test_a_plan_is_chosen_and_kept(
    context: Context, show: Callable[[QWidget], QWidget], settle: Settle
) -> None:
    page, dialog = open_dialog(context, show, settle, SHOP)
    field = dialog.controls.warmup
    assert not field.first.isVisible()
    field.check.click()
    assert field.first.isVisible()
    assert field.plan == USUAL
    field.target.setValue(3000)
    dialog.save_button.click()
    settle()
    assert page.dialog is None
    assert routes.load(context.workspace, "Shop").warmup == Warmup(50, 3000, 30)
    shown = [label.text() for label in page.findChildren(ElidedLabel)]
    assert any("50" in text and "30" in text for text in shown), shown


def test_a_plan_that_grows_too_fast_cannot_be_chosen(qtbot: QtBot) -> None:
    field = WarmupField()
    qtbot.addWidget(field)
    field.check.click()
    field.days.setValue(1)
    assert field.plan == Warmup(50, 20_000, 10)
    assert "20,000" in field.preview.text()
    field.first.setValue(30_000)
    assert field.plan == Warmup(30_000, 30_000, 10)


def test_what_other_programs_sent_is_counted_at_once(
    context: Context, show: Callable[[QWidget], QWidget], settle: Settle
) -> None:
    _, dialog = open_dialog(context, show, settle, SHOP)
    field = dialog.controls.elsewhere
    assert "500" in field.standing.text()
    field.number.setValue(120)
    field.button.click()
    settle()
    assert "380" in field.standing.text()
    assert dialog.notice.isVisible()
    found = account_usage.usage(context.workspace, "Shop")
    assert (found.today, found.elsewhere, found.left) == (120, 120, 380)


def test_a_new_account_has_sent_nothing(
    context: Context, show: Callable[[QWidget], QWidget], settle: Settle
) -> None:
    _, dialog = open_dialog(context, show, settle, SHOP)
    assert dialog.rows.advanced.rows["elsewhere"].block.isVisible()
    dialog.controls.how.choose(RouteKind.POOL)
    assert not dialog.rows.advanced.rows["elsewhere"].block.isVisible()
