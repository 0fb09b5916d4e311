"""Reaching the engine of a data directory, starting it when none answers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from desktop_relay.domain.command import Command, Shutdown, Status
from desktop_relay.domain.errors import EngineUnreachable, ErrorCode, Refused, RelayError, StoreUnusable
from desktop_relay.domain.progress import Progress
from desktop_relay.ipc.client import ANSWER_SECONDS, Client
from desktop_relay.ipc.codec import decode

START_SECONDS = 20.0
STOP_SECONDS = 60.0
_POLL_SECONDS = 0.05
_STARTS = 3  # another process may start one at the same moment, or an old one may just be ending
_BETWEEN_SECONDS = 0.5
_LAST_WORDS = 600


def engine_command(directory: Path, language: str = "") -> list[str]:
    """The command that runs the engine of ``directory``; should it not start, it says why in ``language``."""
    frozen = bool(getattr(sys, "frozen", False))
    program = [sys.executable] if frozen else [sys.executable, "-m", "desktop_relay"]
    spoken = ["--lang", language] if language else []
    return [*program, *spoken, "--data", os.fspath(directory), "engine", "--foreground"]


class Link:
    """Commands to the engine, each over a connection of its own, from any thread.

    ``language`` is what an engine that cannot start gives its reason in, empty for the directory's own.
    ``launched`` is called, from the thread that called, as soon as an engine started by this link answers.
    """

    def __init__(
        self,
        directory: Path,
        *,
        language: str = "",
        command: Callable[[Path], Sequence[str]] | None = None,
        start_seconds: float = START_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._directory = directory
        self.language = language
        self.launched: Callable[[], None] | None = None
        self._command = command
        self._start_seconds = start_seconds
        self._answer_seconds = answer_seconds

    def call(self, command: Command) -> Mapping[str, Any]:
        """Send and wait for the answer; starts the engine when none answers.

        One that is just ending takes no commands: its successor is started as soon as it is gone.
        Raises ``Refused`` (``engine_stopping``) when that takes too long.
        """
        deadline = time.monotonic() + self._start_seconds
        while True:
            try:
                with self._find() or self._launch() as client:
                    return client.call(command)
            except Refused as error:
                if error.code is not ErrorCode.ENGINE_STOPPING or time.monotonic() >= deadline:
                    raise
            time.sleep(_POLL_SECONDS)

    def find(self, command: Command) -> Mapping[str, Any] | None:
        """Like ``call``, but ``None`` when no engine runs."""
        try:
            with Client(self._directory, timeout=self._answer_seconds) as client:
                return client.call(command)
        except EngineUnreachable as error:
            if error.code is ErrorCode.ENGINE_NOT_RUNNING:
                return None
            raise

    def progress(self) -> Progress | None:
        """The running engine's snapshot, or ``None`` when no engine runs."""
        answer = self.find(Status())
        return None if answer is None else decode(Progress, answer["progress"])

    def start(self) -> None:
        """Make sure that an engine answers; raises ``EngineUnreachable`` when none comes up."""
        (self._find() or self._launch()).close()

    def stop(self, *, drain: bool = True) -> bool:
        """End the engine and wait until it is gone; false when none runs.

        One of another version understands no command, but the system's wish to end, which drains.
        Raises ``EngineUnreachable`` (``engine_silent``) when that takes too long.
        """
        try:
            if self.find(Shutdown(drain)) is None:
                return False
        except EngineUnreachable as error:
            pid = error.params.get("pid", 0)
            if not pid or sys.platform == "win32":
                raise
            with suppress(ProcessLookupError):  # it has just ended by itself
                os.kill(int(pid), signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while self._is_ending():
            if time.monotonic() > deadline:
                raise EngineUnreachable(ErrorCode.ENGINE_SILENT, path=str(self._directory))
            time.sleep(_POLL_SECONDS)
        return True

    def _is_ending(self) -> bool:
        try:
            return self.progress() is not None
        except RelayError:
            return True  # it answers no more questions

    def _find(self) -> Client | None:
        try:
            return Client(self._directory, timeout=self._answer_seconds)
        except EngineUnreachable as error:
            if error.code is ErrorCode.ENGINE_NOT_RUNNING:
                return None
            raise

    def _launch(self) -> Client:
        deadline = time.monotonic() + self._start_seconds
        for start in range(_STARTS):
            process = self._start()
            found = self._wait_for(process, deadline)
            if found is None and start + 1 < _STARTS and process.returncode is not None:
                # it may have lost the data's lock to another one, which answers soon or is gone soon
                found = self._wait_until(min(deadline, time.monotonic() + _BETWEEN_SECONDS))
            if found is not None:
                if self.launched is not None:
                    self.launched()
                return found
            if time.monotonic() >= deadline:
                break
        detail = _last_words(self._words)
        raise EngineUnreachable(ErrorCode.ENGINE_DID_NOT_START, detail=detail)

    @property
    def _words(self) -> Path:
        return self._directory / "logs" / "engine-start.log"

    def _start(self) -> subprocess.Popen[bytes]:
        given = self._command
        command = engine_command(self._directory, self.language) if given is None else given(self._directory)
        try:
            self._words.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._words.touch(mode=0o600)
            with self._words.open("wb") as log:
                process = subprocess.Popen(
                    list(command),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=sys.platform != "win32",
                    creationflags=getattr(subprocess, "DETACHED_PROCESS", 0),
                )
        except OSError as error:
            raise StoreUnusable(ErrorCode.DATA_READ_ONLY, path=str(self._directory)) from error
        # a window outlives many an engine, and should leave no dead ones behind
        threading.Thread(target=process.wait, name="engine-wait", daemon=True).start()
        return process

    def _wait_for(self, process: subprocess.Popen[bytes], deadline: float) -> Client | None:
        """The connection once the engine answers; ``None`` when it ended or takes too long."""
        while time.monotonic() < deadline:
            found = self._find()
            if found is not None or process.poll() is not None:
                return found
            time.sleep(_POLL_SECONDS)
        return None

    def _wait_until(self, deadline: float) -> Client | None:
        while time.monotonic() < deadline:
            found = self._find()
            if found is not None:
                return found
            time.sleep(_POLL_SECONDS)
        return None


def _last_words(path: Path) -> str:
    """The last line: a failing program ends with its reason."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip()[:_LAST_WORDS] for line in reversed(lines) if line.strip()), "")
