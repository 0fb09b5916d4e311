from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from PySide6.QtWidgets import QLabel

from desktop_relay.domain.brake import BrakeCause, BrakeFinding, BrakeLevel
from desktop_relay.domain.campaign import CampaignKind, CampaignState, PauseReason
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.progress import AccountProgress, CampaignProgress, LaneProgress
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.operations import campaigns, contacts, routes
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.spool import Spool
from tests.window.sample import NOW, make_progress
from tests.window.stocked import submit_sample

from ui import wording
from ui.context import Context
from ui.destinations import MonitorView, QueueView
from ui.engine_notice import EngineNotice
from ui.pages.home.attention import CampaignCard, Trouble, find_all, find_attention
from ui.pages.home.page import Page
from ui.pages.home.presenter import Step, read_home
from ui.widgets.notice import Notice

Settle = Callable[[], None]


def _open(qtbot: QtBot, context: Context, settle: Settle) -> Page:
    page = Page(context)
    qtbot.addWidget(page)
    page.resize(1080, 760)
    page.show()
    page.activate(None)
    settle()
    return page


def test_first_there_are_five_steps_and_one_next_button(
    qtbot: QtBot, context: Context, settle: Settle
) -> None:
    page = _open(qtbot, context, settle)
    primary = [card.step for card in page.steps.cards.values() if card.button.property("role") == "primary"]
    assert primary == [Step.CONTACTS]
    assert page.steps.sample.isVisibleTo(page)
    with qtbot.waitSignal(page.navigate) as heard:
        page.steps.cards[Step.CONTACTS].button.click()
    assert heard.args == ["address_book", "import"], "it says so"


def test_steps_follow_what_was_done(qtbot: QtBot, context: Context, settle: Settle) -> None:
    _, changes = contacts.save(context.workspace, None, {"email": "a@example.jp", "name": "佐藤"})
    page = _open(qtbot, context, settle)
    assert read_home(context.workspace).next_step is Step.TEMPLATE
    submit_sample(context.workspace)
    context.publish(changes)
    settle()
    state = read_home(context.workspace)
    assert state.done >= {Step.CONTACTS, Step.TEMPLATE, Step.PRACTICE}
    assert state.next_step is Step.PREPARE
    assert page.steps.cards[Step.PREPARE].button.property("role") == "primary"
    assert not page.steps.sample.isVisibleTo(page)


def test_after_the_first_real_campaign_it_tells_how_they_stand(
    qtbot: QtBot, context: Context, settle: Settle
) -> None:
    route = Route("会社のSMTP", RouteKind.SMARTHOST, host="mail.example", port=587)
    campaign = submit_sample(context.workspace, people=11, route=route)
    page = _open(qtbot, context, settle)
    assert [line.campaign for line in page.standing.lines] == [campaign]
    notices = [n for n in page.standing.findChildren(Notice) if n.isVisibleTo(page)]
    assert len(notices) == 2
    with qtbot.waitSignal(page.navigate) as heard:
        notices[0].button.click()
    assert heard.args == ["queue", QueueView(campaign, RecipientState.UNKNOWN)]


def test_attention_goes_by_what_the_engine_tells_now() -> None:
    card = _card(Counts(pending=100), CampaignState.SENDING)
    standing = replace(
        make_progress().campaigns[0], campaign=1, counts=Counts(accepted=97, unknown=3), lanes=()
    )
    found = find_attention(card, standing)
    assert [(item.trouble, item.count) for item in found] == [(Trouble.UNKNOWN, 3)]


def test_what_was_taken_back_before_anybody_got_it_is_no_practice(context: Context) -> None:
    campaign = submit_sample(context.workspace, people=0)
    assert read_home(context.workspace).practised
    with open_spool_for_engine(context.workspace.directory) as db:
        Spool(db).move_campaign(campaign, CampaignState.CANCELLED, PauseReason.NONE, NOW)
    assert not read_home(context.workspace).practised


def test_a_planned_campaign_tells_when_it_begins_not_when_it_was_planned(
    qtbot: QtBot, context: Context, settle: Settle
) -> None:
    submit_sample(context.workspace, route=Route("SMTP", RouteKind.SMARTHOST, host="mail.example"))
    page = _open(qtbot, context, settle)
    (line,) = page.standing.lines
    begins = NOW + timedelta(days=3)
    planned = replace(_card(Counts(pending=4), CampaignState.SUBMITTED), start_at=begins)
    line.show_card(planned, NOW)
    assert f"starts {wording.day_and_time(begins, NOW)}" in [w.text() for w in line.findChildren(QLabel)]
    line.show_card(replace(planned, state=CampaignState.SENDING), NOW)
    assert wording.day_and_time(NOW, NOW) in [w.text() for w in line.findChildren(QLabel)]


def _card(
    counts: Counts, state: CampaignState = CampaignState.FINISHED, practice: bool = False
) -> CampaignCard:
    return CampaignCard(1, "c", state, practice, counts, NOW)


