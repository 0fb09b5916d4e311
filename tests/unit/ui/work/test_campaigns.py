from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from PySide6.QtCore import QDate, Qt, QTime
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desktop_relay.domain.campaign import CampaignState, Draft, PauseReason
from desktop_relay.domain.command import Cancel, SendTest, Submit
from desktop_relay.domain.errors import EngineUnreachable, ErrorCode
from desktop_relay.domain.lane import LaneOverride, LaneReason
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.operations import campaigns, contacts, identities, lists, routes, templates
from desktop_relay.operations.outlook import LaneOutlook, Outlook
from desktop_relay.policy.forecast import Forecast
from desktop_relay.store.database import open_library, open_spool_for_engine
from desktop_relay.store.lane_standing import save_lane_override
from desktop_relay.store.routes import delete_route
from desktop_relay.store.spool import Spool
from tests.unit.ui.work.fakes import TEST_CAMPAIGN, FakeEngine

from ui.context import Context
from ui.destinations import MonitorView, QueueView
from ui.dialogs.plan_dialog import PlanDialog
from ui.pages.campaigns.lane_ends import LaneEnds
from ui.pages.campaigns.page import Page
from ui.pages.campaigns.presenter import Presenter
from ui.widgets.chip import Chip
from ui.widgets.choice_notice import ChoiceNotice
from ui.widgets.notice import Notice

Settle = Callable[..., None]


@pytest.fixture
def page(context: Context, show: Callable[[QWidget], QWidget]) -> Page:
    made = Page(context)
    show(made)
    return made


@pytest.fixture
def led(page: Page) -> list[tuple[str, object]]:
    """Where the page wanted to lead."""
    found: list[tuple[str, object]] = []

    def keep(name: str, argument: object) -> None:
        found.append((name, argument))

    page.navigate.connect(keep)
    return found


def drafts(context: Context) -> list[Draft]:
    return campaigns.drafts(context.workspace)


def told(page: QWidget) -> list[str]:
    return [notice.text for notice in page.findChildren(Notice) if notice.isVisible()]


def tones(page: Page) -> list[str]:
    return [chip.text() for chip in page.checks.findChildren(Chip) if chip.isVisibleTo(page)]


def check_list(page: Page, name: str, on: bool) -> None:
    for row in range(page.form.lists.count()):
        item = page.form.lists.item(row)
        if item.text().startswith(name):
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def test_a_draft_shows_with_who_gets_it_and_what_to_mind(page: Page) -> None:
    assert page.form.name.text() == "練習: 秋の新着のお知らせ"
    assert page.checks.people.text() == "1,743 people"
    assert "53" in page.checks.people_note.text()
    assert set(tones(page)) == {"Mind", "Good"}
    assert page.buttons.send.isEnabled()


def test_a_new_campaign_in_three_steps(page: Page, qtbot: QtBot, settle: Settle, context: Context) -> None:
    qtbot.mouseClick(page.buttons.new, Qt.MouseButton.LeftButton)
    settle()
    assert page.form.name.hasSelectedText()
    assert not page.buttons.send.isEnabled()
    qtbot.keyClicks(page.form.name, "Spring")
    check_list(page, "本店", True)
    settle(0.6)
    kept = drafts(context)[-1]
    assert (kept.name, kept.lists) == ("Spring", ("本店のお客様",))
    assert len(drafts(context)) == 2
    assert page.checks.people.text() == "10 people"
    assert page.buttons.send.isEnabled()


def test_changes_are_kept_once_however_fast_they_come(page: Page, settle: Settle, context: Context) -> None:
    page.buttons.new.click()
    settle()
    check_list(page, "本店", True)
    page.form.edited.emit()
    page.form.edited.emit()
    page.form.name.setText("Last")
    page.form.edited.emit()
    settle(0.6)
    assert [draft.name for draft in drafts(context)[1:]] == ["Last"]


