from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.operations import contacts
from tests.window.sample import NOW
from tests.window.stocked import submit_sample

from ui.context import Context
from ui.destinations import QueueView
from ui.pages.home.page import Page
from ui.pages.home.presenter import CampaignCard, Step, Trouble, find_attention, read_home
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
    assert heard.args == ["address_book", None]


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