def test_attention_is_asked_only_where_it_is_due() -> None:
    assert find_attention(_card(Counts(accepted=100))) == []
    assert find_attention(_card(Counts(accepted=90, bounced=10, unknown=1), practice=True)) == []
    troubles = [
        item.trouble for item in find_attention(_card(Counts(accepted=90, bounced=10, unknown=1, held=2)))
    ]
    assert troubles == [Trouble.UNKNOWN, Trouble.BOUNCES, Trouble.HELD]
    paused = find_attention(_card(Counts(pending=4), CampaignState.PAUSED))
    assert [(item.trouble, item.count) for item in paused] == [(Trouble.PAUSED, 4)]
    # one of two bounced says nothing yet
    assert find_attention(_card(Counts(accepted=1, bounced=1))) == []


SHOP = Route("会社のSMTP", RouteKind.SMARTHOST, host="mail.example", port=587)
FOUND = BrakeFinding(BrakeCause.UNKNOWN_USERS, BrakeLevel.STOP, 12, 100, 0.05)


def _standing(context: Context) -> CampaignProgress:
    """A real campaign under way, as the spool has it."""
    return campaigns.status(context.workspace, submit_sample(context.workspace, people=11, route=SHOP))


def _with_lane(standing: CampaignProgress, **changes: object) -> CampaignProgress:
    """Its first lane is otherwise."""
    first, *others = standing.lanes
    lane = replace(first, counts=Counts(pending=4), **changes)
    return replace(standing, state=CampaignState.SENDING, lanes=(lane, *others))


def _told(page: Page, context: Context, standing: CampaignProgress) -> list[Notice]:
    """The notices about routes and lanes once the engine said that."""
    context.engine.progress.emit(make_progress(standing))
    notices = page.standing.attention.notices
    return [notice for notice in notices if notice.button.text() != "See who"]


def test_a_lane_that_its_brake_stopped_leads_to_the_monitor(
    qtbot: QtBot, context: Context, settle: Settle
) -> None:
    standing = _standing(context)
    page = _open(qtbot, context, settle)
    stopped = _with_lane(standing, state=LaneState.STOPPED, reason=LaneReason.BRAKED, brake=FOUND)
    (notice,) = _told(page, context, stopped)
    assert "12\N{NO-BREAK SPACE}% unknown addresses" in notice.text
    assert notice.isVisible()
    with qtbot.waitSignal(page.navigate) as heard:
        notice.button.click()
    assert heard.args == ["monitor", MonitorView(standing.campaign)]
    # the same again changes nothing, and a lane that a person left stopped needs nobody
    assert _told(page, context, stopped) == [notice]
    assert _told(page, context, _with_lane(stopped, brake_left=True)) == []


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (LaneReason.QUOTA_USED, "quota is used up"),
        (LaneReason.WARMING_UP, "warm-up allows no more mail today"),
    ],
)
def test_a_day_that_is_used_up_leads_to_its_route(
    qtbot: QtBot, context: Context, settle: Settle, reason: LaneReason, sentence: str
) -> None:
    standing = _standing(context)
    page = _open(qtbot, context, settle)
    until = NOW + timedelta(hours=3)
    used = _with_lane(standing, state=LaneState.SUSPENDED, reason=reason, until=until)
    (notice,) = _told(page, context, used)
    assert notice.text.startswith("会社のSMTP: ")
    assert sentence in notice.text
    with qtbot.waitSignal(page.navigate) as heard:
        notice.button.click()
    assert heard.args == ["settings", ("route", SHOP.name)]


def test_accounts_that_rest_are_told_once_for_all_campaigns() -> None:
    lane = _lane(LaneState.SUSPENDED, LaneReason.ACCOUNTS_RESTING)
    items = find_all(
        [replace(_card(Counts(), CampaignState.SENDING), campaign=number) for number in (1, 2)],
        [_progress(number, lanes=(lane,)) for number in (1, 2)],
        (),
    )
    assert [(item.trouble, item.route) for item in items] == [(Trouble.CLOSED, "shop")]


def test_an_account_of_a_pool_that_rests_leads_to_it(qtbot: QtBot, context: Context, settle: Settle) -> None:
    standing = _standing(context)
    page = _open(qtbot, context, settle)
    until = NOW + timedelta(minutes=39)
    resting, used = LaneReason.ACCOUNTS_RESTING, LaneReason.QUOTA_USED
    accounts = (
        AccountProgress("One", resting, until, Reason.LOGIN_FAILED),
        AccountProgress("Two", used, until),
        AccountProgress("Three", resting, None, Reason.PASSWORD_MISSING),
        AccountProgress("Four", resting, None, Reason.SIGN_IN_NEEDED),
        AccountProgress("New", LaneReason.WARMING_UP, until),
        AccountProgress("Five"),
        AccountProgress("Six"),
    )
    notices = _told(page, context, replace(standing, state=CampaignState.SENDING, accounts=accounts))
    time, others = wording.day_and_time(until, NOW), "Meanwhile mail goes over Five, Six."
    assert [notice.text for notice in notices] == [
        f"Account “One” rests until {time}. The login to the route’s server failed. {others}",
        f"Account “Two” has used up its quota until {time}. {others}",
        f"Account “Three” cannot be used. The route’s password is missing. {others}",
        f"The warm-up of “New” allows no more mail until {time}. {others}",
    ]
    with qtbot.waitSignal(page.navigate) as heard:
        notices[0].button.click()
    assert heard.args == ["settings", ("route", "One")]


