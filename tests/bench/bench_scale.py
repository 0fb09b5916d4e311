"""What numbers cost: ``python -m tests.bench.bench_scale [--million] [--messages N] [--people N ...]``.

For campaigns of 10,000, 100,000 and with ``--million`` 1,000,000 people, each on an engine of its own:
seconds from the command to submit until its answer, and the longest that another command which needs the
spool waited meanwhile; the engine's memory at rest, with everybody queued and paused, and at most until
then; its share of a core over ten seconds of pause; then, sending to Postfix's ``smtp-sink``, processor
time per message over the same number of messages; and how long after the command to pause the last message
began, as the ledger has it. Linux only.
"""

from __future__ import annotations

import argparse
import contextlib
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from desktop_relay.domain.campaign import CampaignState, Draft
from desktop_relay.domain.command import Pause, Resume, SetLane, Submit
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.progress import CampaignProgress
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.domain.template import Template
from desktop_relay.ipc.launcher import Link
from desktop_relay.store.contact_rows import INSERT_CONTACT, compose_row
from desktop_relay.store.database import open_library
from desktop_relay.store.drafts import insert_draft
from desktop_relay.store.identities import save_identity
from desktop_relay.store.lists import create_list
from desktop_relay.store.routes import save_route
from desktop_relay.store.templates import save_template
from tests.bench.bench_path import LETTER, SESSIONS, cpu_seconds, sink
from tests.e2e.program import Program

