"""Starting a server program in a folder of its own and stopping it by its pid."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

_SYSTEM_FOLDERS = "/usr/sbin:/sbin:/usr/local/sbin"


def find_program(name: str) -> str:
    """Its path; skips the test where it is not installed."""
    found = shutil.which(name) or shutil.which(name, path=_SYSTEM_FOLDERS)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def require_root(name: str) -> None:
    """Skip where the program could not change to its own users."""
    if os.geteuid() != 0:
        pytest.skip(f"{name} starts only as root")


_PORTS = range(20_000, 32_000)
"""Below those that systems give out by themselves: until the server has it, nobody is given it by chance,
neither another test's server nor a connection that goes out."""


def free_ports(count: int) -> list[int]:
    """So many loopback ports that were free a moment ago."""
    found: list[int] = []
    for port in random.SystemRandom().sample(_PORTS, len(_PORTS)):
        with contextlib.suppress(OSError), socket.socket() as one:
            one.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            break
    return found


@contextlib.contextmanager
def open_folder(name: str) -> Iterator[Path]:
    """A folder that the server's own users may enter, with a path short enough for Unix sockets."""
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running(command: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program in the foreground, with what it says in ``log``; ended with its children afterwards."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def wait_until_open(port: int, process: subprocess.Popen[bytes], log: Path, *, greeting: bytes = b"") -> None:
    """Until something accepts on the loopback port; fails with the log when the program ended.

    With a ``greeting`` until the server has said it: Postfix may never serve a port whose first client hung
    up while its process was just starting.
    """
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as one:
            one.settimeout(10)
            if one.recv(len(greeting)) == greeting if greeting else True:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    pytest.fail(f"did not start: {log.read_text(errors='replace')[-2000:]}")
