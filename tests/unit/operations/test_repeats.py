"""The same letter a second time within a day: told before sending, and stopped when most people got it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.operations import campaigns, preflight, routes, templates
from desktop_relay.operations.preflight import Level
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.times import to_ms
from tests.fakes.engine_link import NOW
from tests.unit.operations.parts import LETTER, add_people, make_draft, make_parts, person

ACCOUNT = Route("account", RouteKind.SMARTHOST, "smtp.example.jp", user="me")


@pytest.fixture
def sent(ws: Workspace) -> Workspace:
    """Two people got the letter over an account; two more are on another list."""
    add_people(ws, person("a@example.jp"), person("b@example.jp"))
    add_people(ws, person("c@example.jp"), person("d@example.jp"), person("e@example.jp"), list_name="new")
    make_parts(ws)
    routes.save(ws, ACCOUNT, "secret")
    campaigns.send(ws, make_draft(ws, route="account").id)
    return ws


def told(ws: Workspace, **draft: object) -> tuple[Level, object] | None:
    made = make_draft(ws, **{"route": "account", **draft})  # type: ignore[arg-type]
    report = preflight.check(ws, made.id)
    checks = (*report.red, *report.amber, *report.green)
    return next(((c.level, c.params["number"]) for c in checks if c.code == "sent_lately"), None)


def test_to_the_same_people_it_is_stopped(sent: Workspace) -> None:
    assert told(sent) == (Level.RED, 2)


def test_when_only_some_had_it_they_are_counted(sent: Workspace) -> None:
    assert told(sent, lists=("all", "new")) == (Level.AMBER, 2)
    assert told(sent, lists=("new",)) is None


def test_another_letter_is_another_letter(sent: Workspace) -> None:
    templates.save(sent, replace(LETTER, text=LETTER.text + "おわび: 日付を直しました。\n"))
    assert told(sent) is None


def test_practice_neither_counts_nor_asks(sent: Workspace) -> None:
    assert told(sent, route="sandbox") is None


def taken(ws: Workspace, at: datetime) -> None:
    """Everybody's mail was taken then."""
    with open_spool_for_engine(ws.directory) as db:
        db.execute("UPDATE recipients SET state = 'accepted', accepted_at = ?", [to_ms(at)])


def test_a_planned_letter_counts_from_when_it_was_sent(sent: Workspace) -> None:
    later = NOW + timedelta(days=3)
    with Workspace(sent.directory, sent.engine, now=lambda: later) as ws:
        assert told(ws) == (Level.RED, 2), "it is still to be sent"
        taken(ws, later - timedelta(hours=1))
        assert told(ws) == (Level.RED, 2)
        taken(ws, later - timedelta(hours=25))
        assert told(ws) is None


def test_a_day_later_nobody_minds(sent: Workspace) -> None:
    taken(sent, NOW)
    with Workspace(sent.directory, sent.engine, now=lambda: NOW + timedelta(days=1, seconds=1)) as later:
        assert told(later) is None


def test_what_was_called_off_was_not_sent(sent: Workspace) -> None:
    first = campaigns.overview(sent)[-1]
    campaigns.cancel(sent, first.id)
    assert told(sent) is None


def test_a_campaign_does_not_repeat_itself(sent: Workspace) -> None:
    report = preflight.check(sent, campaigns.overview(sent)[-1].id)
    assert "sent_lately" not in [check.code for check in (*report.red, *report.amber)]
