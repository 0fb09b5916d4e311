"""The engine's memory with many recipients queued: ``python -m tests.bench.bench_memory [--people N]``.

Imports N people, submits a campaign to all of them over a route of one message a second, and prints
the engine's resident size at rest, while it submits, and with everything queued.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import psutil

from tests.bench.bench_path import prepare, sink
from tests.e2e.program import Program


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sink() as port:
        program = Program(Path(name) / "data")
        campaign = prepare(program, program.directory, port, options.people)
        program.call(
            *("route", "add", "sink", "--kind", "smarthost", "--host", "127.0.0.1", "--port", str(port)),
            *("--tls", "none", "--rate", "1"),
        )
        engine = psutil.Process(program.call("engine", "status")["pid"])
        at_rest = engine.memory_info().rss
        started = time.monotonic()
        program.call("campaign", "send", str(campaign), "--force", "all")
        most, status = watch(program, campaign, engine)
        seconds = time.monotonic() - started
        time.sleep(3)
        queued = engine.memory_info().rss
        program.stop()
    print(f"queued {status['total']} in {seconds:.1f} s")
    for words, size in (("at rest", at_rest), ("most while submitting", most), ("queued", queued)):
        print(f"{words:>22} {size / 1e6:6.0f} MB")


def watch(program: Program, campaign: int, engine: psutil.Process) -> tuple[int, dict[str, int]]:
    """The largest size until everybody is queued, and the status then."""
    most = 0
    while True:
        most = max(most, engine.memory_info().rss)
        status: dict[str, int] = program.call("campaign", "status", str(campaign))
        if status["accepted"]:
            return most, status


if __name__ == "__main__":
    main()
