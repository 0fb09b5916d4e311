"""``kill -9`` of the engine at random moments: nothing is lost, nothing accepted is sent twice."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from desktop_relay.domain.progress import Progress
from desktop_relay.engine.crew import MOST_AHEAD
from desktop_relay.ipc.launcher import Link
from tests.e2e.program import Program
from tests.fakes.sink import Sink

PEOPLE = 3000
CONNECTIONS = 8


def prepare(program: Program, folder: Path, port: int, rate: int) -> int:
    """A list, a text template, a sender, a route to the sink, a draft."""
    people = folder / "people.csv"
    rows = [f"p{number}@lane{number % 5}.example,人{number},2026-01-01" for number in range(PEOPLE)]
    people.write_text("\n".join(["email,name,consent_at", *rows]), encoding="utf-8")
    letter = folder / "letter.txt"
    letter.write_text("Subject: お知らせ\n\n{{ name }}様\nこんにちは。\n", encoding="utf-8")
    program.call("import", str(people), "--list", "all")
    program.call("template", "add", str(letter))
    program.call("identity", "add", "shop@example.com", "--name", "店")
    program.call(
        *("route", "add", "sink", "--kind", "smarthost", "--host", "127.0.0.1", "--port", str(port)),
        *("--tls", "none", "--rate", str(rate), "--max-connections", str(CONNECTIONS)),
    )
    for lane in range(5):
        program.call("lane", "set", f"lane{lane}.example", "--route", "sink", "--rate", "1000")
    drafted = program.call(
        *("campaign", "create", "kill", "--template", "letter", "--from", "shop@example.com"),
        *("--route", "sink", "--list", "all"),
    )
    return int(drafted["campaign"])


def kill_and_resume(program: Program, campaign: int, kills: int, rng: random.Random) -> int:
    """Kill ``kills`` times at random moments, restarting each time; answers how many hit a sending engine."""
    link = Link(program.directory)
    struck = 0
    for _ in range(kills):
        link.start()
        time.sleep(rng.uniform(0.0, 0.4))
        progress = link.progress()
        assert isinstance(progress, Progress)
        if progress.campaigns and progress.campaigns[0].counts.open:
            struck += 1
        os.kill(progress.pid, signal.SIGKILL)
        while link.progress() is not None:
            time.sleep(0.01)
    link.start()
    return struck


def run(program: Program, folder: Path, kills: int, rate: int) -> None:
    rng = random.Random(kills)
    with Sink() as sink:
        campaign = prepare(program, folder, sink.port, rate)
        program.call("campaign", "send", str(campaign), "--force", "all")
        struck = kill_and_resume(program, campaign, kills, rng)
        status = program.call("campaign", "send", str(campaign), "--wait")
        program.stop()
        taken = sink.taken
    ledger = program.lines("campaign", "recipients", str(campaign))

    states = Counter(row["state"] for row in ledger)
    assert len({row["address"] for row in ledger}) == PEOPLE, "nobody is lost"
    assert set(states) <= {"accepted", "bounced", "deferred", "unknown"}
    assert states == Counter({s: status[s] for s in states}), "counters and ledger agree"
    accepted = {row["message_id"] for row in ledger if row["state"] == "accepted"}
    unknown = {row["message_id"] for row in ledger if row["state"] == "unknown"}
    assert max(taken.values()) == 1, "nothing is sent twice, accepted or unknown"
    assert accepted <= set(taken)
    assert set(taken) <= accepted | unknown
    assert struck > kills / 2, "most kills must hit an engine at work"
    assert states["unknown"] <= struck * CONNECTIONS * (1 + MOST_AHEAD), "never more than was in flight"


def test_short_form(program: Program, tmp_path: Path) -> None:
    run(program, tmp_path, kills=20, rate=300)


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_hundred_kills(program: Program, tmp_path: Path) -> None:
    run(program, tmp_path, kills=100, rate=60)
