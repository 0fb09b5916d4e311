"""The full path against the bare sender: ``python -m tests.bench.bench_path [--messages N]``.

Renders, composes, signs (RSA-2048), commits durably and sends N messages of 10 KB through a smarthost
route to Postfix's ``smtp-sink``; then lets Postfix's ``smtp-source -d -s 20`` send as many of the same
size to the same sink. Prints both rates and their ratio, the engine's memory, and its share of a core.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.e2e.program import Program

SESSIONS = 20
SIZE = 10_240
_GREETING = "<p>{{ name }}様</p>\n"
_ROW = "<p>いつもありがとうございます。秋の新着をお知らせします。</p>\n"
LETTER = f"<title>新着のお知らせ</title>{_GREETING}{_ROW * 36}"


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        best: list[float] = []
        print(f"{'':>8} {'ours/s':>9} {'source/s':>9} {'ratio':>6} {'CPU µs/msg':>11} {'MB':>5}")
        for turn in range(options.rounds):
            with sink() as port:
                # before and after, since these machines drift
                before = send_source(port, options.messages)
                ours = send_ours(folder / f"data{turn}", port, options.messages)
                theirs = (before + send_source(port, options.messages)) / 2
            best.append(ours.rate / theirs)
            print(
                f"{turn + 1:>8} {ours.rate:9.0f} {theirs:9.0f} {best[-1]:6.3f} "
                f"{ours.cpu * 1e6:11.0f} {ours.memory / 1e6:5.0f}"
            )
        print(f"{'median':>8} {'':>9} {'':>9} {sorted(best)[len(best) // 2]:6.3f}")


@dataclass(frozen=True, slots=True)
class Sent:
    """Messages a second, seconds of processor time for one of the engine with its helpers, its octets."""

    rate: float
    cpu: float
    memory: int


@contextlib.contextmanager
def sink() -> Iterator[int]:
    """Postfix's counting sink on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([tool("smtp-sink"), *user, f"127.0.0.1:{port}", "1000"])
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    """Until somebody listens there."""
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise TimeoutError(port)


def tool(name: str) -> str:
    """Postfix's tools live where only root's path looks."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if found is None:
        raise SystemExit(f"{name} is missing: install postfix")
    return found


def send_source(port: int, messages: int) -> float:
    """Messages a second of ``smtp-source``."""
    started = time.perf_counter()
    subprocess.run(
        [
            *(tool("smtp-source"), "-d", "-s", str(SESSIONS), "-l", str(SIZE), "-m", str(messages)),
            *("-f", "a@example.com", "-t", "b@example.com", f"127.0.0.1:{port}"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return messages / (time.perf_counter() - started)


def send_ours(directory: Path, port: int, messages: int) -> Sent:
    """From the engine's start of sending to the last acceptance; its processor time with the submission."""
    program = Program(directory)
    campaign = prepare(program, directory, port, messages)
    try:
        engine = psutil.Process(program.call("engine", "status")["pid"])
        before = cpu_seconds(engine)
        program.call("campaign", "send", str(campaign), "--force", "all", "--wait", timeout=900)
        used, memory = cpu_seconds(engine) - before, engine.memory_info().rss
        rows = program.lines("campaign", "recipients", str(campaign))
    finally:
        program.stop()
    assert all(row["state"] == "accepted" for row in rows), "everything must have been taken"
    return Sent(messages / sending_seconds(directory), used / messages, memory)


def cpu_seconds(engine: psutil.Process) -> float:
    """Processor time of the engine with its helpers, those that have ended, too."""
    own = engine.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for process in engine.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return float(total)


def sending_seconds(directory: Path) -> float:
    """From the first attempt's start to the last settlement, as the ledger has it."""
    import sqlite3  # noqa: PLC0415  (a look from outside)

    with contextlib.closing(sqlite3.connect(directory / "spool.db")) as spool:
        first, last = spool.execute("SELECT min(started_at), max(ended_at) FROM attempts").fetchone()
    return float(last - first) / 1000


def prepare(program: Program, folder: Path, port: int, messages: int) -> int:
    """People spread over lanes without a pace of their own, a 10 KB template, a signed sender, a draft."""
    folder.mkdir(parents=True, exist_ok=True)
    lanes = [f"lane{number}.example" for number in range(4)]
    rows = [f"p{n}@{lanes[n % len(lanes)]},人{n},2026-01-01" for n in range(messages)]
    people = folder / "people.csv"
    people.write_text("\n".join(["email,name,consent_at", *rows]), encoding="utf-8")
    letter = folder / "letter.html"
    letter.write_text(LETTER, encoding="utf-8")
    program.call("import", str(people), "--list", "all")
    program.call("template", "add", str(letter))
    program.call("identity", "add", "shop@example.com", "--name", "店")
    program.call("identity", "key", "shop@example.com")
    for path in folder.glob("keys/example.com/*-ed.pem"):
        path.unlink()  # what is compared is RSA-2048 alone
    size = program.call("template", "render", "letter", "--to", "p0@lane0.example")["size"]
    assert abs(size - SIZE) < SIZE * 0.05, f"the message has {size} octets"
    program.call(
        *("route", "add", "sink", "--kind", "smarthost", "--host", "127.0.0.1", "--port", str(port)),
        *("--tls", "none", "--max-connections", str(SESSIONS)),
    )
    for lane in lanes:
        program.call("lane", "set", lane, "--route", "sink", "--rate", "100000", "--connections", "20")
    drafted = program.call(
        *("campaign", "create", "bench", "--template", "letter", "--from", "shop@example.com"),
        *("--route", "sink", "--list", "all"),
    )
    return int(drafted["campaign"])


if __name__ == "__main__":
    main()
