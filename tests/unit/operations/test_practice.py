"""Practice: a campaign ready to be sent in one step, again and again, without touching what is the user's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.route import PRACTICE
from desktop_relay.operations import campaigns, identities, lists, practice, preflight, settings, templates
from desktop_relay.operations.workspace import Workspace


@pytest.mark.parametrize("language", ["ja", "en"])
def test_ready_to_be_sent(ws: Workspace, language: str) -> None:
    prepared = practice.prepare(ws, language=language, contacts=40, seed=7, speed=50)
    assert (settings.get(ws, "sandbox.seed"), settings.get(ws, "sandbox.speed")) == (7, 50.0)
    assert prepared.figures["rows"] == 40
    draft = campaigns.load(ws, prepared.campaign)
    assert (draft.route, draft.sender) == (PRACTICE.name, practice.SENDER)
    found = preflight.check(ws, prepared.campaign)
    assert found.red == ()
    assert {"dkim_signed", "practice_route"} <= {check.code for check in found.green}


def test_again_with_the_same_keys_and_an_edited_template(ws: Workspace) -> None:
    practice.prepare(ws, language="ja", contacts=10)
    records = identities.dns_records(ws, practice.SENDER)
    name = templates.starters("ja")[0].name
    edited = replace(templates.load(ws, name), subject="わたしの件名")
    templates.save(ws, edited)
    second = practice.prepare(ws, language="ja", contacts=10)
    assert identities.dns_records(ws, practice.SENDER) == records
    assert templates.load(ws, name) == edited, "what somebody wrote is not overwritten"
    assert [row.count for row in lists.overview(ws)] == [second.figures["rows"]] or second.figures[
        "duplicates"
    ]
    assert len(campaigns.drafts(ws)) == 2


def test_the_whole_sample_as_it_comes(ws: Workspace) -> None:
    figures = practice.prepare(ws, language="ja").figures
    assert isinstance(figures["added"], int)
    assert figures["added"] >= 1500
    for messy in ("duplicates", "invalid", "repaired", "legacy", "without_consent"):
        assert figures[messy], messy
    assert figures["encoding"] == "cp932"


def test_more_people_than_the_sample_has(ws: Workspace) -> None:
    figures = practice.prepare(ws, language="ja", contacts=3000).figures
    assert figures["rows"] == 3000
    assert isinstance(figures["added"], int)
    assert figures["added"] > 2500


@pytest.mark.parametrize("contacts", [0, -3, 99_999_999_999])
def test_nobody_to_practise_on(ws: Workspace, contacts: int) -> None:
    with pytest.raises(BadInput) as caught:
        practice.prepare(ws, language="ja", contacts=contacts)
    assert caught.value.code is ErrorCode.VALUE_INVALID
    assert lists.overview(ws) == []
