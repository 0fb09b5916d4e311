"""Engines that start in no time: one process has imported everything and forks itself for each of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from desktop_relay.engine.process import run_engine


class Nursery:
    """Engines of one data directory; a context manager. What is born here is killed by its ``pid``."""

    def __init__(self, directory: Path) -> None:
        command = [sys.executable, "-m", "tests.e2e.nursery", str(directory)]
        self._mother = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "DESKTOP_RELAY_KEYCHAIN": "off"},
            text=True,
        )

    def bear(self) -> int:
        """Start an engine; answers its process id at once."""
        stdin, stdout = self._mother.stdin, self._mother.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write("\n")
        stdin.flush()
        return int(stdout.readline())

    def bury(self, pid: int) -> None:
        """Kill an engine as a power cut would, and wait until it is gone."""
        os.kill(pid, signal.SIGKILL)
        stdin, stdout = self._mother.stdin, self._mother.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{pid}\n")
        stdin.flush()
        assert int(stdout.readline()) == pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._mother.communicate(timeout=20)


def _serve(directory: Path) -> None:
    """An empty line bears an engine, a process id waits for one that was killed; the end of input ends it."""
    for line in sys.stdin:
        if line.strip():
            os.waitpid(int(line), 0)
            print(line.strip(), flush=True)  # noqa: T201  (what the other side waits for)
            continue
        pid = os.fork()
        if pid == 0:
            # only what is printed below may come through the pipe
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            os.dup2(os.open(os.devnull, os.O_RDWR), 1)
            os._exit(run_engine(directory, foreground=False))
        print(pid, flush=True)  # noqa: T201  (what the other side waits for)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