LANES = tuple(f"lane{number}.example" for number in range(4))
IDLE_SECONDS = 10.0
WARM_MESSAGES = 3_000
_POLL_SECONDS = 0.05
_MEGA = 1e6


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of the table; sizes in octets, ``cpu`` in seconds per message."""

    people: int
    submit_seconds: float
    wait_seconds: float
    at_rest: int
    queued: int
    peak: int
    idle_share: float
    cpu: float
    rate: float
    pause_seconds: float


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--messages", type=int, default=5_000, help="sent to tell the cost of one")
    options = parser.parse_args()
    sizes = [*options.people, 1_000_000] if options.million else options.people
    if min(sizes) < options.messages + WARM_MESSAGES + 1_000:
        parser.error("so few people cannot be sent so many messages")
    print(
        f"{'people':>9} {'submit s':>9} {'wait s':>7} {'µs each':>8} {'rest MB':>8} {'queued':>7} "
        f"{'peak':>6} {'idle %':>7} {'CPU µs/msg':>11} {'msg/s':>7} {'pause s':>8}"
    )
    rows = [measure(people, options.messages) for people in sizes]
    first = rows[0]
    for row in rows[1:]:
        print(
            f"{row.people:>9} to {first.people}: memory {row.queued / first.queued:.2f}, "
            f"processor time per message {row.cpu / first.cpu:.2f}"
        )


def measure(people: int, messages: int) -> Figures:
    """One engine, one campaign."""
    with tempfile.TemporaryDirectory() as name, sink() as port:
        directory = Path(name) / "data"
        program = Program(directory)
        campaign = stock(program, people, port)
        link = Link(directory, answer_seconds=600)
        try:
            figures = _measure(program, link, campaign, people, messages)
        finally:
            program.stop()
    print(
        f"{figures.people:>9} {figures.submit_seconds:9.2f} {figures.wait_seconds:7.3f} "
        f"{figures.submit_seconds / people * 1e6:8.1f} "
        f"{figures.at_rest / _MEGA:8.0f} {figures.queued / _MEGA:7.0f} {figures.peak / _MEGA:6.0f} "
        f"{figures.idle_share * 100:7.2f} {figures.cpu * 1e6:11.0f} {figures.rate:7.0f} "
        f"{figures.pause_seconds:8.3f}",
        flush=True,
    )
    return figures


def _measure(program: Program, link: Link, campaign: int, people: int, messages: int) -> Figures:
    for lane in LANES:
        link.call(SetLane("sink", lane, rate=100_000.0, connections=SESSIONS))
    engine = psutil.Process(program.call("engine", "status")["pid"])
    at_rest = engine.memory_info().rss
    submit_seconds, wait_seconds = submit(link, campaign)
    link.call(Pause(campaign))
    time.sleep(2)  # what was on the wire has come to its end
    before = cpu_seconds(engine)
    time.sleep(IDLE_SECONDS)
    idle = (cpu_seconds(engine) - before) / IDLE_SECONDS
    queued, peak = engine.memory_info().rss, peak_of(engine)
    cpu, rate = cost(link, engine, campaign, messages)
    asked = time.time()
    link.call(Pause(campaign))
    wait_until_still(link, campaign)
    pause = max(0.0, last_begin(program.directory) - asked)
    return Figures(people, submit_seconds, wait_seconds, at_rest, queued, peak, idle, cpu, rate, pause)


def submit(link: Link, campaign: int) -> tuple[float, float]:
    """Seconds that it takes, and the longest that a command to a lane waits meanwhile."""
    waits = [0.0]
    with ThreadPoolExecutor(1) as threads:
        started = time.monotonic()
        submitted = threads.submit(link.call, Submit(campaign))
        while not submitted.done():
            asked = time.monotonic()
            link.call(SetLane("sink", LANES[0], rate=100_000.0, connections=SESSIONS))
            waits.append(time.monotonic() - asked)
            wait([submitted], _POLL_SECONDS)
        submitted.result()
    return time.monotonic() - started, max(waits)


def stock(program: Program, people: int, port: int) -> int:
    """A library of so many people with a 10 KB letter and a signed sender; answers the draft."""
    now = datetime.now(UTC)
    with open_library(program.directory) as library:
        everybody = create_list(library, "all")
        with library.transaction():
            library.executemany(INSERT_CONTACT, contacts(people, int(now.timestamp() * 1000)))
            library.execute("INSERT INTO list_members SELECT ?, id FROM contacts", [everybody])
        save_template(library, Template("letter", "新着のお知らせ", LETTER, ""), now)
        save_identity(library, Identity("shop@example.com", "店"))
        save_route(
            library,
            Route("sink", RouteKind.SMARTHOST, "127.0.0.1", port, TlsMode.NONE, max_connections=SESSIONS),
        )
        draft = insert_draft(library, Draft(0, "bench", "letter", "shop@example.com", "sink", ("all",)), now)
    program.call("identity", "key", "shop@example.com")
    for path in program.directory.glob("keys/example.com/*-ed.pem"):
        path.unlink()  # RSA-2048 alone, as in bench_path
    return draft


def contacts(people: int, now_ms: int) -> Iterator[tuple[object, ...]]:
    """Rows as an import leaves them, addresses in no order."""
    for number in range(people):
        address = f"p{number * 7919 % people}@{LANES[number % len(LANES)]}"
        fields = {
            "name": f"山田 太郎{number}",
            "kana": "ヤマダ タロウ",
            "company": "㈱山田商店",
            "prefecture": "東京都",
            "consent_at": "2026-01-01",
            "購入金額": str(number),
        }
        yield compose_row(number + 1, (address, address, False), fields, now_ms)


def cost(link: Link, engine: psutil.Process, campaign: int, messages: int) -> tuple[float, float]:
    """Seconds of processor time per message, and messages per second, once it is warm."""
    link.call(Resume(campaign))
    wait_for(link, campaign, WARM_MESSAGES + progress_of(link, campaign).counts.accepted)
    started, used = time.monotonic(), cpu_seconds(engine)
    first = progress_of(link, campaign).counts.accepted
    last = wait_for(link, campaign, first + messages)
    seconds, spent = time.monotonic() - started, cpu_seconds(engine) - used
    return spent / (last - first), (last - first) / seconds


def progress_of(link: Link, campaign: int) -> CampaignProgress:
    """The campaign as the engine tells it."""
    progress = link.progress()
    assert progress is not None
    return next(each for each in progress.campaigns if each.campaign == campaign)


def wait_for(link: Link, campaign: int, accepted: int) -> int:
    """Until so many were accepted; answers how many were."""
    while True:
        told = progress_of(link, campaign)
        if told.counts.accepted >= accepted:
            return told.counts.accepted
        if told.state is not CampaignState.SENDING:
            sys.exit(f"the campaign is {told.state}: {told}")
        time.sleep(_POLL_SECONDS)


def wait_until_still(link: Link, campaign: int) -> None:
    """Until nothing is on the wire."""
    while progress_of(link, campaign).counts.in_flight:
        time.sleep(_POLL_SECONDS)


def peak_of(engine: psutil.Process) -> int:
    """The most that was resident at any time (VmHWM)."""
    status = Path(f"/proc/{engine.pid}/status").read_text(encoding="utf-8")
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def last_begin(directory: Path) -> float:
    """When the last attempt began, in seconds since the epoch."""
    with contextlib.closing(sqlite3.connect(directory / "spool.db")) as spool:
        return float(spool.execute("SELECT max(started_at) FROM attempts").fetchone()[0]) / 1000


if __name__ == "__main__":
    main()
