"""Campaigns: drafted, counted, sent once, steered, and told about with and without an engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.command import (
    Cancel,
    Command,
    Pause,
    Resend,
    Resume,
    RetryNow,
    SendTest,
    SetLane,
    Submit,
)
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound, Refused
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.progress import CampaignProgress, Progress
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.operations import (
    campaigns,
    lanes,
    lists,
    outlook,
    rehearsal,
    routes,
    settings,
    suppressions,
    templates,
)
from desktop_relay.operations.workspace import Workspace
from tests.fakes.engine_link import NOW, FakeEngineLink
from tests.unit.operations.parts import SENDER, add_people, make_draft, make_parts, person


@pytest.fixture
def ready(ws: Workspace) -> Workspace:
    make_parts(ws)
    add_people(
        ws,
        person("a@docomo.ne.jp"),
        person("b@docomo.ne.jp"),
        person("c@shop.example"),
        {"email": "d@ezweb.ne.jp"},
    )
    return ws


def test_a_draft_is_kept_changed_and_taken_away(ready: Workspace) -> None:
    draft = make_draft(ready)
    assert (draft.name, draft.lists, draft.created_at, draft.submitted_at) == ("秋", ("all",), NOW, None)
    changed, changes = campaigns.update(ready, replace(draft, name=" 冬 ", subject="  "))
    assert changes.campaigns
    assert (changed.name, changed.subject) == ("冬", None)
    assert campaigns.drafts(ready) == [changed]
    assert campaigns.delete(ready, draft.id)[0] == changed
    with pytest.raises(NotFound):
        campaigns.load(ready, draft.id)


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("template", "gone", ErrorCode.NO_SUCH_TEMPLATE),
        ("sender", "gone@example.jp", ErrorCode.NO_SUCH_IDENTITY),
        ("route", "gone", ErrorCode.NO_SUCH_ROUTE),
        ("lists", ("all", "gone"), ErrorCode.NO_SUCH_LIST),
    ],
)
def test_a_draft_of_things_that_are_not_there(
    ready: Workspace, part: str, value: object, code: ErrorCode
) -> None:
    parts: dict[str, object] = {"template": "letter", "sender": SENDER, "route": "sandbox", "lists": ("all",)}
    with pytest.raises(NotFound) as caught:
        campaigns.create(ready, "c", **(parts | {part: value}))  # type: ignore[arg-type]
    assert caught.value.code is code
    assert campaigns.drafts(ready) == []


def test_a_nameless_draft(ready: Workspace) -> None:
    with pytest.raises(BadInput) as caught:
        campaigns.create(ready, "  ", template="letter", sender=SENDER, route="sandbox", lists=("all",))
    assert caught.value.code is ErrorCode.NAME_EMPTY


def test_the_audience_is_counted_once(ready: Workspace) -> None:
    add_people(ready, person("e@shop.example"), list_name="more")
    list_id = next(row.id for row in lists.overview(ready) if row.name == "more")
    lists.add_members(ready, list_id, [1])
    suppressions.add(ready, ["b@docomo.ne.jp"])
    found = campaigns.audience(ready, ("all", "more"))
    assert (found.total, found.sendable, found.suppressed, found.without_consent) == (5, 4, 1, 1)
    assert found.by_lane == {"shop.example": 2, "docomo": 1}
    assert (found.reached, found.held) == (3, 1)
    settings.set_value(ready, "campaign.hold_without_consent", "false")
    asked = campaigns.audience(ready, ("all", "more"))
    assert asked.by_lane == {"shop.example": 2, "docomo": 1, "au": 1}
    assert (asked.reached, asked.held) == (4, 0)
    assert campaigns.audience(ready, ()) == campaigns.Audience(0, 0, 0, 0, {})


def test_what_was_sent_is_no_draft_any_more(ready: Workspace, engine: FakeEngineLink) -> None:
    draft = make_draft(ready)
    at = NOW + timedelta(hours=1)
    number, changes = campaigns.send(ready, draft.id, at, ("all",))
    assert (number, changes.campaigns) == (draft.id, True)
    assert engine.commands[-1] == Submit(draft.id, at, ("all",))
    with pytest.raises(Refused) as caught:
        campaigns.update(ready, campaigns.load(ready, draft.id))
    assert caught.value.code is ErrorCode.CAMPAIGN_ALREADY_SENT
    with pytest.raises(Refused):
        campaigns.delete(ready, draft.id)
    campaigns.send(ready, draft.id)
    assert campaigns.status(ready, draft.id).counts.total == 4, "a second submission adds nobody"


def test_a_planned_campaign_is_taken_back(ready: Workspace, engine: FakeEngineLink) -> None:
    draft = make_draft(ready)
    campaigns.send(ready, draft.id, NOW + timedelta(hours=1))
    assert campaigns.overview(ready)[0].is_planned
    back, changes = campaigns.take_back(ready, draft.id)
    assert changes.campaigns
    again, planned = campaigns.overview(ready)
    assert (again.id, again.state, again.name) == (back.id, CampaignState.DRAFT, draft.name)
    assert (back.lists, back.template, back.canary_minutes) == (
        draft.lists,
        draft.template,
        draft.canary_minutes,
    )
    assert (planned.state, planned.is_planned) == (CampaignState.CANCELLED, False)
    with pytest.raises(Refused):
        campaigns.take_back(ready, draft.id)
    assert len(campaigns.overview(ready)) == 2


@pytest.mark.parametrize("planned", [True, False])
def test_what_has_begun_is_not_taken_back(ready: Workspace, engine: FakeEngineLink, planned: bool) -> None:
    draft = make_draft(ready)
    campaigns.send(ready, draft.id, NOW + timedelta(hours=1) if planned else None)
    campaigns.resume(ready, draft.id)
    campaigns.pause(ready, draft.id)
    with pytest.raises(Refused) as caught:
        campaigns.take_back(ready, draft.id)
    assert caught.value.code is ErrorCode.CAMPAIGN_ALREADY_SENT
    assert Cancel(draft.id) not in engine.commands, "it goes on as it was"
    assert len(campaigns.overview(ready)) == 1


def test_what_begins_at_that_moment_is_not_written_again(ready: Workspace, engine: FakeEngineLink) -> None:
    class Late(FakeEngineLink):
        """Begins while it is told to cancel."""

        def call(self, command: Command) -> Mapping[str, Any]:
            if isinstance(command, Cancel):
                super().call(Resume(command.campaign))
            return super().call(command)

    draft = make_draft(ready)
    campaigns.send(ready, draft.id, NOW + timedelta(hours=1))
    ready.engine = Late(engine.directory)
    with pytest.raises(Refused) as caught:
        campaigns.take_back(ready, draft.id)
    assert caught.value.code is ErrorCode.CAMPAIGN_JUST_BEGUN
    (row,) = campaigns.overview(ready)
    assert row.state is CampaignState.CANCELLED


def test_what_comes_back_is_as_old_as_it_was(ready: Workspace, engine: FakeEngineLink) -> None:
    draft = make_draft(ready)
    ready.now = lambda: NOW + timedelta(days=3)
    campaigns.send(ready, draft.id, NOW + timedelta(days=4))
    assert campaigns.take_back(ready, draft.id)[0].created_at == draft.created_at
    deleted, _ = campaigns.delete(ready, make_draft(ready).id)
    assert campaigns.restore(ready, deleted)[0].created_at == deleted.created_at
    assert campaigns.copy(ready, draft.id, "twin")[0].created_at == ready.now()


def test_a_copy_is_a_draft_of_its_own(ready: Workspace) -> None:
    draft = make_draft(ready)
    campaigns.send(ready, draft.id)
    twin, _ = campaigns.copy(ready, draft.id, " again ")
    assert replace(twin, id=draft.id, name=draft.name, created_at=draft.created_at) == draft
    assert (twin.name, twin.submitted_at) == ("again", None)
    with pytest.raises(BadInput):
        campaigns.copy(ready, draft.id, " ")
    with pytest.raises(NotFound):
        campaigns.copy(ready, 99, "x")
    assert campaigns.overview(ready)[0].state is CampaignState.DRAFT


def test_a_campaign_that_is_not_there_starts_no_engine(ready: Workspace, engine: FakeEngineLink) -> None:
    with pytest.raises(NotFound):
        campaigns.send(ready, 99)
    with pytest.raises(NotFound):
        campaigns.status(ready, 99)
    with pytest.raises(NotFound):
        campaigns.check_known(ready, 99)
    assert engine.commands == []


def test_steering_is_the_engines(ready: Workspace, engine: FakeEngineLink) -> None:
    draft = make_draft(ready)
    campaigns.send(ready, draft.id)
    engine.commands.clear()
    campaigns.pause(ready, draft.id)
    assert campaigns.status(ready, draft.id).pause_reason is PauseReason.USER
    campaigns.resume(ready, draft.id)
    assert campaigns.status(ready, draft.id).state is CampaignState.SENDING
    assert campaigns.retry_now(ready, draft.id) == 0
    assert campaigns.resend(ready, draft.id, "held") == 1
    campaigns.cancel(ready, draft.id)
    assert campaigns.status(ready, draft.id).counts == Counts(cancelled=4)
    assert campaigns.send_test(ready, draft.id, "me@example.jp") >= 1_000_000_000
    assert [type(command) for command in engine.commands] == [
        Pause,
        Resume,
        RetryNow,
        Resend,
        Cancel,
        SendTest,
    ]


def test_overview_shows_drafts_and_results_newest_first(ready: Workspace) -> None:
    first, second = make_draft(ready), make_draft(ready)
    campaigns.send(ready, first.id)
    campaigns.send_test(ready, second.id, "me@example.jp")
    rows = campaigns.overview(ready)
    assert [(row.id, row.state) for row in rows] == [
        (second.id, CampaignState.DRAFT),
        (first.id, CampaignState.SUBMITTED),
    ]
    assert rows[0].counts is None
    assert rows[1].counts == Counts(pending=3, held=1)
    assert (rows[1].submitted_at, rows[1].finished_at) == (NOW, None)


def test_a_draft_stands_still_even_without_its_route(ready: Workspace) -> None:
    routes.save(ready, Route("account", RouteKind.SMARTHOST, "smtp.example.jp"))
    draft = make_draft(ready, route="account")
    routes.delete(ready, "account")
    standing = campaigns.status(ready, draft.id)
    assert (standing.state, standing.counts, standing.lanes) == (CampaignState.DRAFT, Counts(), ())
    assert standing.route == "account"


def test_the_spool_tells_while_no_engine_runs(ready: Workspace) -> None:
    draft = make_draft(ready)
    campaigns.send(ready, draft.id)
    lanes.set_lane(ready, SetLane("sandbox", "docomo", rate=0.5))
    standing = campaigns.status(ready, draft.id)
    by_lane = {lane.lane: lane for lane in standing.lanes}
    assert standing.counts == Counts(pending=3, held=1)
    assert by_lane["docomo"].counts == Counts(pending=2)
    assert by_lane["docomo"].pace_allowed == 0.5
    assert by_lane["docomo"].state is LaneState.IDLE
    assert (by_lane["au"].state, by_lane["au"].reason) == (LaneState.FINISHED, LaneReason.DONE)
    campaigns.pause(ready, draft.id)
    paused = {lane.lane: lane for lane in campaigns.status(ready, draft.id).lanes}
    assert (paused["docomo"].state, paused["docomo"].reason) == (
        LaneState.PAUSED,
        LaneReason.CAMPAIGN_PAUSED,
    )


def test_a_running_engine_knows_better(ready: Workspace, engine: FakeEngineLink) -> None:
    draft = make_draft(ready)
    campaigns.send(ready, draft.id)
    from_spool = campaigns.status(ready, draft.id)
    live: CampaignProgress = replace(from_spool, rate=12.5)
    engine.running = Progress(pid=1, version="1", uptime=1.0, memory=1, generation=1, campaigns=(live,))
    assert campaigns.status(ready, draft.id) == live
    engine.running = replace(engine.running, campaigns=())
    assert campaigns.status(ready, draft.id) == from_spool


def test_a_test_mail_has_a_standing_of_its_own(ready: Workspace) -> None:
    draft = make_draft(ready)
    number = campaigns.send_test(ready, draft.id, "me@example.jp")
    campaigns.check_known(ready, number)
    assert campaigns.status(ready, number).counts == Counts(pending=1)
    assert campaigns.load(ready, draft.id).submitted_at is None


def test_a_refusal_of_the_engine_comes_through(ready: Workspace, engine: FakeEngineLink) -> None:
    draft = make_draft(ready)
    engine.refusal = Refused(ErrorCode.TRANSITION_REFUSED, state=RecipientState.ACCEPTED.value)
    with pytest.raises(Refused):
        campaigns.pause(ready, draft.id)


def test_a_renamed_template_keeps_sending(ready: Workspace) -> None:
    draft = make_draft(ready)
    letter = templates.load(ready, "letter")
    templates.save(ready, replace(letter, name="新"), letter)
    assert campaigns.send(ready, draft.id)[0] == draft.id


def test_what_another_window_changed_is_not_overwritten(ready: Workspace) -> None:
    draft = make_draft(ready)
    campaigns.update(ready, replace(draft, subject="theirs"))
    with pytest.raises(Refused) as caught:
        campaigns.update(ready, replace(draft, subject="mine"), draft)
    assert caught.value.code is ErrorCode.CHANGED_ELSEWHERE
    seen = campaigns.load(ready, draft.id)
    assert seen.subject == "theirs"
    assert campaigns.update(ready, replace(draft, subject="mine"), seen)[0].subject == "mine"


def test_a_draft_may_be_unfinished_and_is_not_sent_then(ready: Workspace, engine: FakeEngineLink) -> None:
    draft, _ = campaigns.create(ready, "c", template="", sender="", route="", lists=())
    assert campaigns.update(ready, replace(draft, name="d"))[0].name == "d"
    for refused in (
        lambda: campaigns.send(ready, draft.id),
        lambda: campaigns.send_test(ready, draft.id, "me@example.jp"),
        lambda: outlook.before_sending(ready, draft.id),
        lambda: rehearsal.plan(ready, draft.id),
    ):
        with pytest.raises(Refused) as caught:
            refused()
        assert caught.value.code is ErrorCode.DRAFT_INCOMPLETE
    assert engine.commands == []


def test_what_a_draft_named_before_may_be_gone(ready: Workspace) -> None:
    draft = make_draft(ready)
    templates.delete(ready, "letter")
    changed, _ = campaigns.update(ready, replace(draft, subject="s"))
    assert (changed.template, changed.subject) == ("letter", "s")
    with pytest.raises(NotFound):
        campaigns.update(ready, replace(changed, template="another"))


def test_a_subject_that_was_pasted_stands_on_one_line(ready: Workspace) -> None:
    draft = make_draft(ready)
    assert campaigns.update(ready, replace(draft, subject="秋の\r\n新着\n"))[0].subject == "秋の 新着"


def test_a_deleted_draft_comes_back_even_when_its_template_is_gone(ready: Workspace) -> None:
    draft = make_draft(ready)
    templates.delete(ready, "letter")
    deleted, _ = campaigns.delete(ready, draft.id)
    restored, _ = campaigns.restore(ready, deleted)
    assert (restored.name, restored.template, restored.lists) == (draft.name, "letter", draft.lists)
    assert restored.id > draft.id