def test_going_to_another_campaign_keeps_the_last_letters(
    page: Page, qtbot: QtBot, settle: Settle, context: Context
) -> None:
    first = drafts(context)[0]
    page.buttons.new.click()
    settle()
    check_list(page, "本店", True)
    settle(0.6)
    page.form.name.selectAll()
    qtbot.keyClicks(page.form.name, "Hurried")
    page.list.choose(first.id)
    page.list.chosen.emit(first.id)
    settle()
    assert [draft.name for draft in drafts(context)] == [first.name, "Hurried"]
    assert page.form.name.text() == first.name


def test_a_red_check_blocks_and_leads_to_its_remedy(
    page: Page, settle: Settle, context: Context, led: list[tuple[str, object]]
) -> None:
    smtp = Route("Provider", RouteKind.SMARTHOST, host="smtp.example.jp", user="me")
    routes.save(context.workspace, smtp)
    page.activate()
    settle()
    page.form.route.setCurrentIndex(page.form.route.findData("Provider"))
    page.form.route.activated.emit(1)
    settle(0.6)
    assert "Mend" in tones(page)
    assert not page.buttons.send.isEnabled()
    links = [b for b in page.checks.findChildren(QPushButton) if b.text() == "Open the setting"]
    links[0].click()
    assert led == [("settings", ("route", "Provider"))]


def test_a_broken_template_blocks(page: Page, settle: Settle, context: Context) -> None:
    draft = drafts(context)[0]
    identities.delete(context.workspace, draft.sender)
    page.drafting.campaign = draft.id
    context.tasks.start(page.drafting.check())
    settle()
    assert "Mend" in tones(page)
    assert not page.buttons.send.isEnabled()


def test_sending_waits_five_seconds_and_can_be_called_off(
    page: Page, qtbot: QtBot, settle: Settle, engine: FakeEngine
) -> None:
    qtbot.mouseClick(page.buttons.send, Qt.MouseButton.LeftButton)
    settle()
    countdown = page.sending.countdown
    assert countdown is not None
    assert "5 seconds" in countdown.text
    assert "1,743" in countdown.text
    assert not page.buttons.send.isEnabled()
    qtbot.mouseClick(countdown.call_off, Qt.MouseButton.LeftButton)
    settle()
    assert not [c for c in engine.commands if isinstance(c, Submit)]
    assert page.buttons.send.isEnabled()


def test_sending_leads_to_the_monitor(
    page: Page, qtbot: QtBot, settle: Settle, engine: FakeEngine, led: list[tuple[str, object]]
) -> None:
    page.buttons.send.click()
    settle()
    assert page.sending.countdown is not None
    page.sending.countdown.button.click()
    settle()
    assert [c for c in engine.commands if isinstance(c, Submit)] == [Submit(1)]
    assert led == [("monitor", MonitorView(1))]


def test_a_hand_over_that_takes_longer_is_told_of(
    page: Page, qtbot: QtBot, settle: Settle, engine: FakeEngine, led: list[tuple[str, object]]
) -> None:
    engine.answers_submit.clear()
    page.buttons.send.click()
    settle()
    assert page.sending.countdown is not None
    page.sending.countdown.button.click()
    qtbot.waitUntil(lambda: told(page) != [], timeout=10_000)
    (sentence,) = told(page)
    assert "1,743" in sentence
    assert page.sending.is_busy
    engine.answers_submit.set()
    settle()
    assert told(page) == []
    assert not page.sending.is_busy
    assert led == [("monitor", MonitorView(1))]


def plan_dialog(page: Page) -> PlanDialog:
    assert page.sending.dialog is not None
    return page.sending.dialog