def test_an_account_wants_a_sign_in(qtbot: QtBot, context: Context, settle: Settle) -> None:
    google = replace(SHOP, name="Gmail", user="me@shop.example", oauth="google", client_id="id")
    routes.save(context.workspace, google)
    page = _open(qtbot, context, settle)  # the first steps: nothing was sent yet
    (notice,) = page.steps.attention.notices
    assert notice.isVisible()
    assert "“Gmail”" in notice.text
    with qtbot.waitSignal(page.navigate) as heard:
        notice.button.click()
    assert heard.args == ["settings", ("route", "Gmail")]


def test_what_paused_a_campaign_leads_to_where_it_is_mended() -> None:
    card = _card(Counts(pending=4), CampaignState.PAUSED)
    for reason, trouble, route in (
        (PauseReason.USER, Trouble.PAUSED, ""),
        (PauseReason.LOGIN_FAILED, Trouble.PAUSED, "shop"),
        (PauseReason.SIGN_IN_NEEDED, Trouble.SIGN_IN, "shop"),
    ):
        standing = _progress(1, state=CampaignState.PAUSED, pause_reason=reason)
        (item,) = find_attention(card, standing)
        assert (item.trouble, item.route, item.count) == (trouble, route, 4)
    # an account that a campaign waits for is not told of twice
    assert len(find_all([card], [standing], ["shop", "other"])) == 2


def test_practice_needs_nobody() -> None:
    stopped = _progress(1, lanes=(_lane(LaneState.STOPPED, LaneReason.BRAKED),))
    assert find_attention(_card(Counts(pending=4), CampaignState.SENDING, practice=True), stopped) == []


def _lane(state: LaneState, reason: LaneReason) -> LaneProgress:
    return LaneProgress(
        lane="docomo",
        name="docomo",
        name_ja="ドコモ",
        domains=("docomo.ne.jp",),
        counts=Counts(pending=4),
        pace_allowed=None,
        pace_actual=0.0,
        connections=0,
        state=state,
        reason=reason,
    )


def _progress(
    number: int,
    *,
    lanes: tuple[LaneProgress, ...] = (),
    state: CampaignState = CampaignState.SENDING,
    pause_reason: PauseReason = PauseReason.NONE,
) -> CampaignProgress:
    return CampaignProgress(
        campaign=number,
        name="c",
        kind=CampaignKind.CAMPAIGN,
        state=state,
        pause_reason=pause_reason,
        route="shop",
        route_kind=RouteKind.SMARTHOST,
        sender="shop@example.jp",
        speed=1.0,
        counts=Counts(pending=4),
        rate=0.0,
        submitted_at=NOW,
        started_at=NOW,
        finished_at=None,
        eta=None,
        lanes=lanes,
    )


def test_an_engine_that_died_while_sending_is_told_with_its_remedy(
    qtbot: QtBot, context: Context, settle: Settle
) -> None:
    route = Route("会社のSMTP", RouteKind.SMARTHOST, host="mail.example", port=587)
    campaign = submit_sample(context.workspace, people=11, route=route)
    engine = context.engine
    page = _open(qtbot, context, settle)
    assert campaigns.status(context.workspace, campaign).state is CampaignState.SENDING
    (notice,) = page.findChildren(EngineNotice)
    assert notice.isVisibleTo(page)
    assert "nothing is being sent" in notice.text
    engine._set_state("running")
    assert not notice.isVisibleTo(page)
    engine._set_state("stopped")
    assert notice.isVisibleTo(page)
    with qtbot.waitSignal(engine.state) as heard:
        notice.acted.emit()
    assert heard.args == ["starting"]
    settle()


def test_an_engine_at_rest_is_nothing_to_tell_of_when_nobody_waits_for_it(
    qtbot: QtBot, context: Context, settle: Settle
) -> None:
    page = _open(qtbot, context, settle)
    (notice,) = page.findChildren(EngineNotice)
    assert not notice.isVisibleTo(page)


def test_what_is_done_is_only_looked_through(qtbot: QtBot, context: Context, settle: Settle) -> None:
    contacts.save(context.workspace, None, {"email": "a@example.jp", "name": "佐藤"})
    page = _open(qtbot, context, settle)
    with qtbot.waitSignal(page.navigate) as heard:
        page.steps.cards[Step.CONTACTS].button.click()
    assert heard.args == ["address_book", None]


def test_making_a_campaign_begins_one(qtbot: QtBot, context: Context, settle: Settle) -> None:
    page = _open(qtbot, context, settle)
    with qtbot.waitSignal(page.navigate) as heard:
        page.steps.cards[Step.SEND].button.click()
    assert heard.args == ["campaigns", "new"]
    submit_sample(context.workspace, route=Route("SMTP", RouteKind.SMARTHOST, host="mail.example", port=587))
    page.activate(None)
    settle()
    with qtbot.waitSignal(page.navigate) as heard:
        page._new.click()
    assert heard.args == ["campaigns", "new"]
