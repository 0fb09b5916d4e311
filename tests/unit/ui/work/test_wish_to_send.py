"""Between a click on "Send…" and the countdown much may happen: nothing is sent that was not meant."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_relay.domain.campaign import Draft
from desktop_relay.domain.command import Submit
from desktop_relay.operations import campaigns, lists
from desktop_relay.operations.preflight import CheckReport
from tests.unit.ui.work.fakes import FakeEngine

from ui.context import Context
from ui.pages.campaigns.page import Page
from ui.tasks import Tasks
from ui.widgets.notice import Notice

Settle = Callable[..., None]


class Held:
    """A page whose check of what was written waits for a word, as that of a long list would."""

    def __init__(self, page: Page, settle: Settle) -> None:
        self._settle = settle
        self._gate = asyncio.Event()
        self._check = page._presenter.check
        page._presenter.check = self._wait_and_check  # type: ignore[method-assign]

    async def _wait_and_check(self, campaign: int) -> CheckReport:
        await self._gate.wait()
        return await self._check(campaign)

    def let_go(self) -> None:
        self._gate.set()
        self._settle()


@pytest.fixture
def page(context: Context, show: Callable[[QWidget], QWidget], settle: Settle) -> Page:
    first = campaigns.drafts(context.workspace)[0]
    campaigns.copy(context.workspace, first.id, "B")
    made = Page(context)
    show(made)
    made.activate(first.id)
    settle()
    return made


@pytest.fixture
def held(page: Page, qtbot: QtBot, settle: Settle, tasks: Tasks) -> Held:
    """Something was written, and Send clicked before it had been looked over."""
    held = Held(page, settle)
    qtbot.keyClicks(page.form.name, "z")
    page.buttons.send.click()
    turn(tasks)
    return held


def turn(tasks: Tasks) -> None:
    """Give what does not wait for the word time to happen."""
    tasks._loop.run_until_complete(asyncio.sleep(0.2))


def other(context: Context, page: Page) -> Draft:
    return next(draft for draft in campaigns.drafts(context.workspace) if draft.id != page.drafting.campaign)


def test_another_campaign_was_chosen(page: Page, held: Held, context: Context, tasks: Tasks) -> None:
    page._choose(other(context, page).id)
    turn(tasks)
    held.let_go()
    assert page.form.name.text() == "B"
    assert page.sending.countdown is None


def test_the_page_was_left(page: Page, held: Held) -> None:
    page.hide()
    held.let_go()
    assert page.sending.countdown is None


def test_more_was_written(page: Page, held: Held, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.form.name, "y")
    held.let_go()
    assert page.sending.countdown is None
    assert page.buttons.send.isEnabled()


def test_nothing_happened(page: Page, held: Held) -> None:
    held.let_go()
    assert page.sending.countdown is not None
    page.sending.call_off()


def test_a_new_campaign_was_begun_during_the_countdown(
    page: Page, settle: Settle, engine: FakeEngine
) -> None:
    page.buttons.send.click()
    settle()
    assert page.sending.countdown is not None
    page.buttons.new.click()
    settle()
    assert page.sending.countdown is None
    assert not [command for command in engine.commands if isinstance(command, Submit)]


def test_the_check_saw_another_windows_letter_which_the_form_does_not_show(
    page: Page, settle: Settle, context: Context
) -> None:
    number = page.drafting.campaign
    assert number is not None
    campaigns.update(
        context.workspace, replace(campaigns.load(context.workspace, number), subject="elsewhere")
    )
    context.line.take(True)  # the line is metered now, so all is looked over again
    settle()
    page.buttons.send.click()
    settle()
    assert page.sending.countdown is None
    assert page.form.subject.text() == "elsewhere"


def test_the_list_marks_what_the_form_shows(
    page: Page, settle: Settle, qtbot: QtBot, context: Context
) -> None:
    qtbot.keyClicks(page.form.name, "z")
    page._choose(other(context, page).id)
    settle()
    assert page.list.value == page.drafting.campaign
    assert page.form.name.text() == "B"


def test_what_a_deleted_list_kept_from_being_kept_is_not_lost(
    page: Page, settle: Settle, qtbot: QtBot, context: Context, tasks: Tasks
) -> None:
    ws = context.workspace
    lists.create(ws, "gone")
    page.activate(page.drafting.campaign)
    settle()
    lists.delete(ws, next(row.id for row in lists.overview(ws) if row.name == "gone"))
    rows = [page.form.lists.item(row) for row in range(page.form.lists.count())]
    (gone,) = [item for item in rows if item.text().startswith("gone")]
    gone.setCheckState(Qt.CheckState.Checked)
    qtbot.keyClicks(page.form.subject, "hours of work")
    settle(0.6)
    assert [notice for notice in page.findChildren(Notice) if notice.isVisible()]
    assert not tasks._loop.run_until_complete(page.kept()), "the window is held"
    page.activate(page.drafting.campaign)
    settle()
    assert page.form.subject.text() == "hours of work"
    number = page.drafting.campaign
    assert number is not None
    assert campaigns.load(ws, number).subject == "hours of work"