def test_a_time_is_chosen_and_led_to_the_monitor(
    page: Page, qtbot: QtBot, settle: Settle, engine: FakeEngine, led: list[tuple[str, object]]
) -> None:
    page.buttons.later.click()
    settle()
    dialog = plan_dialog(page)
    assert any("1,743" in shown.text() for shown in dialog.findChildren(QLabel))
    assert not page.buttons.send.isEnabled()
    dialog.day.setDate(QDate.currentDate().addDays(400))
    dialog.time.setTime(QTime(18, 30))
    at = dialog.at
    here = at.astimezone()
    assert (here.hour, here.minute) == (18, 30)
    dialog.plan.click()
    settle()
    assert [c for c in engine.commands if isinstance(c, Submit)] == [Submit(1, at)]
    assert led == [("monitor", MonitorView(1))]
    assert page.sending.dialog is None


def test_a_time_that_has_passed_cannot_be_chosen(page: Page, settle: Settle, engine: FakeEngine) -> None:
    page.buttons.later.click()
    settle()
    dialog = plan_dialog(page)
    assert dialog.plan.isEnabled(), "the next morning is offered"
    dialog.day.setDate(QDate(2001, 1, 1))
    assert dialog.day.date() == dialog.day.minimumDate(), "no day that is over"
    dialog.time.setTime(QTime(0, 0))
    assert not dialog.plan.isEnabled()
    assert any(shown.text() == "This time has passed." for shown in dialog.findChildren(QLabel))
    dialog.reject()
    settle()
    assert page.buttons.send.isEnabled()
    assert page.buttons.later.isEnabled()
    assert not [c for c in engine.commands if isinstance(c, Submit)]


def test_what_changed_behind_the_dialog_is_looked_over_first(
    page: Page, settle: Settle, engine: FakeEngine, context: Context
) -> None:
    page.buttons.later.click()
    settle()
    draft = drafts(context)[0]
    campaigns.update(context.workspace, replace(draft, subject="another"))
    plan_dialog(page).plan.click()
    settle()
    assert not [c for c in engine.commands if isinstance(c, Submit)]
    assert any("another window" in sentence for sentence in told(page))
    assert page.buttons.send.isEnabled()


def test_a_planned_campaign_can_be_changed_again(
    page: Page, settle: Settle, engine: FakeEngine, context: Context
) -> None:
    engine.really_submit(context.workspace, 1, datetime(2030, 1, 1, tzinfo=UTC))
    page.activate(1)
    settle()
    assert page.sent.take_back.isVisible()
    name = drafts(context)[0].name
    page.sent.take_back.click()
    settle()
    assert Cancel(1) in engine.commands
    assert page.form.isVisible()
    assert page.form.name.text() == name
    assert page.buttons.send.isVisible()
    assert any(name in sentence for sentence in told(page))
    assert len(drafts(context)) == 2


def test_a_planned_campaign_that_began_stays(
    page: Page, settle: Settle, engine: FakeEngine, context: Context
) -> None:
    engine.really_submit(context.workspace, 1, datetime(2030, 1, 1, tzinfo=UTC))
    page.activate(1)
    settle()
    with open_spool_for_engine(engine.directory) as db:
        Spool(db).move_campaign(1, CampaignState.SENDING, PauseReason.NONE, datetime(2030, 1, 1, tzinfo=UTC))
    page.sent.take_back.click()
    settle()
    assert Cancel(1) not in engine.commands
    assert len(drafts(context)) == 1
    assert len(told(page)) == 1
    assert not page.sent.take_back.isVisible()


def test_a_copy_of_what_was_sent(page: Page, settle: Settle, engine: FakeEngine, context: Context) -> None:
    engine.really_submit(context.workspace, 1)
    page.activate(1)
    settle()
    assert not page.sent.take_back.isVisible()
    page.sent.copy.click()
    settle()
    assert page.form.isVisible()
    assert page.form.name.text() == "練習: 秋の新着のお知らせ 2"


def test_leaving_the_page_calls_sending_off(page: Page, settle: Settle, engine: FakeEngine) -> None:
    page.buttons.send.click()
    settle()
    page.hide()
    settle()
    assert page.sending.countdown is None
    assert not [c for c in engine.commands if isinstance(c, Submit)]


