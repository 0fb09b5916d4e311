"""The transport alone against the bare sender: ``python -m tests.bench.bench_session [--messages N]``.

20 sessions send N messages of 10 KB each to Postfix's ``smtp-sink``, once per event loop; then Postfix's
``smtp-source -d -s 20 -l 10240`` sends as many to the same sink. Prints messages per second and the ratio,
and what a message costs this process alone, with a server that is none.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

from desktop_relay.domain.outgoing import Envelope, Outgoing
from desktop_relay.protocol.ehlo import Extensions
from desktop_relay.transport.connect import Terms, open_session
from desktop_relay.transport.peer import Peer
from desktop_relay.transport.security import Security
from desktop_relay.transport.session import Session
from desktop_relay.transport.timeouts import Timeouts
from desktop_relay.transport.wire import Wire
from tests.servers.process import free_ports, running, wait_until_open

SESSIONS = 20
SIZE = 10_240
_LINE = b"x" * 78 + b"\r\n"
_HEAD = b"From: <a@test.example>\r\nSubject: bench\r\n\r\n"
MAIL = Outgoing(
    Envelope("a@test.example", "b@test.example"),
    (_HEAD + _LINE * (SIZE // len(_LINE)))[: SIZE - 2] + b"\r\n",
    "<1@test.example>",
)
_GROUP_ANSWER = b"250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 End data with <CR><LF>.<CR><LF>\r\n"
_DOT_ANSWER = b"250 2.0.0 Ok: queued as 4c5Zk31Tz9z9sXh\r\n"


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    loops: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {"asyncio": asyncio.new_event_loop}
    if importlib.util.find_spec("uvloop"):
        loops["uvloop"] = importlib.import_module("uvloop").new_event_loop
    ratios: dict[str, list[float]] = {name: [] for name in loops}
    port = free_ports(1)[0]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "sink.log"
        with running([tool("smtp-sink"), *user, f"127.0.0.1:{port}", "1000"], log) as process:
            wait_until_open(port, process, log)
            for turn in range(options.rounds):
                theirs = send_source(port, options.messages)
                print(f"round {turn + 1}: smtp-source {theirs:8.0f}/s", end="")
                for name, factory in loops.items():
                    with asyncio.Runner(loop_factory=factory) as runner:
                        ours = runner.run(send_ours(port, options.messages))
                    ratios[name].append(ours / theirs)
                    print(f"   {name} {ours:8.0f}/s ratio {ours / theirs:5.2f}", end="")
                print()
    for name, factory in loops.items():
        with asyncio.Runner(loop_factory=factory) as runner:
            print(f"processor time a message, {name}: {runner.run(time_alone()) * 1e6:.0f} µs")
    for name, found in ratios.items():
        print(f"median ratio, {name}: {sorted(found)[len(found) // 2]:.2f}")


async def send_ours(port: int, messages: int) -> float:
    """Messages per second of our sessions, connections opened beforehand as the engine keeps them."""
    terms = Terms(Security.NONE, ehlo_name="pc.example")
    opened = [await open_session("sink", "127.0.0.1", port, terms) for _ in range(SESSIONS)]
    sessions = [session for session in opened if isinstance(session, Session)]
    start = time.perf_counter()
    await asyncio.gather(*(send_share(session, messages // SESSIONS) for session in sessions))
    seconds = time.perf_counter() - start
    for session in sessions:
        await session.close()
    return messages / seconds


async def send_share(session: Session, messages: int) -> None:
    """One session's part; every message must be taken."""
    for _ in range(messages):
        exchange = await session.send(MAIL, keep_transcript=False)
        if exchange.reply is None or exchange.reply.code != 250:
            raise RuntimeError(f"not taken: {exchange}")


async def time_alone(messages: int = 5_000, rounds: int = 5) -> float:
    """Seconds of processor time for one message on a wire that answers at once; the best of the rounds."""
    wire = Wire(cast(asyncio.Transport, InstantServer()))
    offers = Extensions(size=10**7, pipelining=True, names=("PIPELINING", "SIZE"))
    session = Session(wire, Peer("alone:25", extensions=offers), Timeouts())
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        await send_share(session, messages)
        best = min(best, (time.process_time() - start) / messages)
    return best


class InstantServer:
    """A transport that answers what Postfix would, in the loop's next turn."""

    def __init__(self) -> None:
        self._protocol: asyncio.Protocol | None = None

    def set_protocol(self, protocol: asyncio.Protocol) -> None:
        self._protocol = protocol

    def set_write_buffer_limits(self, high: int) -> None:
        pass

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return False

    def write(self, data: bytes) -> None:
        assert self._protocol is not None
        answer = _GROUP_ANSWER if data.endswith(b"\r\nDATA\r\n") else _DOT_ANSWER
        asyncio.get_running_loop().call_soon(self._protocol.data_received, answer)


def send_source(port: int, messages: int) -> float:
    """Messages per second of Postfix's own generator (``-d``: several messages on a connection)."""
    command = [tool("smtp-source"), "-d", "-s", str(SESSIONS), "-l", str(SIZE), "-m", str(messages)]
    start = time.perf_counter()
    subprocess.run([*command, f"127.0.0.1:{port}"], check=True)
    return messages / (time.perf_counter() - start)


def tool(name: str) -> str:
    """The path of a program of Postfix."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        raise SystemExit(f"{name} is not installed")
    return found


if __name__ == "__main__":
    main()
