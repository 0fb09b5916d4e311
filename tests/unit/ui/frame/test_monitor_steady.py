"""Nothing on the monitor moves by itself under the hand of a person who clicks there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop_relay.domain.brake import BrakeCause, BrakeFinding, BrakeLevel
from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.canary import Canary, CanaryPhase
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.progress import CampaignProgress, LaneProgress
from tests.window.sample import NOW, make_campaign, make_progress

from ui.context import Context
from ui.pages.monitor.lane_order import LARGEST_LANES, OTHERS, arrange_lanes
from ui.pages.monitor.lane_row import LaneRow
from ui.pages.monitor.page import Page

Settle = Callable[[], None]
WARNED = BrakeFinding(BrakeCause.UNKNOWN_USERS, BrakeLevel.WARN, 82, 1510, 0.05)
THROUGH = Counts(accepted=9)
WAITING = Canary(CanaryPhase.WAITING, 180, {"au": 1}, NOW + timedelta(minutes=20))


@pytest.fixture(params=[800, 1080, 1500])
def page(
    request: pytest.FixtureRequest, qtbot: QtBot, context: Context, settle: Settle, campaign: int
) -> Page:
    """The monitor of a running campaign, in windows of three widths."""
    context.engine.current_state = "running"
    made = Page(replace(context, language="ja"))
    qtbot.addWidget(made)
    made.resize(request.param, 700)
    made.show()
    made.activate(campaign)
    settle()
    tell(made, settle, make_campaign(number=campaign))
    return made


def tell(page: Page, settle: Settle, shown: CampaignProgress) -> None:
    """The engine's next snapshot."""
    page._context.engine.latest = make_progress(shown)
    page._context.engine.progress.emit(page._context.engine.latest)
    settle()
    QApplication.sendPostedEvents()


def with_reason(shown: CampaignProgress, reason: LaneReason) -> CampaignProgress:
    """Every lane for that reason, with the longest words that it has."""
    lanes = (
        replace(
            lane,
            state=LaneState.SUSPENDED,
            reason=reason,
            cause=Reason.MAILBOX_DISABLED,
            until=NOW + timedelta(days=1),
            eta=NOW + timedelta(days=2),
        )
        for lane in shown.lanes
    )
    return replace(shown, lanes=tuple(lanes))


def with_lane(shown: CampaignProgress, name: str, **changes: Any) -> CampaignProgress:
    """One lane of it otherwise."""
    lanes = (replace(lane, **changes) if lane.lane == name else lane for lane in shown.lanes)
    return replace(shown, lanes=tuple(lanes))


def rows(page: Page) -> dict[str, LaneRow]:
    """The rows that are seen, by lane."""
    return {row.lane: row for row in page._board.lanes.rows if row.isVisibleTo(page)}


def places(page: Page) -> dict[str, tuple[int, int]]:
    """Where each row begins on the page and how high it is."""
    return {lane: (row.mapTo(page, QPoint()).y(), row.height()) for lane, row in rows(page).items()}


def test_no_reason_makes_a_row_higher(page: Page, settle: Settle, campaign: int) -> None:
    shown = make_campaign(number=campaign)
    before = places(page)
    for reason in LaneReason:
        tell(page, settle, with_reason(shown, reason))
        assert places(page) == before, reason


def test_what_a_row_has_no_room_for_can_be_read_all_the_same(
    page: Page, settle: Settle, campaign: int
) -> None:
    tell(page, settle, with_reason(make_campaign(number=campaign), LaneReason.PORT25_BLOCKED))
    row = rows(page)["docomo"]
    assert row._reason.toolTip() == row._reason.text() or page.width() == 1500
    assert row._reason.text() in row.accessibleName()
    page._board.lanes.asked.emit("docomo")
    settle()
    sentence = page._board.lanes.detail._sentence
    assert sentence.text() == row._reason.text()
    assert sentence.toolTip() == "", "all of it is seen"


def test_messages_come_and_go_below(page: Page, settle: Settle, campaign: int) -> None:
    shown = make_campaign(number=campaign)
    before = places(page)
    news = (
        replace(shown, canary=WAITING),
        with_reason(shown, LaneReason.BRAKED),
        replace(shown, state=CampaignState.PAUSED, pause_reason=PauseReason.LOGIN_FAILED),
    )
    for told in news:
        tell(page, settle, told)
        assert places(page) == before
    stopped = with_lane(shown, "docomo", state=LaneState.STOPPED, reason=LaneReason.BRAKED, brake=WARNED)
    tell(page, settle, stopped)
    assert page._telling.brake.isVisibleTo(page)
    page._frame.undo_bar.offer("x", page.hide)
    settle()
    assert places(page) == before


def test_scrolled_to_the_end_a_message_that_goes_away_moves_nothing(
    page: Page, settle: Settle, campaign: int
) -> None:
    shown = make_campaign(number=campaign)
    tell(page, settle, replace(shown, canary=WAITING))
    bar = page._board._scroll.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    before = places(page)
    tell(page, settle, shown)
    assert not page._telling.canary.isVisibleTo(page)
    assert places(page) == before
    bar.setValue(bar.value() - 1)
    bar.setValue(0)
    settle()
    assert page._board._scroll._room.height() == 0, "the room is given back"


