"""The demo's ledger, its counters and what the practice carriers took agree to the message."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.e2e.program import Program

STATES = ("accepted", "bounced", "deferred", "suppressed", "held", "unknown")


def check_demo(program: Program, seed: int, contacts: int, speed: int) -> None:
    """Run it and compare its three accounts."""
    report = program.call(
        "demo", "--headless", "--seed", str(seed), "--contacts", str(contacts), "--speed", str(speed)
    )
    assert report["total"] == sum(report[state] for state in STATES)
    assert report["accepted"] > report["total"] * 0.7

    ledger = program.lines("campaign", "recipients", str(report["campaign"]))
    assert len(ledger) == report["total"]
    assert Counter(row["state"] for row in ledger) == Counter({s: report[s] for s in STATES if report[s]})
    for name, lane in report["lanes"].items():
        rows = [row for row in ledger if row["lane"] == name]
        assert lane["total"] == len(rows)
        assert lane["accepted"] == sum(row["state"] == "accepted" for row in rows)

    log = (program.directory / "logs" / "sandbox.jsonl").read_text(encoding="utf-8").splitlines()
    taken = Counter(json.loads(line)["message_id"] for line in log)
    accepted = {row["message_id"] for row in ledger if row["state"] == "accepted"}
    unknown = {row["message_id"] for row in ledger if row["state"] == "unknown"}
    assert set(taken.values()) == {1}, "nobody got the mail twice"
    assert accepted <= set(taken)
    assert set(taken) <= accepted | unknown
    assert report["sandbox_received"] == len(taken)


@pytest.mark.parametrize("seed", range(1, 11))
def test_three_accounts_agree(program: Program, seed: int) -> None:
    check_demo(program, seed, contacts=120, speed=400)


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(1, 11))
def test_three_accounts_agree_in_full(program: Program, seed: int) -> None:
    check_demo(program, seed, contacts=2000, speed=40)
