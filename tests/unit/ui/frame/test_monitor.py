from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from PySide6.QtCore import Qt, QTime
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from desktop_relay.domain.brake import BrakeCause, BrakeFinding, BrakeLevel
from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.canary import Canary, CanaryPhase
from desktop_relay.domain.command import Cancel, Pause, Release, Resume, SetLane
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.errors import EngineUnreachable, ErrorCode
from desktop_relay.domain.lane import LaneOverride, LaneReason, LaneState, PassingLimit
from desktop_relay.domain.network import NetworkState
from desktop_relay.domain.progress import CampaignProgress
from desktop_relay.domain.route import RouteKind
from desktop_relay.operations.carriers import load_directory
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.spool import Spool
from tests.unit.ui.frame.conftest import FakeLink
from tests.unit.ui.work.test_accessibility import letters, nameless, twice
from tests.window.sample import NOW, make_campaign, make_progress

from ui import wording
from ui.context import Context
from ui.destinations import QueueView
from ui.network_notice import NetworkNotice
from ui.pages.monitor.lane_columns import HOUR, NAME, column_widths
from ui.pages.monitor.lane_detail import LaneDetail
from ui.pages.monitor.lane_order import LARGEST_LANES, OPENED_LANES, OTHERS
from ui.pages.monitor.lane_words import throughput
from ui.pages.monitor.page import Page
from ui.pages.monitor.presenter import Choice, Presenter
from ui.pages.monitor.segments import segments
from ui.widgets.labels import ElidedLabel
from ui.widgets.notice import CountdownNotice, Notice

Settle = Callable[[], None]


@pytest.fixture
def page(qtbot: QtBot, context: Context, settle: Settle, campaign: int) -> Page:
    """The monitor of a running campaign, as the engine tells it."""
    context.engine.current_state = "running"
    made = Page(context)
    qtbot.addWidget(made)
    made.resize(1080, 760)
    made.show()
    made.activate(campaign)
    settle()
    context.engine.latest = make_progress(make_campaign(number=campaign))
    context.engine.progress.emit(context.engine.latest)
    settle()
    return made


def _rows(page: Page) -> list[str]:
    return [row.lane for row in page._board.lanes.rows if row.isVisibleTo(page)]


def test_six_figures(page: Page) -> None:
    shown = make_campaign()
    values = [card.value for card in page._board.figures]
    assert values[0] == f"{shown.counts.accepted:,}"
    assert values[1] == f"{shown.counts.open:,}"
    assert values[2] == f"{shown.counts.bounced:,}"
    assert values[3] == "1"
    assert values[4] == "9.4/s"


@pytest.mark.parametrize("network", [NetworkState.GONE, NetworkState.UNPROVEN, NetworkState.CHANGED])
def test_what_became_of_the_network_is_told_while_it_matters(page: Page, network: NetworkState) -> None:
    (notice,) = page.findChildren(NetworkNotice)
    assert not notice.isVisibleTo(page)
    real = replace(make_campaign(), route_kind=RouteKind.SMARTHOST)
    told = replace(make_progress(real), network=network)
    page._context.engine.progress.emit(told)
    assert notice.isVisibleTo(page)
    assert notice.text == page._context.phrase("network", network.value)
    practice = replace(real, route_kind=RouteKind.SANDBOX)
    page._context.engine.progress.emit(replace(make_progress(practice), network=network))
    assert not notice.isVisibleTo(page)
    page._context.engine.progress.emit(told)
    page._context.engine.state.emit("stopped")
    assert not notice.isVisibleTo(page)


def test_small_lanes_are_one_row_until_opened(page: Page, qtbot: QtBot) -> None:
    closed = _rows(page)
    assert len(closed) == LARGEST_LANES + 1
    assert closed[-1] == OTHERS
    page._board.lanes.rows[LARGEST_LANES].button.click()
    qtbot.waitUntil(lambda: len(_rows(page)) == LARGEST_LANES + 1 + 38)


