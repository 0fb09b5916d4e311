"""Straight to the recipients' servers: real DNS decides where, a real Postfix answers."""

from __future__ import annotations

from pathlib import Path

import pytest
import trustme

from tests.e2e.letters import draft
from tests.e2e.program import Program
from tests.servers.postfix import open_postfix
from tests.servers.unbound import open_unbound

pytestmark = pytest.mark.real

RECORDS = (
    "test.example. 300 IN MX 20 nowhere.test.example.",
    "test.example. 300 IN MX 10 mx1.test.example.",
    "mx1.test.example. 300 IN A 127.0.0.1",
    "null.example. 300 IN MX 0 .",
)
WANTED = {
    "anna@test.example": ("accepted", "accepted"),
    "nobody@test.example": ("bounced", "unknown_user"),
    "somebody@null.example": ("bounced", "null_mx"),
    "somebody@gone.example": ("bounced", "no_such_domain"),
    "somebody@refused.example": ("deferred", "dns_temporary"),
}


def test_every_kind_of_answer(program: Program, tmp_path: Path) -> None:
    with open_unbound(RECORDS) as nameserver, open_postfix(trustme.CA(), None) as postfix:
        program.call("config", "set", "dns.nameservers", nameserver)
        program.call("config", "set", "direct.port", str(postfix.ports["starttls"]))
        program.call("config", "set", "dns.timeout", "2")
        program.call("route", "add", "straight", "--kind", "direct")
        campaign = draft(program, tmp_path, WANTED, "straight")
        program.call("campaign", "send", str(campaign), "--force", "all")
        rows = wait_for_all(program, campaign)
        (letter,) = postfix.delivered(1)
    found = {row["address"]: (row["state"], row["reason"]) for row in rows}
    assert found == WANTED
    accepted = next(row for row in rows if row["state"] == "accepted")
    assert accepted["tls"].startswith("TLSv1"), "encrypted where the server offers it"
    assert accepted["mx"].startswith("mx1.test.example")
    assert accepted["message_id"].encode() in letter


def wait_for_all(program: Program, campaign: int) -> list[dict[str, str]]:
    """The ledger once nobody is untried."""
    for _ in range(150):
        status = program.call("campaign", "status", str(campaign))
        if status["total"] and not status["pending"] + status["ready"] + status["in_flight"]:
            return list(program.lines("campaign", "recipients", str(campaign)))
    pytest.fail(f"still at work: {status}")