def test_an_engine_that_does_not_start_is_told(page: Page, settle: Settle, engine: FakeEngine) -> None:
    page.buttons.send.click()
    settle()
    engine.refusal = EngineUnreachable(ErrorCode.ENGINE_DID_NOT_START, detail="no reason")
    assert page.sending.countdown is not None
    page.sending.countdown.button.click()
    settle()
    assert len(told(page)) == 1
    assert page.buttons.send.isEnabled()


def test_a_test_mail_to_oneself(
    page: Page, qtbot: QtBot, settle: Settle, engine: FakeEngine, led: list[tuple[str, object]]
) -> None:
    assert not page.checks.test_button.isEnabled()
    qtbot.keyClicks(page.checks.address, "me@example.jp")
    qtbot.mouseClick(page.checks.test_button, Qt.MouseButton.LeftButton)
    settle()
    assert SendTest(1, "me@example.jp") in engine.commands
    notice = next(n for n in page.findChildren(Notice) if n.isVisible())
    assert "me@example.jp" in notice.text
    notice.button.click()
    assert led == [("queue", QueueView(TEST_CAMPAIGN))]
    assert page.sending.test_address == "me@example.jp"


def test_deleting_and_undo(page: Page, qtbot: QtBot, settle: Settle, context: Context) -> None:
    before = drafts(context)[0]
    qtbot.mouseClick(page.buttons.delete, Qt.MouseButton.LeftButton)
    settle()
    assert drafts(context) == []
    assert page.empty.isVisible()
    qtbot.mouseClick(page.frame.undo_bar.button, Qt.MouseButton.LeftButton)
    settle()
    after = drafts(context)[0]
    assert (after.name, after.lists, after.template) == (before.name, before.lists, before.template)
    assert page.form.name.text() == before.name


def test_the_first_campaign_from_the_empty_state(page: Page, settle: Settle) -> None:
    page.buttons.delete.click()
    settle()
    page.empty.button.click()
    settle()
    assert page.form.isVisible()
    assert page.form.name.text() == "New campaign"
    assert not page.buttons.delete.isVisible()


def test_a_campaign_that_was_sent_shows_how_it_stands(
    page: Page, settle: Settle, engine: FakeEngine, led: list[tuple[str, object]], context: Context
) -> None:
    engine.really_submit(context.workspace, 1)
    page.activate(1)
    settle()
    assert page.sent.isVisible()
    assert not page.buttons.send.isVisible()
    assert campaigns.overview(context.workspace)[0].state is CampaignState.SUBMITTED
    assert page.sent.open.value == "2"
    page.sent.monitor.click()
    page.sent.queue.click()
    assert led == [("monitor", MonitorView(1)), ("queue", QueueView(1))]


def test_what_is_missing_is_offered(
    page: Page, settle: Settle, context: Context, led: list[tuple[str, object]]
) -> None:
    for row in templates.overview(context.workspace):
        templates.delete(context.workspace, row.name)
    page.activate()
    settle()
    assert page.form._design.isVisible()
    page.form._design.click()
    assert led == [("templates", None)]


def test_each_carrier_s_end_with_the_rule_that_decides_it(
    page: Page, settle: Settle, context: Context
) -> None:
    assert page.checks.ends.whole.text().startswith("Through about ")
    assert "comes last (the carrier’s usual pace)" in page.checks.ends.whole.text()
    assert not page.checks.ends.elsewhere.isVisibleTo(page)
    with open_spool_for_engine(context.workspace.directory) as spool:
        save_lane_override(spool, "sandbox", "docomo", LaneOverride(per_hour=20))
    page.activate()
    settle()
    assert "NTT docomo comes last (the number per hour)" in page.checks.ends.whole.text()
    assert page.checks.ends.elsewhere.text() == "Elsewhere: the carrier’s usual pace"
    words = [label.text() for label in page.checks.ends.findChildren(QLabel) if label.isVisibleTo(page)]
    assert words.count("the number per hour") == 1