def test_of_thousands_of_lanes_a_hundred_are_opened_and_who_needs_a_person_is_among_them(
    page: Page, context: Context, campaign: int, qtbot: QtBot
) -> None:
    shown = make_campaign(number=campaign, small_lanes=3000)
    smallest = min(shown.lanes, key=lambda lane: (lane.counts.total, lane.lane))
    stopped = replace(smallest, state=LaneState.STOPPED, reason=LaneReason.BRAKED, brake=STOPPED)
    lanes = tuple(stopped if lane is smallest else lane for lane in shown.lanes)
    context.engine.progress.emit(make_progress(replace(shown, lanes=lanes)))
    board = page._board.lanes
    page._telling.brake.acted.emit()  # “Decide” opens the small ones
    made = len(board.rows)
    assert made < LARGEST_LANES + OPENED_LANES, "the window does not stand still for all of them"
    qtbot.waitUntil(lambda: len(_rows(page)) == LARGEST_LANES + 1 + OPENED_LANES)
    assert smallest.lane in _rows(page)
    (told,) = (each.text() for each in board.findChildren(QLabel) if "not listed" in each.text())
    assert told == f"Smaller ones that are not listed: {len(lanes) - LARGEST_LANES - OPENED_LANES:,}"


def test_what_was_cancelled_did_not_end_well(page: Page, context: Context, campaign: int) -> None:
    over = replace(make_campaign(number=campaign), state=CampaignState.CANCELLED, finished_at=NOW)
    context.engine.progress.emit(make_progress(over))
    last = page._board.figures[-1]
    assert last.value == wording.day_and_time(NOW, NOW)
    assert "Cancelled" in last.accessibleName()


def test_a_planned_campaign_tells_when_it_begins(context: Context) -> None:
    begins = NOW + timedelta(days=3)
    planned = replace(make_campaign(), state=CampaignState.SUBMITTED, started_at=None, start_at=begins)
    told = Presenter(context).words.context_line(planned, NOW)
    assert told.startswith(f"Starts {wording.day_and_time(begins, NOW)} · ")


def test_what_has_ended_is_not_cancelled_any_more(page: Page, context: Context, campaign: int) -> None:
    page._header.cancel.click()
    (notice,) = page.findChildren(CountdownNotice)
    context.engine.progress.emit(make_progress(make_campaign(number=campaign)))
    assert page._countdown is notice
    over = replace(make_campaign(number=campaign), state=CampaignState.FINISHED, finished_at=NOW)
    context.engine.progress.emit(make_progress(over))
    assert page._countdown is None
    assert not notice.isVisible()


def test_the_question_whether_to_go_on_goes_when_that_was_decided_elsewhere(
    page: Page, context: Context, campaign: int
) -> None:
    doubtful = make_campaign(number=campaign, state=CampaignState.PAUSED, pause_reason=PauseReason.RESTORED)
    context.engine.progress.emit(make_progress(doubtful))
    page._header.pause.click()
    assert page._doubt is not None
    assert page._doubt.isVisible()
    context.engine.progress.emit(make_progress(replace(doubtful, state=CampaignState.CANCELLED)))
    assert not page._doubt.isVisible()


def test_rows_are_used_again(page: Page, context: Context, campaign: int) -> None:
    before = list(page._board.lanes.rows)
    for step in range(20):
        changed = make_campaign(NOW + timedelta(seconds=step), number=campaign)
        context.engine.progress.emit(make_progress(replace(changed, rate=float(step))))
    assert page._board.lanes.rows == before


def test_a_lane_is_stopped_and_goes_on(page: Page, settle: Settle, link: FakeLink) -> None:
    rows = {row.lane: row for row in page._board.lanes.rows}
    rows["docomo"].button.click()
    settle()
    assert link.commands[-1] == SetLane("sandbox", "docomo", paused=True)
    rows["yahoo"].button.click()
    settle()
    assert link.commands[-1] == SetLane("sandbox", "yahoo", paused=False)


def test_pause_and_go_on(page: Page, context: Context, settle: Settle, link: FakeLink, campaign: int) -> None:
    page._header.pause.click()
    settle()
    assert link.commands[-1] == Pause(campaign)
    paused = make_campaign(number=campaign, state=CampaignState.PAUSED, pause_reason=PauseReason.USER)
    context.engine.progress.emit(make_progress(paused))
    assert page._header.pause.text() == "&Go on"
    page._header.pause.click()
    settle()
    assert link.commands[-1] == Resume(campaign)


def test_cancelling_waits_and_can_be_called_off(
    page: Page, settle: Settle, link: FakeLink, campaign: int
) -> None:
    page._header.cancel.click()
    notice = page.findChild(CountdownNotice)
    assert "5 seconds" in notice.text
    notice._tick()
    assert "4 seconds" in notice.text
    notice.call_off.click()
    settle()
    assert not [c for c in link.commands if isinstance(c, Cancel)]
    page._header.cancel.click()
    last = page.findChildren(CountdownNotice)[-1]
    for _ in range(5):
        last._tick()
    settle()
    assert link.commands[-1] == Cancel(campaign)


