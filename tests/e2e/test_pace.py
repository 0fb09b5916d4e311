"""Lanes that are held to a pace, in real time: never faster in any window, and hardly slower."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.e2e.letters import draft
from tests.e2e.program import Program
from tests.fakes.sink import Sink

BY_SECOND, BY_MINUTE = "second.example", "minute.example"
PACES = {BY_SECOND: 20.0, BY_MINUTE: 120 / 60}
"""Messages per second: one set by the user, one as the profile of lanes that nobody knows has it a minute."""

SHORT = (15, 0.95)
LONG = (610, 0.98)
"""Seconds of sending, and the least share of the allowed pace over them."""

WINDOWS_SECONDS = (1, 2, 5, 10)


class Counting(Sink):
    """Remembers when it took each address, in seconds since the epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.times: dict[str, float] = {}

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Look at the clock."""
        recipients: list[Any] = envelope.rcpt_tos
        self.times[recipients[0]] = time.time()
        return await super().handle_DATA(server, session, envelope)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("seconds", "least_share"), [SHORT, pytest.param(*LONG, marks=pytest.mark.soak)])
def test_held_lanes_in_real_time(program: Program, tmp_path: Path, seconds: int, least_share: float) -> None:
    people = [f"p{n}@{lane}" for lane, pace in PACES.items() for n in range(int(pace * seconds) + 1)]
    with Counting() as sink:
        program.call(
            *("route", "add", "sink", "--kind", "smarthost", "--host", "127.0.0.1", "--tls", "none"),
            *("--port", str(sink.port), "--max-connections", "8"),
        )
        campaign = draft(program, tmp_path, people, "sink")
        pace = str(PACES[BY_SECOND])
        program.call("lane", "set", BY_SECOND, "--route", "sink", "--rate", pace, "--connections", "4")
        program.call("campaign", "send", str(campaign), "--force", "all", "--wait", timeout=800)
    assert set(sink.times) == set(people)
    late = lateness(program.directory, sink.times)
    for lane, times in by_lane(sink.times).items():
        check_windows(lane, times, late)
        share = (len(times) - 1) / (times[-1] - times[0]) / PACES[lane]
        assert share >= least_share, f"{lane} went at {share:.3f} of its pace"


def lateness(directory: Path, times: dict[str, float]) -> float:
    """The most seconds that passed between a begin in the ledger and the sink: the machine's own doing."""
    with contextlib.closing(sqlite3.connect(directory / "spool.db")) as spool:
        begun = spool.execute(
            "SELECT address, started_at FROM attempts JOIN recipients ON recipients.id = recipient"
        ).fetchall()
    return float(max(times[address] - started / 1000 for address, started in begun))


def by_lane(times: dict[str, float]) -> dict[str, list[float]]:
    """When a message of each lane came, in order."""
    found: dict[str, list[float]] = defaultdict(list)
    for address, at in times.items():
        found[address.partition("@")[2]].append(at)
    return {lane: sorted(came) for lane, came in found.items()}


def check_windows(lane: str, times: list[float], late: float) -> None:
    """One message more than a window allows takes as long as the window, less what the way took."""
    for seconds in WINDOWS_SECONDS:
        allowed = int(PACES[lane] * seconds)
        spans = [last - first for first, last in zip(times, times[allowed:], strict=False)]
        assert min(spans) >= seconds - late, f"{lane}: {allowed + 1} in {min(spans):.3f} s (late {late:.3f})"