def test_the_account_that_a_carrier_s_mail_is_bound_to_is_named(qtbot: QtBot, context: Context) -> None:
    bound = Forecast(context.workspace.now(), LaneReason.ACCOUNT_LIMIT, "provider-a")
    free = Forecast(context.workspace.now(), LaneReason.PROFILE)
    ends = LaneEnds()
    qtbot.addWidget(ends)
    found = Outlook((LaneOutlook("docomo", 20, bound), LaneOutlook("au", 10, free)))
    ends.show_outlook(found, {"docomo": "NTT docomo", "au": "au"}, context)
    assert "NTT docomo comes last (the account’s pace: provider-a)" in ends.whole.text()


def test_a_route_that_is_gone_is_a_finding_and_no_end(page: Page, settle: Settle, context: Context) -> None:
    routes.save(context.workspace, Route("Provider", RouteKind.SMARTHOST, host="smtp.example.jp", user="me"))
    draft = drafts(context)[0]
    campaigns.update(context.workspace, replace(draft, route="Provider"))
    with open_library(context.workspace.directory) as library:
        delete_route(library, "Provider")
    page.activate(draft.id)
    settle()
    assert "Mend" in tones(page)


def test_without_anybody_no_end_is_told(page: Page, settle: Settle) -> None:
    page.buttons.new.click()
    settle()
    assert not page.checks.ends.isVisibleTo(page)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_metered_line_is_minded_before_sending(context: Context, page: Page, settle: Settle) -> None:
    def found() -> list[str]:
        labels = page.checks.findChildren(QLabel)
        return [label.text() for label in labels if label.isVisibleTo(page) and " MB" in label.text()]

    context.line.take(True)
    settle()
    assert found() == [], "practice takes nothing"
    routes.save(context.workspace, Route("shop", RouteKind.SMARTHOST, "smtp.example.jp"))
    draft = drafts(context)[0]
    campaigns.update(context.workspace, replace(draft, route="shop"))
    page.activate(None)
    settle()
    (sentence,) = found()
    before, after = context.phrase("checks", "metered_line", megabytes="*").split("*")
    assert 1 <= int(sentence.removeprefix(before).removesuffix(after).replace(",", "")) < 100
    context.line.take(False)
    settle()
    assert found() == []


class Unhurried:
    """A presenter of which one errand waits for ``go``, as over very many people."""

    def __init__(self, hurried: Presenter, errand: str, when: Callable[..., bool] = lambda *_: True) -> None:
        self._hurried = hurried
        self._errand = errand
        self._when = when
        self.go = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        done = getattr(self._hurried, name)
        if name != self._errand:
            return done

        async def later(*what: object) -> Any:
            if self._when(*what):
                await self.go.wait()
            return await done(*what)

        return later


@pytest.fixture
def two(page: Page, settle: Settle, context: Context) -> tuple[Draft, Draft]:
    """The sample's draft to 1,743 people, and one to the ten of the shop, which shows."""
    page.buttons.new.click()
    settle()
    check_list(page, "本店", True)
    settle(0.6)
    first, second = drafts(context)
    return first, second


@pytest.fixture
def delay(page: Page) -> Callable[..., Unhurried]:
    def put(errand: str, when: Callable[..., bool] = lambda *_: True) -> Unhurried:
        made = Unhurried(Presenter(page._context), errand, when)
        page.drafting._presenter = made  # type: ignore[assignment]
        return made

    return put


def go_on(loop: asyncio.AbstractEventLoop, seconds: float) -> None:
    """Turn the loop although something waits."""
    loop.run_until_complete(asyncio.sleep(seconds))