def test_why_it_stands_still_is_said(page: Page, context: Context, campaign: int) -> None:
    broken = make_campaign(number=campaign, state=CampaignState.PAUSED, pause_reason=PauseReason.LOGIN_FAILED)
    context.engine.progress.emit(make_progress(broken))
    assert page._trouble.isVisibleTo(page)
    context.engine.progress.emit(make_progress(make_campaign(number=campaign)))
    assert not page._trouble.isVisibleTo(page)


def test_without_an_engine_it_offers_to_start_it(page: Page, context: Context, settle: Settle) -> None:
    context.engine.latest = None
    context.engine.current_state = "stopped"
    context.engine.state.emit("stopped")
    settle()
    notice = page._rest
    assert isinstance(notice, Notice)
    assert notice.isVisibleTo(page)
    assert notice.button.text() == "Start the engine"


def test_the_newest_reply_leads_to_the_queue(qtbot: QtBot, page: Page, campaign: int) -> None:
    with qtbot.waitSignal(page.navigate) as heard:
        page._board.reply.asked.emit()
    assert heard.args == ["queue", QueueView(campaign, text="yoko88@ezweb.ne.jp")]


def test_practice_says_so(context: Context) -> None:
    presenter = Presenter(context)
    assert "practice, 20 times faster" in presenter.words.context_line(make_campaign(), NOW)
    as_in_life = presenter.words.context_line(replace(make_campaign(), speed=1.0), NOW)
    assert "practice, as fast as in earnest" in as_in_life
    real = presenter.words.context_line(make_campaign(route_kind=RouteKind.SMARTHOST), NOW)
    assert "practice" not in real
    assert "by 会社のSMTP" in real


def test_the_newest_running_campaign_is_the_guess() -> None:
    done, running = CampaignState.FINISHED, CampaignState.SENDING
    choices = [Choice(9, "c", done), Choice(8, "b", running), Choice(7, "a", running)]
    assert Presenter.preferred(choices) == 8
    assert Presenter.preferred(choices[:1]) == 9
    assert Presenter.preferred([]) is None


@given(st.builds(Counts, **{name: st.integers(0, 10_000) for name in Counts.__dataclass_fields__}))
def test_the_bar_never_shows_more_than_there_are(counts: Counts) -> None:
    assert (
        sum(value for value, _ in segments(counts)) + counts.pending + counts.ready + counts.in_flight
        == counts.total
    )


def test_throughput_adds_lanes_minute_by_minute() -> None:
    campaign = make_campaign(small_lanes=0)
    lanes = (replace(campaign.lanes[0], history=(1.0, 2.0)), replace(campaign.lanes[1], history=(10.0,)))
    assert throughput(replace(campaign, lanes=lanes)) == (1.0, 12.0)


def test_what_stands_still_has_no_pace(page: Page, context: Context, campaign: int) -> None:
    paused = make_campaign(number=campaign, state=CampaignState.PAUSED, pause_reason=PauseReason.USER)
    stopped = replace(
        paused,
        lanes=tuple(
            replace(lane, state=LaneState.PAUSED, reason=LaneReason.CAMPAIGN_PAUSED) for lane in paused.lanes
        ),
    )
    context.engine.progress.emit(make_progress(stopped))
    assert page._board.figures[4].value == "—"
    views = Presenter(context).lanes.views(stopped, NOW, expanded=True)
    assert {view.pace for view in views} == {"—"}
    # which of them were stopped by hand is not told now, so none offers to go on
    assert not any(view.can_pause or view.paused for view in views)


def test_only_a_lane_stopped_by_hand_goes_on_by_its_button(context: Context) -> None:
    views = Presenter(context).lanes.views(make_campaign(), NOW, expanded=False)
    assert [view.lane for view in views if view.paused] == ["yahoo"]


STOPPED = BrakeFinding(BrakeCause.UNKNOWN_USERS, BrakeLevel.STOP, 82, 1510, 0.05)


