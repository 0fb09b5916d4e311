"""A process in place of an engine: ``python -m tests.fakes.engine_process DIRECTORY BEHAVIOUR``."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop_relay.domain.command import Command, Pause, Shutdown, Status
from desktop_relay.domain.progress import Progress
from desktop_relay.ipc import messages
from desktop_relay.ipc.codec import encode
from desktop_relay.ipc.endpoint import endpoint_of
from desktop_relay.ipc.server import Server
from desktop_relay.store.lock import EngineLock


def command(behaviour: str, directory: Path) -> list[str]:
    """The command that runs it."""
    return [sys.executable, "-m", "tests.fakes.engine_process", str(directory), behaviour]


async def serve(directory: Path, behaviour: str) -> None:
    """Answer Status; die over Pause when told so."""
    end = asyncio.Event()

    async def handle(command: Command) -> Mapping[str, Any]:
        match command:
            case Status():
                progress = Progress(os.getpid(), "1", 1.0, 1, 1)
                return {"progress": encode(progress)}
            case Pause() if behaviour == "dies":
                os._exit(9)
            case Shutdown():
                end.set()
        return {}

    server = Server(endpoint_of(directory), handle, version="1")
    await server.start()
    await end.wait()
    await server.close()


def main(directory: Path, behaviour: str) -> int:
    """Behave."""
    with (directory / "starts").open("a") as starts:
        starts.write("x")
    if behaviour == "fails":
        sys.stderr.write("some words before\nthe reason\n\n")
        return 1
    if behaviour == "other":
        messages.PROTOCOL += 1
    if behaviour == "hangs":
        time.sleep(60)
    lock = EngineLock(directory)
    lock.acquire()
    if behaviour == "slow":
        time.sleep(1)
    asyncio.run(serve(directory, behaviour))
    lock.release()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