@pytest.mark.parametrize("errand", ["keep", "check", "audience"])
def test_letters_written_while_it_is_being_kept_or_checked_are_kept_too(
    page: Page,
    two: tuple[Draft, Draft],
    delay: Callable[..., Unhurried],
    errand: str,
    qtbot: QtBot,
    loop: asyncio.AbstractEventLoop,
    settle: Settle,
    context: Context,
) -> None:
    first, _ = two
    slow = delay(errand)
    page.form.name.selectAll()
    qtbot.keyClicks(page.form.name, "Very ")
    go_on(loop, 0.6)
    qtbot.keyClicks(page.form.name, "hurried")
    page.list.chosen.emit(first.id)
    go_on(loop, 0.2)
    slow.go.set()
    settle()
    assert [draft.name for draft in drafts(context)] == [first.name, "Very hurried"]
    assert page.form.name.text() == first.name
    assert page.drafting.campaign == first.id


def test_a_draft_that_is_being_kept_does_not_come_back_over_another(
    page: Page,
    two: tuple[Draft, Draft],
    delay: Callable[..., Unhurried],
    qtbot: QtBot,
    loop: asyncio.AbstractEventLoop,
    settle: Settle,
    context: Context,
) -> None:
    first, second = two
    slow = delay("keep")
    page.form.edited.emit()
    go_on(loop, 0.1)
    page.list.chosen.emit(first.id)
    go_on(loop, 0.2)
    slow.go.set()
    settle()
    page.form.name.selectAll()
    qtbot.keyClicks(page.form.name, "Large")
    settle(0.6)
    assert [(draft.name, draft.lists) for draft in drafts(context)] == [
        ("Large", first.lists),
        (second.name, second.lists),
    ]


def test_people_that_are_counted_late_are_not_told_of_another_campaign(
    page: Page,
    two: tuple[Draft, Draft],
    delay: Callable[..., Unhurried],
    loop: asyncio.AbstractEventLoop,
    settle: Settle,
) -> None:
    first, second = two
    slow = delay("audience", lambda chosen: chosen == first.lists)
    page.list.chosen.emit(first.id)
    go_on(loop, 0.3)
    page.list.chosen.emit(second.id)
    go_on(loop, 0.5)
    slow.go.set()
    settle()
    assert page.form.name.text() == second.name
    assert page.checks.people.text() == "10 people"
    assert page.drafting.people == 10