def _with_stopped(campaign: int, lane: str = "yahoo", *, left: bool = False) -> CampaignProgress:
    shown = make_campaign(number=campaign)
    lanes = tuple(
        replace(x, state=LaneState.STOPPED, reason=LaneReason.BRAKED, brake=STOPPED, brake_left=left)
        if x.lane == lane
        else x
        for x in shown.lanes
    )
    return replace(shown, lanes=lanes)


def test_a_stopped_lane_says_why_and_is_decided_on(
    page: Page, context: Context, settle: Settle, campaign: int, link: FakeLink
) -> None:
    context.engine.progress.emit(make_progress(_with_stopped(campaign)))
    settle()
    notice = page._telling.brake
    assert notice.isVisibleTo(page)
    assert "5.4\N{NO-BREAK SPACE}%" in notice.text
    notice.button.click()
    settle()
    detail = page._board.lanes.detail
    assert detail.isVisibleTo(page)
    assert detail.send.isVisibleTo(page)
    assert "82 of 1,510" in detail._found.text()
    detail.leave.click()
    settle()
    context.engine.progress.emit(make_progress(_with_stopped(campaign, left=True)))
    assert not page._telling.brake.isVisibleTo(page)
    rows = {row.lane: row for row in page._board.lanes.rows}
    assert rows["yahoo"].button.text() == "Decide"


def test_the_story_of_a_lane_opens_and_closes(
    page: Page, context: Context, settle: Settle, campaign: int
) -> None:
    rows = {row.lane: row for row in page._board.lanes.rows}
    detail = page._board.lanes.detail
    rows["au"].why.click()
    settle()
    assert detail.isVisibleTo(page)
    assert detail.lane == "au"
    rows["docomo"].why.click()
    settle()
    assert detail.lane == "docomo"
    rows["docomo"].why.click()
    assert not detail.isVisibleTo(page)


def _open_detail(page: Page, settle: Settle, lane: str = "docomo") -> LaneDetail:
    page._board.lanes.asked.emit(lane)
    settle()
    return page._board.lanes.detail


def _turn(loop: asyncio.AbstractEventLoop, link: FakeLink, number: int) -> None:
    """Until so many commands have come."""

    async def until_there() -> None:
        for _ in range(1000):
            if len(link.commands) >= number:
                return
            await asyncio.sleep(0.01)

    loop.run_until_complete(until_there())


def test_a_lane_is_slowed_within_the_second_and_that_is_taken_back(
    page: Page, settle: Settle, link: FakeLink, loop: asyncio.AbstractEventLoop
) -> None:
    control = _open_detail(page, settle).pace
    assert (control.number.value(), control.number.suffix()) == (20.0, " a second")  # practice: 20 times life
    for value in (80, 60, 50):  # a hand on its way
        control.slider.setValue(value)
    begun = loop.time()
    _turn(loop, link, 1)
    assert loop.time() - begun < 1.0
    assert link.commands == [SetLane("sandbox", "docomo", rate=0.5)]
    assert control.number.value() == 10.0
    settle()
    bar = page._frame.undo_bar
    assert bar.isVisibleTo(page)
    assert bar._label.text() == "NTT docomo goes at 10/s at most."
    bar.button.click()
    settle()
    assert link.commands[1:] == [SetLane("sandbox", "docomo", rate=0.0)]


@pytest.mark.parametrize(("place", "minutes"), [(0, None), (1, 15), (2, 60), (3, 180)])
def test_a_change_ends_when_it_shall(
    page: Page, settle: Settle, link: FakeLink, place: int, minutes: int | None
) -> None:
    control = _open_detail(page, settle).pace
    control.end.combo.setCurrentIndex(place)
    control.pause.click()
    settle()
    until = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert link.commands == [SetLane("sandbox", "docomo", paused=True, until=until)]


@pytest.mark.parametrize(("minutes", "day"), [(1, 0), (-1, 1), (0, 1)])
def test_a_time_of_day_that_has_passed_is_tomorrows(
    page: Page, settle: Settle, link: FakeLink, minutes: int, day: int
) -> None:
    control = _open_detail(page, settle).pace
    wanted = (NOW.astimezone() + timedelta(minutes=minutes)).replace(second=0)
    control.end.combo.setCurrentIndex(4)
    control.end.time.setTime(QTime(wanted.hour, wanted.minute))
    control.pause.click()
    settle()
    (command,) = link.commands
    assert isinstance(command, SetLane)
    assert command.until == wanted + timedelta(days=day)


