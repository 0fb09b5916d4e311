"""``kill -9`` of the engine at random moments: nothing is lost, nothing accepted is sent twice."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from pathlib import Path

import pytest

from desktop_relay.domain.command import SetLane, Shutdown, Status, Submit
from desktop_relay.domain.progress import Progress
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.engine.crew import MOST_AHEAD
from desktop_relay.ipc.codec import decode
from desktop_relay.ipc.launcher import Link
from desktop_relay.store.database import open_spool
from tests.e2e.nursery import Nursery
from tests.fakes.sink import Sink
from tests.unit.engine.desk import Desk

KILLS = 50
SOAK_KILLS = 1000
CONNECTIONS = 8
LANES = 5
LONGEST_LIFE_SECONDS = 0.5
ANSWER_SECONDS = 0.02
"""Between a message taken and its reply: what is killed then is in doubt, and was delivered."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="engines are forked")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A data directory with a socket of its own; no engine runs in this process."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    return Desk(tmp_path / "data")


def submit(desk: Desk, link: Link, people: int, port: int, rate: float) -> int:
    """Send to so many people over an account; answers the campaign."""
    route = Route(
        "account",
        RouteKind.SMARTHOST,
        "127.0.0.1",
        port,
        TlsMode.NONE,
        rate=rate,
        max_connections=CONNECTIONS,
    )
    addresses = [f"p{number}@lane{number % LANES}.example" for number in range(people)]
    draft = desk.write(addresses, route=route)
    for lane in range(LANES):
        link.call(SetLane(route.name, f"lane{lane}.example", rate=1000.0, connections=CONNECTIONS))
    return int(link.call(Submit(draft))["campaign"])


def in_flight(desk: Desk) -> frozenset[int]:
    """Recipients that a dead engine left on the wire."""
    with open_spool(desk.directory) as spool:
        return frozenset(spool.ids("SELECT id FROM recipients WHERE state = 'in_flight'"))


def kill_and_resume(desk: Desk, kills: int, rng: random.Random) -> list[frozenset[int]]:
    """Start and kill ``kills`` times at random moments; answers what was in flight at each.

    Some die before they have cleared up after the one before, some in the middle of that.
    """
    left: list[frozenset[int]] = []
    with Nursery(desk.directory) as nursery:
        for _ in range(kills):
            pid = nursery.bear()
            time.sleep(rng.uniform(0.0, LONGEST_LIFE_SECONDS))
            nursery.bury(pid)
            left.append(in_flight(desk))
    return left


def finish(link: Link, campaign: int) -> Progress:
    """Let the last engine send what is left."""
    while True:
        progress = decode(Progress, link.call(Status())["progress"])
        found = [each for each in progress.campaigns if each.campaign == campaign]
        if not found or found[0].counts.open == 0:
            return progress
        time.sleep(0.1)


def run(desk: Desk, kills: int, people: int, rate: float) -> None:
    rng = random.Random(kills)
    link = Link(desk.directory)
    with Sink(answers_after=ANSWER_SECONDS) as sink:
        campaign = submit(desk, link, people, sink.port, rate)
        link.find(Shutdown(drain=False))
        while link.progress() is not None:
            time.sleep(0.01)
        left = [in_flight(desk), *kill_and_resume(desk, kills, rng)]
        finish(link, campaign)
        link.find(Shutdown())
        while link.progress() is not None:
            time.sleep(0.01)
        taken = sink.taken
    check(desk, campaign, people, taken, left)


def check(desk: Desk, campaign: int, people: int, taken: Counter[str], left: list[frozenset[int]]) -> None:
    """What must be true whenever it was killed."""
    ledger = desk.ledger(campaign)
    states = Counter(row.state.value for row in ledger)
    assert len({row.address for row in ledger}) == people, "nobody is lost"
    assert set(states) <= {"accepted", "bounced", "deferred", "unknown"}
    with open_spool(desk.directory) as spool:
        counters = dict(spool.rows("SELECT state, sum(n) FROM counters WHERE n > 0 GROUP BY state"))
    assert counters == states, "counters and ledger agree"
    accepted = {row.message_id for row in ledger if row.state == "accepted"}
    unknown = {row.message_id for row in ledger if row.state == "unknown"}
    assert max(taken.values()) == 1, "nothing is sent twice, accepted or unknown"
    assert accepted <= set(taken)
    assert set(taken) <= accepted | unknown
    assert max(map(len, left)) <= CONNECTIONS * (1 + MOST_AHEAD), "no more than connections carry"
    doubtful = {row.recipient for row in ledger if row.state == "unknown"}
    assert doubtful == frozenset().union(*left), "in doubt is exactly what was in flight"
    assert len(set(left)) > len(left) / 4, "kills must hit engines at work"


@pytest.mark.timeout(180)
def test_short_form(desk: Desk) -> None:
    run(desk, KILLS, people=3000, rate=250)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_thousand_kills(desk: Desk) -> None:
    run(desk, SOAK_KILLS, people=20_000, rate=150)
