"""Two Postfix behind one pool, one of them killed in the middle: everybody gets it once, over either."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path

import pytest
import trustme

from tests.e2e.letters import draft
from tests.e2e.program import Program
from tests.servers.postfix import HOLD, Postfix, open_postfix

pytestmark = pytest.mark.real

PEOPLE = 600
LANES = [f"lane{number}.example" for number in range(3)]
_MESSAGE_ID = re.compile(rb"(?im)message-id: (<[^>]+>)")


def add_routes(program: Program, **accounts: Postfix) -> None:
    """An account for each server, together in a pool."""
    for name, postfix in accounts.items():
        program.call(
            *("route", "add", name, "--kind", "smarthost", "--host", "127.0.0.1", "--tls", "none"),
            *("--port", str(postfix.ports["plain"]), "--rate", "60", "--max-connections", "5"),
        )
    members = [word for name in accounts for word in ("--member", f"{name}:1")]
    program.call("route", "add", "pool", "--kind", "pool", *members)


def taken(postfix: Postfix) -> Counter[str]:
    """Message-IDs of what a server took for good."""
    found = [_MESSAGE_ID.search(raw) for raw in postfix.held()]
    return Counter(match[1].decode() for match in found if match is not None)


def test_one_of_two_accounts_dies_in_the_middle(program: Program, tmp_path: Path) -> None:
    authority = trustme.CA()
    with (
        open_postfix(authority, None, settings=HOLD) as one,
        open_postfix(authority, None, settings=HOLD) as two,
    ):
        people = [f"p{number}@{LANES[number % len(LANES)]}" for number in range(PEOPLE)]
        add_routes(program, one=one, two=two)
        assert program.call("route", "test", "pool")["ok"]
        campaign = draft(program, tmp_path, people, "pool")
        for lane in LANES:
            program.call("lane", "set", lane, "--route", "pool", "--rate", "1000", "--connections", "10")
        program.call("campaign", "send", str(campaign), "--force", "all")
        wait_for(program, campaign, PEOPLE // 6)
        one.kill()
        program.call("campaign", "send", str(campaign), "--force", "all", "--wait")
        ledger = program.lines("campaign", "recipients", str(campaign))
        first, second = taken(one), taken(two)

    states = Counter(row["state"] for row in ledger)
    sent = first + second
    assert set(sent.values()) == {1}, "nobody gets it twice"
    accepted = {row["message_id"] for row in ledger if row["state"] == "accepted"}
    unknown = {row["message_id"] for row in ledger if row["state"] == "unknown"}
    assert len(accepted) + len(unknown) == PEOPLE, states
    assert accepted <= set(sent), "what was accepted is there"
    assert set(sent) <= accepted | unknown, "what is there was accepted, or nobody can say"
    assert len(unknown) <= 5, "never more than was on the wire"
    assert len(first) >= 1
    assert len(second) > PEOPLE / 2, "the other one took over"
    died = [row for row in ledger if row["attempts"] > 1]
    assert all(row["mx"] == f"127.0.0.1:{two.ports['plain']}" for row in died)


def wait_for(program: Program, campaign: int, accepted: int) -> None:
    """Until so many were taken."""
    end = time.monotonic() + 60
    while program.call("campaign", "status", str(campaign))["accepted"] < accepted:
        assert time.monotonic() < end
        time.sleep(0.1)