def _set(context: Context, override: LaneOverride) -> None:
    with open_spool_for_engine(context.workspace.directory) as database:
        Spool(database).save_lane_override("sandbox", "docomo", override)


def test_what_was_changed_is_told_and_lifted(
    page: Page, context: Context, settle: Settle, link: FakeLink
) -> None:
    until = NOW + timedelta(hours=1)
    _set(context, LaneOverride(passing=(PassingLimit("rate", 0.25, until),)))
    control = _open_detail(page, settle).pace
    assert control.number.value() == 5.0
    told = control._standing.text()
    assert "The usual pace: 20/s." in told
    assert f"until {wording.day_and_time(until, NOW)}" in told
    control.back.click()
    settle()
    assert link.commands == [SetLane("sandbox", "docomo", rate=0.0, paused=False)]
    page._frame.undo_bar.button.click()
    settle()
    back = [SetLane("sandbox", "docomo", rate=0), SetLane("sandbox", "docomo", rate=0.25, until=until)]
    assert link.commands[1:] == [*back, SetLane("sandbox", "docomo", paused=False)]


def test_another_end_holds_for_what_is_changed_already(
    page: Page, context: Context, settle: Settle, link: FakeLink
) -> None:
    _set(context, LaneOverride(rate=0.25))
    control = _open_detail(page, settle).pace
    control.end.combo.setCurrentIndex(2)
    control.end.combo.activated.emit(2)
    settle()
    assert link.commands == [SetLane("sandbox", "docomo", rate=0.25, until=NOW + timedelta(hours=1))]


def test_the_slider_at_its_end_is_the_usual_pace(
    page: Page, context: Context, settle: Settle, link: FakeLink, loop: asyncio.AbstractEventLoop
) -> None:
    _set(context, LaneOverride(rate=0.25))
    control = _open_detail(page, settle).pace
    control.slider.setValue(100)
    _turn(loop, link, 1)
    settle()
    assert link.commands == [SetLane("sandbox", "docomo", rate=0.0)]


def test_a_lane_that_is_through_or_stopped_has_no_pace_to_change(
    page: Page, context: Context, settle: Settle, campaign: int
) -> None:
    shown = make_campaign(number=campaign)
    lanes = {lane.lane: lane for lane in shown.lanes}
    through = replace(lanes["docomo"], counts=Counts(accepted=9), state=LaneState.FINISHED)
    stopped = replace(lanes["au"], state=LaneState.STOPPED, reason=LaneReason.BRAKED, brake=STOPPED)
    others = (lanes["softbank"], lanes["outlook"])
    context.engine.progress.emit(make_progress(replace(shown, lanes=(through, stopped, *others))))
    for lane, changeable in (("docomo", False), ("au", False), ("softbank", True)):
        detail = _open_detail(page, settle, lane)
        assert detail.lane == lane
        assert detail.isVisibleTo(page)
        assert detail.pace.isVisibleTo(page) is changeable


@pytest.mark.parametrize("paused", [True, False])
def test_everybody_can_steer_a_lane(page: Page, context: Context, settle: Settle, paused: bool) -> None:
    _set(context, LaneOverride(paused=paused))
    detail = _open_detail(page, settle)
    detail.pace.end.combo.setCurrentIndex(4)
    detail.pace.end.combo.activated.emit(4)
    page._frame.undo_bar.offer("x", page.hide)
    assert detail.pace.isVisible()
    assert nameless(page) == []
    assert twice(letters(page)) == []


@pytest.mark.parametrize("lane", ["docomo", "softbank"])
def test_the_keyboard_goes_from_a_row_into_its_story(page: Page, settle: Settle, lane: str) -> None:
    detail = _open_detail(page, settle, lane)
    board = page._board.lanes
    place = next(place for place, row in enumerate(board.rows) if row.lane == lane)
    widget, reached = board.rows[place].button.nextInFocusChain(), []
    while widget is not board.rows[place + 1]:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            reached.append(widget)
        widget = widget.nextInFocusChain()
    inside = [widget for widget in reached if not widget.objectName().startswith("qt_")]
    pace = detail.pace
    assert inside == [detail.close_button, pace.slider, pace.number, pace.end.combo, pace.pause, pace.back]


