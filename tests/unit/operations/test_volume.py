"""What a draft would take of a line that is paid by volume, before it is sent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop_relay.domain.errors import NotFound
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.operations import routes
from desktop_relay.operations.volume import estimate_octets
from desktop_relay.operations.workspace import Workspace
from tests.unit.operations.parts import LETTER, add_people, make_draft, make_parts, person

ACCOUNT = Route("account", RouteKind.SMARTHOST, "smtp.example.jp", user="me")


def estimate(ws: Workspace, people: int, *attachments: Path, route: Route = ACCOUNT) -> int:
    add_people(ws, *(person(f"p{n}@example.jp") for n in range(people)))
    make_parts(ws, replace(LETTER, attachments=tuple(map(str, attachments))), signed=True)
    routes.save(ws, route, "secret")
    return estimate_octets(ws, make_draft(ws, route=route.name).id)


@pytest.mark.parametrize("people", [1, 7])
def test_it_grows_with_people_and_attachments(ws: Workspace, tmp_path: Path, people: int) -> None:
    flyer = tmp_path / "flyer.pdf"
    flyer.write_bytes(bytes(600_000))
    octets = estimate(ws, people, flyer)
    encoded = 600_000 * 4 / 3
    assert people * encoded < octets < people * encoded * 1.05


def test_text_alone_is_little(ws: Workspace) -> None:
    assert 0 < estimate(ws, 5) < 5 * 20_000


def test_nobody_takes_nothing(ws: Workspace) -> None:
    assert estimate(ws, 0) == 0


def test_practice_takes_nothing(ws: Workspace) -> None:
    add_people(ws, person("a@example.jp"))
    make_parts(ws, LETTER, signed=True)
    assert estimate_octets(ws, make_draft(ws, route="sandbox").id) == 0


def test_what_cannot_be_built_is_told_elsewhere(ws: Workspace, tmp_path: Path) -> None:
    assert estimate(ws, 2, tmp_path / "gone.pdf") == 0


def test_only_a_campaign_that_is_not_there_is_an_error(ws: Workspace) -> None:
    with pytest.raises(NotFound):
        estimate_octets(ws, 9)