def test_the_fields_of_a_lane_stay_where_they_are(page: Page, settle: Settle, campaign: int) -> None:
    shown = make_campaign(number=campaign)
    page._board.lanes.asked.emit("docomo")
    settle()
    detail = page._board.lanes.detail

    def fields() -> list[QPoint]:
        return [field.mapTo(page, QPoint()) for field in detail.pace.fields if field.isVisibleTo(page)]

    before, after = fields(), places(page)
    for reason in (LaneReason.NONE, LaneReason.PORT25_BLOCKED, LaneReason.LEARNED_CEILING):
        tell(page, settle, with_reason(shown, reason))
        page._telling._read()
        settle()
        assert fields() == before, reason
        assert places(page) == after, reason
    tell(page, settle, with_lane(shown, "docomo", brake=WARNED))
    page._telling._read()
    settle()
    assert detail._brake.isVisibleTo(page)
    assert fields() == before


def test_a_lane_that_is_through_leaves_its_room(page: Page, settle: Settle, campaign: int) -> None:
    shown = make_campaign(number=campaign)
    page._board.lanes.asked.emit("docomo")
    settle()
    detail = page._board.lanes.detail
    detail.pace.pause.setFocus()
    before = places(page)
    tell(page, settle, with_lane(shown, "docomo", counts=THROUGH, state=LaneState.FINISHED))
    page._telling._read()
    settle()
    assert not detail.pace.isVisibleTo(page)
    assert places(page) == before
    assert page.focusWidget() is detail.close_button, "not another lane's button"


def enter(widget: QWidget) -> None:
    """The pointer comes."""
    widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    QApplication.sendEvent(widget, QEnterEvent(QPointF(), QPointF(), QPointF()))


def leave(widget: QWidget) -> None:
    """The pointer goes."""
    widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, on=False)
    QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))


def test_rows_change_places_only_when_no_hand_is_on_them(page: Page, settle: Settle, campaign: int) -> None:
    shown = make_campaign(number=campaign)
    before, board = list(rows(page)), page._board.lanes
    last = before[LARGEST_LANES - 1]
    changed = with_lane(shown, last, counts=Counts(pending=10_000_000))
    enter(board)
    tell(page, settle, changed)
    assert list(rows(page)) == before
    leave(board)
    tell(page, settle, changed)
    assert next(iter(rows(page))) == last


def test_focus_story_and_place_survive_every_tick(page: Page, settle: Settle, campaign: int) -> None:
    shown = make_campaign(number=campaign)
    board, bar = page._board.lanes, page._board._scroll.verticalScrollBar()
    row = rows(page)["au"]
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Return)
    settle()
    bar.setValue(bar.maximum() // 2)
    kept = (bar.value(), page.focusWidget(), board.told, list(rows(page)))
    for step, reason in enumerate((*LaneReason, LaneReason.NONE)):
        changed = with_reason(replace(shown, rate=float(step)), reason)
        tell(page, settle, replace(changed, lanes=tuple(reversed(changed.lanes))))
        assert (bar.value(), page.focusWidget(), board.told, list(rows(page))) == kept
    board.detail.close_button.setFocus()
    QTest.keyClick(board.detail.close_button, Qt.Key.Key_Space)
    assert page.focusWidget() is row


def test_the_focus_of_a_button_that_goes_stays_in_its_row(page: Page, settle: Settle, campaign: int) -> None:
    shown = make_campaign(number=campaign)
    row = rows(page)["docomo"]
    row.button.setFocus()
    tell(page, settle, with_lane(shown, "docomo", counts=THROUGH, state=LaneState.FINISHED))
    assert not row.button.isVisible()
    assert page.focusWidget() is row


def lanes_of(sizes: list[int]) -> list[LaneProgress]:
    """So many lanes of those sizes."""
    pattern = make_campaign().lanes[0]
    return [
        replace(pattern, lane=f"lane{place}", counts=Counts(pending=size)) for place, size in enumerate(sizes)
    ]


@given(st.lists(st.integers(0, 50), max_size=20), st.data())
def test_held_rows_stay_and_no_lane_is_lost(sizes: list[int], data: st.DataObject) -> None:
    lanes = lanes_of(sizes)
    large, small = arrange_lanes(lanes, [])
    assert len(small) != 1, "one alone is no group"
    expanded = data.draw(st.booleans())
    held = [lane.lane for lane in large]
    if small:
        held += [OTHERS, *(lane.lane for lane in small if expanded)]
    news = data.draw(st.lists(st.integers(0, 50), min_size=len(sizes), max_size=len(sizes) + 5))
    after_large, after_small = arrange_lanes(lanes_of(news), held)
    assert [lane.lane for lane in after_large][: len(large)] == [lane.lane for lane in large]
    assert {lane.lane for lane in (*after_large, *after_small)} == {f"lane{n}" for n in range(len(news))}
    if expanded:
        kept = [lane.lane for lane in after_small][: len(small)]
        assert kept == [lane.lane for lane in small]
    assert bool(after_small) == bool(small)