def test_closing_keeps_the_last_letters(
    page: Page, two: tuple[Draft, Draft], qtbot: QtBot, loop: asyncio.AbstractEventLoop, context: Context
) -> None:
    first, _ = two
    page.form.name.selectAll()
    qtbot.keyClicks(page.form.name, "Last")
    assert loop.run_until_complete(page.kept())
    assert [draft.name for draft in drafts(context)] == [first.name, "Last"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_the_key_that_presses_the_button_with_the_focus_calls_sending_off(
    page: Page, qtbot: QtBot, settle: Settle, engine: FakeEngine, key: Qt.Key
) -> None:
    page.buttons.send.click()
    settle()
    notice = page.sending.countdown
    assert notice is not None
    qtbot.keyClick(notice.call_off, key)
    settle()
    assert page.sending.countdown is None
    assert not [command for command in engine.commands if isinstance(command, Submit)]


def test_what_is_gone_is_not_silently_replaced_by_something_else(
    page: Page, qtbot: QtBot, settle: Settle, context: Context
) -> None:
    (draft,) = drafts(context)
    templates.delete(context.workspace, draft.template)
    page.activate()
    settle()
    assert page.form.template.count()
    assert page.form.template.currentText() == ""
    assert "Mend" in tones(page)
    qtbot.keyClicks(page.form.subject, "Sale")
    settle(0.6)
    kept = [replace(draft, subject="Sale")]
    assert drafts(context) == kept, "the template may come back, and another mail must not go out"
    assert not page.buttons.send.isEnabled()


def test_who_still_writes_calls_sending_off(
    page: Page, settle: Settle, engine: FakeEngine, context: Context
) -> None:
    page.buttons.send.click()
    settle()
    assert page.sending.countdown is not None
    check_list(page, "本店", True)
    assert page.sending.countdown is None, "it told of other people"
    settle(0.6)
    assert not [command for command in engine.commands if isinstance(command, Submit)]
    assert page.buttons.send.isEnabled()


def test_what_another_window_changed_is_shown_before_it_is_sent(
    page: Page, settle: Settle, engine: FakeEngine, context: Context
) -> None:
    (draft,) = drafts(context)
    campaigns.update(context.workspace, replace(draft, lists=("本店のお客様",), canary_minutes=7.5))
    page.buttons.send.click()
    settle()
    assert page.sending.countdown is None
    assert [text for text in told(page) if "another window" in text]
    assert page.form.written.lists == ("本店のお客様",)
    assert page.checks.people.text() == "10 people"
    page.buttons.send.click()
    settle()
    assert page.sending.countdown is not None
    page.sending.call_off()


def test_a_draft_without_a_list_outlives_the_window(
    page: Page, qtbot: QtBot, settle: Settle, loop: asyncio.AbstractEventLoop, context: Context
) -> None:
    page.buttons.new.click()
    settle()
    page.form.name.selectAll()
    qtbot.keyClicks(page.form.name, "Winter")
    assert loop.run_until_complete(page.kept())
    (kept,) = [draft for draft in drafts(context) if draft.name == "Winter"]
    assert kept.lists == ()
    page.activate(kept.id)
    settle()
    assert not page.buttons.send.isEnabled()


def test_a_draft_without_anything_outlives_the_window(
    page: Page, qtbot: QtBot, settle: Settle, loop: asyncio.AbstractEventLoop, context: Context
) -> None:
    (draft,) = drafts(context)
    for row in templates.overview(context.workspace):
        templates.delete(context.workspace, row.name)
    identities.delete(context.workspace, draft.sender)
    page.buttons.new.click()
    settle()
    page.form.name.selectAll()
    qtbot.keyClicks(page.form.name, "Winter")
    assert loop.run_until_complete(page.kept())
    kept = drafts(context)[-1]
    assert (kept.name, kept.template, kept.sender, kept.route) == ("Winter", "", "", "sandbox")
    templates.save(context.workspace, templates.starters("en")[0])
    page.activate(kept.id)
    settle()
    assert page.form.template.currentText() == "", "what nobody chose is not chosen"
    assert not page.buttons.send.isEnabled()
    assert not page.checks.test_button.isEnabled()


def test_a_name_that_was_deleted_does_not_cost_the_rest(
    page: Page, qtbot: QtBot, settle: Settle, context: Context
) -> None:
    (draft,) = drafts(context)
    page.form.name.selectAll()
    qtbot.keyClick(page.form.name, Qt.Key.Key_Delete)
    qtbot.keyClicks(page.form.subject, "Sale")
    settle(0.6)
    assert drafts(context) == [replace(draft, subject="Sale")]
    assert page.buttons.send.isEnabled()


@pytest.fixture
def torn(page: Page, qtbot: QtBot, settle: Settle, context: Context) -> ChoiceNotice:
    """What is told when another window wrote into the draft that is written in here."""
    (draft,) = drafts(context)
    campaigns.update(context.workspace, replace(draft, subject="theirs"))
    qtbot.keyClicks(page.form.subject, "mine")
    settle(0.6)
    notice = page.findChild(ChoiceNotice, "torn")
    assert isinstance(notice, ChoiceNotice)
    assert "another window" in notice.text
    assert [draft.subject for draft in drafts(context)] == ["theirs"]
    assert not page.buttons.send.isEnabled()
    return notice


@pytest.mark.parametrize(("mine", "subject"), [(True, "mine and more"), (False, "theirs")])
def test_who_wrote_into_one_draft_in_two_windows_chooses(
    page: Page,
    torn: ChoiceNotice,
    qtbot: QtBot,
    settle: Settle,
    loop: asyncio.AbstractEventLoop,
    context: Context,
    mine: bool,
    subject: str,
) -> None:
    qtbot.keyClicks(page.form.subject, " and more")
    settle(0.6)
    assert not loop.run_until_complete(page.kept())
    page.buttons.new.click()
    page.list.chosen.emit(drafts(context)[0].id)
    page.activate()
    settle()
    assert page.form.subject.text() == "mine and more", "nothing takes its place before somebody chose"
    (torn.button if mine else torn.second).click()
    settle()
    assert [draft.subject for draft in drafts(context)] == [subject]
    assert page.form.subject.text() == subject
    assert told(page) == []
    assert page.buttons.send.isEnabled()
    assert loop.run_until_complete(page.kept())


@pytest.mark.parametrize("mine", [True, False])
def test_a_draft_that_was_deleted_in_another_window(
    page: Page, qtbot: QtBot, settle: Settle, context: Context, mine: bool
) -> None:
    (draft,) = drafts(context)
    campaigns.delete(context.workspace, draft.id)
    qtbot.keyClicks(page.form.subject, "mine")
    settle(0.6)
    notice = page.findChild(ChoiceNotice, "torn")
    assert isinstance(notice, ChoiceNotice)
    assert "deleted" in notice.text
    (notice.button if mine else notice.second).click()
    settle()
    assert [(kept.name, kept.subject) for kept in drafts(context)] == [(draft.name, "mine")] * mine
    assert page.empty.isVisibleTo(page) is not mine
    assert told(page) == []


def test_a_letter_that_another_window_changed_is_looked_over_again(
    page: Page, settle: Settle, context: Context
) -> None:
    (draft,) = drafts(context)
    letter = templates.load(context.workspace, draft.template)
    templates.save(context.workspace, replace(letter, html="<p>{{ name }}</p>"), letter)
    page.buttons.send.click()
    settle()
    assert page.sending.countdown is None
    assert [text for text in told(page) if "another window" in text]
    assert len([tone for tone in tones(page) if tone == "Mind"]) > 2, "it was checked again"
    page.buttons.send.click()
    settle()
    assert page.sending.countdown is not None
    page.sending.call_off()


def test_a_list_that_grew_meanwhile_is_counted_again(page: Page, settle: Settle, context: Context) -> None:
    (draft,) = drafts(context)
    row = {"email": "late@example.jp", "consent_at": "2026-11-01"}
    late = contacts.save(context.workspace, None, row)[0]
    numbers = {row.name: row.id for row in lists.overview(context.workspace)}
    lists.add_members(context.workspace, numbers[draft.lists[0]], [late.id])
    page.buttons.send.click()
    settle()
    assert page.sending.countdown is not None
    assert "1,744 people" in page.sending.countdown.text
    page.sending.call_off()


def test_a_list_that_was_emptied_meanwhile_is_told(page: Page, settle: Settle, context: Context) -> None:
    (draft,) = drafts(context)
    campaigns.update(context.workspace, replace(draft, lists=("本店のお客様",)))
    page.activate()
    settle()
    numbers = {row.name: row.id for row in lists.overview(context.workspace)}
    lists.remove_members(context.workspace, numbers["本店のお客様"], range(1, 11))
    page.buttons.send.click()
    settle()
    assert page.sending.countdown is None
    assert "Mend" in tones(page)
    assert not page.buttons.send.isEnabled()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_in_the_smallest_window_nothing_of_the_form_is_cut_off(page: Page, settle: Settle) -> None:
    page.resize(830, 700)  # what the navigation leaves of 1024
    settle()
    content = page.form.widget()
    assert content is not None
    assert content.minimumSizeHint().width() <= page.form.viewport().width()
    assert page.checks.address.width() >= page.checks.address.fontMetrics().horizontalAdvance(
        "me@docomo.ne.jp"
    )
