"""Beside the others, in one run: ``python -m tests.bench.bench_peers [--messages N] [--rounds N]``.

To Postfix's ``smtp-sink``, 10 KB, 20 connections: (a) ``smtp-source``, which only repeats octets; (b) the
engine's full path: render, compose, RSA-2048, durable ledger; (c) nodemailer with a pool, the letter filled
in by replacing and signed with RSA-2048; (d) Postfix with OpenDKIM, from the first message into it until its
queue is empty. Before that, one message of each but (a) is caught and its signature verified.

Prints the rates, the processor time of a message, the ratios that are wanted, and the ceiling: what (b)
could reach on this machine if nothing were done but one signature and the sink's own work. What cannot be
had here is left out with the reason. Linux only.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from desktop_relay.message.multi_buffer import WIDTH, open_multi_buffer
from tests.bench.bench_path import sink
from tests.bench.peers import Sender, open_senders

WANTED = {"smtp-source": 0.40, "nodemailer": 5.0, "postfix+opendkim": 10.0}
_MICRO = 1e6


@dataclass(frozen=True, slots=True)
class Sent:
    """Messages per second; seconds of processor time for one, of the sender and of the sink."""

    rate: float
    cpu: float
    sink_cpu: float = 0.0


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with tempfile.TemporaryDirectory() as name, open_senders(Path(name), key) as senders:
        rounds: dict[str, list[Sent]] = {name: [] for name in senders}
        for _ in range(options.rounds):
            for sender, send in senders.items():
                # what takes much longer gets fewer: a rate needs some seconds, not thousands of messages
                messages = options.messages if sender in ("smtp-source", "ours") else options.messages // 4
                rounds[sender].append(timed(send, messages))
    show(rounds)
    show_ceiling(rounds, key)


def timed(send: Sender, messages: int) -> Sent:
    """One run to a sink of its own."""
    with sink() as port:
        (process,) = [child for child in psutil.Process().children() if child.name() == "smtp-sink"]
        rate, cpu = send(port, messages)
        times = process.cpu_times()
    return Sent(rate, cpu, (times.user + times.system) / messages)


def show(rounds: dict[str, list[Sent]]) -> None:
    """Medians, and the ratios of each round."""
    print(f"{'':>18} {'msg/s':>8} {'CPU µs/msg':>11} {'sink µs/msg':>12} {'ours by it':>11} {'wanted':>7}")
    for name, runs in rounds.items():
        rate, cpu, sink_cpu = (
            statistics.median(getattr(run, figure) for run in runs) for figure in ("rate", "cpu", "sink_cpu")
        )
        ratio = statistics.median(
            ours.rate / theirs.rate for ours, theirs in zip(rounds["ours"], runs, strict=True)
        )
        wanted = WANTED.get(name, "")
        print(
            f"{name:>18} {rate:8.0f} {cpu * _MICRO:11.0f} {sink_cpu * _MICRO:12.0f} {ratio:11.2f} {wanted:>7}"
        )


def show_ceiling(rounds: dict[str, list[Sent]], key: rsa.RSAPrivateKey) -> None:
    """The most that (b) could be of (a) with nothing but signing and the sink on these cores."""
    cores = len(os.sched_getaffinity(0))
    multi_buffer = open_multi_buffer(key)
    signing = best_seconds(lambda: key.sign(b"x" * 400, padding.PKCS1v15(), hashes.SHA256()))
    how = ""
    if multi_buffer is not None:
        digests = [bytes(32)] * WIDTH
        alone, signing = signing, best_seconds(lambda: multi_buffer.sign(digests)) / WIDTH
        how = f" made {WIDTH} at a time, {alone * _MICRO:.0f} µs alone"
    sink_cpu = min(run.sink_cpu for run in rounds["ours"])
    most = cores / (signing + sink_cpu)
    source = statistics.median(run.rate for run in rounds["smtp-source"])
    ours = statistics.median(run.rate for run in rounds["ours"])
    print(
        f"\nceiling: {cores} cores / ({signing * _MICRO:.0f} µs of an RSA-2048 signature{how} + "
        f"{sink_cpu * _MICRO:.0f} µs of the sink) = {most:.0f}/s, {most / source:.2f} of smtp-source; "
        f"ours reaches {ours / most:.2f} of it"
    )


def best_seconds(work: Callable[[], object], rounds: int = 7, number: int = 100) -> float:
    """Of one call on one thread, the best of several."""
    best = float("inf")
    for _ in range(rounds):
        started = time.perf_counter()
        for _ in range(number):
            work()
        best = min(best, (time.perf_counter() - started) / number)
    return best


if __name__ == "__main__":
    main()
