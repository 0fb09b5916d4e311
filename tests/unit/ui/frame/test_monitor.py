from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from desktop_relay.domain.brake import BrakeCause, BrakeFinding, BrakeLevel
from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.canary import Canary, CanaryPhase
from desktop_relay.domain.command import Cancel, Pause, Release, Resume, SetLane
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.progress import CampaignProgress
from desktop_relay.domain.route import RouteKind
from desktop_relay.operations.carriers import load_directory
from tests.unit.ui.frame.conftest import FakeLink
from tests.window.sample import NOW, make_campaign, make_progress

from ui.context import Context
from ui.destinations import QueueView
from ui.pages.monitor.lane_words import LARGEST_LANES, OTHERS, throughput
from ui.pages.monitor.page import Page
from ui.pages.monitor.presenter import Choice, Presenter, segments
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


def test_small_lanes_are_one_row_until_opened(page: Page) -> None:
    closed = _rows(page)
    assert len(closed) == LARGEST_LANES + 1
    assert closed[-1] == OTHERS
    page._board.lanes.rows[LARGEST_LANES].button.click()
    assert len(_rows(page)) == LARGEST_LANES + 1 + 38


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
    assert "practice, 20 times faster" in presenter.context_line(make_campaign(), NOW)
    real = presenter.context_line(make_campaign(route_kind=RouteKind.SMARTHOST), NOW)
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
    assert "5.4 %" in notice.text
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
    assert "5.4 %" in page._trouble.text