@pytest.mark.parametrize(("width", "charts"), [(770, False), (1030, True)])
def test_where_there_is_little_room_names_come_first(page: Page, width: int, charts: bool) -> None:
    widths = column_widths(width)
    assert (widths[HOUR] > 0) is charts
    assert widths[NAME] >= 110
    page._board.lanes.rows[0].set_widths(widths)
    assert page._board.lanes.rows[0]._chart.isVisible() is charts


def test_a_refusal_is_told_on_the_page(page: Page, settle: Settle, link: FakeLink) -> None:
    control = _open_detail(page, settle).pace
    link.refusal = EngineUnreachable(ErrorCode.ENGINE_NOT_RUNNING)
    control.pause.click()
    settle()
    notice = page._frame.findChild(Notice, "lane")
    assert notice is not None
    assert notice.isVisibleTo(page)
    assert not page._frame.undo_bar.isVisibleTo(page)


def test_lanes_are_chosen_by_mouse_and_keyboard(page: Page, settle: Settle) -> None:
    board = page._board.lanes
    place = next(place for place, row in enumerate(board.rows) if row.lane == "docomo")
    first, second = board.rows[place], board.rows[place + 1]
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    settle()
    assert board.told == first.lane
    assert first.property("told") == "true"
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    settle()
    assert (board.told, first.property("told")) == (second.lane, "false")
    QTest.keyClick(second, Qt.Key.Key_Return)
    assert board.told == ""
    QTest.keyClick(second, Qt.Key.Key_Up)
    assert board.told == ""
    assert page.focusWidget() is first
    QTest.keyClick(first, Qt.Key.Key_Space)
    settle()
    assert board.told == first.lane
    assert board.detail.isVisibleTo(page)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_source_of_the_numbers_is_told_in_the_windows_language(
    page: Page, context: Context, loop: asyncio.AbstractEventLoop, campaign: int, language: str
) -> None:
    presenter = Presenter(replace(context, language=language))
    profile = load_directory().profiles["docomo"]
    story = loop.run_until_complete(presenter.story(make_campaign(number=campaign), "docomo"))
    assert story is not None
    source = {"en": profile.source, "ja": profile.source_ja}[language]
    assert story.source == f"{source} · {profile.dated}"


def test_a_canary_is_told_and_need_not_be_waited_for(
    page: Page, context: Context, settle: Settle, campaign: int, link: FakeLink
) -> None:
    waiting = Canary(CanaryPhase.WAITING, 180, {"au": 1}, NOW + timedelta(minutes=20))
    context.engine.progress.emit(make_progress(replace(make_campaign(number=campaign), canary=waiting)))
    notice = page._telling.canary
    assert "180" in notice.text
    notice.button.click()
    settle()
    assert link.commands[-1] == Release(campaign)
    passed = replace(waiting, phase=CanaryPhase.PASSED)
    context.engine.progress.emit(make_progress(replace(make_campaign(number=campaign), canary=passed)))
    assert not notice.isVisibleTo(page)


def test_a_stopped_canary_says_what_it_found(page: Page, context: Context, campaign: int) -> None:
    shown = make_campaign(number=campaign, state=CampaignState.PAUSED, pause_reason=PauseReason.CANARY)
    stopped = Canary(CanaryPhase.STOPPED, 50, {}, None, STOPPED)
    context.engine.progress.emit(make_progress(replace(shown, canary=stopped)))
    assert page._trouble.isVisibleTo(page)
    assert "5.4\N{NO-BREAK SPACE}%" in page._trouble.text


def test_where_all_was_accepted_nobody_is_told_that_nobody_answered(
    page: Page, context: Context, campaign: int
) -> None:
    shown = replace(make_campaign(number=campaign), last_reply=None)
    assert shown.counts.accepted
    context.engine.progress.emit(make_progress(shown))
    told = page._board.reply.findChild(ElidedLabel)
    assert told.text() == "No server has refused or put off anything lately."


def test_the_keyboard_goes_through_the_lanes_before_what_stands_below(page: Page, qtbot: QtBot) -> None:
    board = page._board.lanes
    board.rows[LARGEST_LANES].button.click()
    qtbot.waitUntil(lambda: len(_rows(page)) == LARGEST_LANES + 1 + 38)
    here: QWidget = board.rows[0]
    met: list[QWidget] = []
    while not page._board.reply.isAncestorOf(here) and len(met) < 1000:
        met.append(here)
        here = here.nextInFocusChain()
    focusable = [w for row in board.rows for w in (row, row.button)]
    assert [w for w in met if w in focusable] == focusable
