"""A campaign from draft to finished: counts agree, order and limits hold, nobody gets it twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from desktop_relay.domain.campaign import CampaignKind, CampaignState
from desktop_relay.domain.command import Pause, Resume, SendTest, Submit, Suppress
from desktop_relay.domain.errors import BadInput, NotFound, Refused
from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.domain.template import Template
from desktop_relay.store.contacts import delete_contacts
from desktop_relay.store.database import open_library
from desktop_relay.store.drafts import load_draft
from tests.fakes.transport import ACCEPTED, refused
from tests.unit.engine.desk import DIRECT, Desk

LANES = tuple(f"lane{n}.example" for n in range(3))


def people(number: int) -> list[str]:
    return [f"p{n}@{LANES[n % len(LANES)]}" for n in range(number)]


async def test_everybody_gets_it_once_and_the_counts_agree(desk: Desk) -> None:
    draft = desk.write(people(300))
    await desk.open_lanes(*LANES)
    campaign = await desk.send(draft)
    await desk.until_state(campaign, CampaignState.FINISHED)

    assert desk.states(campaign) == {"accepted": 300}
    assert len(desk.way.taken) == 300
    assert set(desk.way.taken.values()) == {1}
    assert {row.message_id for row in desk.ledger(campaign)} == set(desk.way.taken)
    progress = await desk.progress(campaign)
    assert progress.counts.accepted == progress.counts.total == 300
    assert {lane.lane for lane in progress.lanes} == set(LANES)
    assert all(lane.eta is None or lane.counts.open == 0 for lane in progress.lanes)
    with open_library(desk.directory) as library:
        kept = load_draft(library, draft)
    assert kept is not None
    assert kept.submitted_at is not None


async def test_connections_stay_within_the_account(desk: Desk) -> None:
    draft = desk.write(people(200))
    await desk.open_lanes(*LANES)
    desk.way.seconds = 0.002
    campaign = await desk.send(draft)
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert 2 <= desk.way.most_at_once <= 8


async def test_submitting_again_changes_nothing(desk: Desk) -> None:
    draft = desk.write(people(10))
    await desk.open_lanes(*LANES)
    first = await desk.send(draft)
    await desk.until_state(first, CampaignState.FINISHED)
    assert await desk.send(draft) == first
    assert set(desk.way.taken.values()) == {1}
    assert desk.engine.moves.runs[first].state is CampaignState.FINISHED


async def test_every_kind_of_answer_ends_where_it_should(desk: Desk) -> None:
    def answer(message: Outgoing) -> Exchange:
        match message.envelope.recipient.partition("@")[0]:
            case "gone":
                return refused(550, "5.1.1 user unknown")
            case "later":
                return refused(451, "4.3.0 try again later")
            case "lost":
                return Exchange(Stage.DOT, failure=Failure.TIMEOUT)
            case _:
                return ACCEPTED

    desk.way.answer = answer
    draft = desk.write([f"{name}@lane0.example" for name in ("gone", "later", "lost", "fine")])
    await desk.open_lanes(*LANES)
    campaign = await desk.send(draft)
    await desk.until(lambda: desk.states(campaign).get("pending", 0) + desk.states(campaign)["ready"] == 0)
    await desk.until(lambda: desk.states(campaign)["in_flight"] == 0)
    by_name = {row.address.partition("@")[0]: row for row in desk.ledger(campaign)}
    assert by_name["gone"].state == "bounced"
    assert by_name["later"].state == "deferred"
    assert by_name["later"].next_attempt is not None
    assert (by_name["lost"].state, by_name["lost"].reason) == ("unknown", Reason.LOST_AFTER_DATA)
    assert by_name["fine"].state == "accepted"
    progress = await desk.progress(campaign)
    assert progress.state is CampaignState.SENDING
    assert progress.last_reply is not None
    assert progress.last_reply.state in ("bounced", "deferred", "unknown")


async def test_a_dead_address_is_put_on_the_list_above_all_lists(desk: Desk) -> None:
    desk.way.answer = lambda message: refused(550, "5.1.1 user unknown")
    campaign = await desk.send(desk.write(["gone@lane0.example"]))
    await desk.until_state(campaign, CampaignState.FINISHED)
    await desk.until(lambda: desk.engine.shop.suppressions.reason_for("gone@lane0.example") is not None)
    assert desk.engine.shop.suppressions.reason_for("gone@lane0.example") is Reason.SUPPRESSED_BOUNCED


@pytest.mark.parametrize("local", ["*", "*.everybody"])
async def test_a_dead_address_that_reads_like_a_domain_takes_nobody_with_it(desk: Desk, local: str) -> None:
    dead = f"{local}@{LANES[0]}"

    def answer(message: Outgoing) -> Exchange:
        return refused(550, "5.1.1 no such user") if message.envelope.recipient == dead else ACCEPTED

    desk.way.answer = answer
    campaign = await desk.send(desk.write([dead]))
    await desk.until_state(campaign, CampaignState.FINISHED)
    await desk.engine.moves.done()
    assert desk.states(campaign) == {"bounced": 1}
    following = await desk.send(desk.write([f"alive@{LANES[0]}"]))
    await desk.until_state(following, CampaignState.FINISHED)
    assert desk.states(following) == {"accepted": 1}


async def test_suppressed_and_without_consent_get_nothing(desk: Desk) -> None:
    await desk.engine.handle(Suppress(("no@lane0.example", "@lane1.example")))
    draft = desk.write(["no@lane0.example", "a@lane1.example", "yes@lane0.example"])
    held = desk.write(["quiet@lane2.example"], fields={"name": "無言"})
    await desk.open_lanes(*LANES)
    campaign, other = await desk.send(draft), await desk.send(held)
    await desk.until_state(campaign, CampaignState.FINISHED)
    await desk.until_state(other, CampaignState.FINISHED)
    assert desk.states(campaign) == {"suppressed": 2, "accepted": 1}
    (row,) = desk.ledger(other)
    assert (row.state, row.reason) == ("held", Reason.NO_CONSENT)
    assert desk.way.begun == ["yes@lane0.example"]


async def test_suppressed_between_submission_and_sending(desk: Desk) -> None:
    desk.way.gate.clear()
    draft = desk.write([f"p{n}@lane0.example" for n in range(30)])
    await desk.open_lanes(*LANES)
    campaign = await desk.send(draft)
    await desk.until(lambda: desk.way.at_once > 0)
    answer = await desk.engine.handle(Suppress(("p29@lane0.example",)))
    assert answer == {"added": 1}
    desk.way.gate.set()
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert desk.states(campaign) == {"accepted": 29, "suppressed": 1}
    assert "p29@lane0.example" not in desk.way.begun


async def test_a_missing_merge_field_holds_only_its_contact(desk: Desk) -> None:
    template = Template("invoice", "請求書", "", "{{ name }}様 {{ 請求番号 }}\n")
    draft = desk.write(["a@lane0.example"], template=template)
    await desk.open_lanes(*LANES)
    campaign = await desk.send(draft)
    await desk.until_state(campaign, CampaignState.FINISHED)
    (row,) = desk.ledger(campaign)
    assert (row.state, row.reason) == ("held", Reason.MERGE_FAILED)
    assert "請求番号" in row.text
    assert "a@lane0.example" in row.text


async def test_a_test_mail_takes_the_same_path(desk: Desk) -> None:
    draft = desk.write(people(3))
    await desk.open_lanes(*LANES)
    answer = await desk.engine.handle(SendTest(draft, "me@lane0.example"))
    campaign = answer["campaign"]
    await desk.until_state(campaign, CampaignState.FINISHED)
    (row,) = desk.ledger(campaign)
    assert (row.address, row.state) == ("me@lane0.example", "accepted")
    assert desk.way.begun == ["me@lane0.example"]
    assert (await desk.progress(campaign)).kind is CampaignKind.TEST
    with open_library(desk.directory) as library:
        kept = load_draft(library, draft)
    assert kept is not None
    assert kept.submitted_at is None


async def test_hosted_domains_share_their_hosts_lane(desk: Desk) -> None:
    desk.way.hosts = {f"shop{n}.example": ("mx1.host.example",) for n in range(3)}
    campaign = await desk.send(desk.write([f"a@shop{n}.example" for n in range(3)], route=DIRECT))
    assert {row.lane for row in desk.ledger(campaign)} == {"mx:host.example"}


async def test_a_session_that_was_closed_meanwhile_is_replaced(desk: Desk) -> None:
    draft = desk.write([f"p{n}@lane0.example" for n in range(6)])
    await desk.open_lanes("lane0.example")
    seen: list[str] = []

    def answer(message: Outgoing) -> Exchange:
        seen.append(message.message_id)
        if len(seen) == 3:
            return Exchange(Stage.MAIL, failure=Failure.CLOSED)
        return ACCEPTED

    desk.way.answer = answer
    campaign = await desk.send(draft)
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert desk.states(campaign) == {"accepted": 6}
    assert len(seen) == 7


async def test_a_start_at_the_end_of_the_calendar_is_refused(desk: Desk) -> None:
    draft = desk.write(people(1))
    with pytest.raises(BadInput):
        await desk.engine.handle(Submit(draft, datetime(9999, 12, 31, tzinfo=UTC)))
    assert await desk.send(draft) == draft


@pytest.mark.expect_warnings
async def test_building_that_broke_keeps_nobody_leased(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    build, broken = desk.engine.shop.preparer.build, [True]

    async def break_once(*given: Any) -> Any:
        if broken.pop() if broken else False:
            raise MemoryError
        return await build(*given)

    monkeypatch.setattr(desk.engine.shop.preparer, "build", break_once)
    draft = desk.write(people(50))
    await desk.open_lanes(*LANES)
    campaign = await desk.send(draft)
    await desk.until_state(campaign, CampaignState.PAUSED)
    await desk.engine.handle(Pause(campaign))
    assert desk.states(campaign)["ready"] == 0
    await desk.engine.handle(Resume(campaign))
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert desk.states(campaign) == {"accepted": 50}


async def test_what_cannot_be_submitted_is_told(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await desk.engine.handle(Submit(99))
    draft = desk.write(["a@lane0.example"])
    with open_library(desk.directory) as library:
        delete_contacts(library, [1])
    with pytest.raises(Refused):
        await desk.engine.handle(Submit(draft))
