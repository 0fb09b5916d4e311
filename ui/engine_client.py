"""The window's ear at the engine: Progress and Changed as Qt signals, over a local socket."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QIODevice, QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalSocket

from desktop_relay.domain.command import Command, Status, Watch
from desktop_relay.domain.errors import EngineUnreachable, ErrorCode, RelayError
from desktop_relay.domain.progress import Changed, Progress
from desktop_relay.ipc import messages
from desktop_relay.ipc.codec import Undecodable, decode
from desktop_relay.ipc.endpoint import endpoint_of

from ui.lines import Lines
from ui.tasks import Tasks

log = logging.getLogger(__name__)

RETRY_MILLISECONDS = 1000
TELL_MILLISECONDS = 200


class Starter(Protocol):
    """Something that starts the engine when none answers a command."""

    def call(self, command: Command) -> Any:
        """Send and wait."""
        ...


class EngineClient(QObject):
    """Watches the engine of a data directory; comes back by itself when the engine does.

    ``state`` is ``running``, ``starting`` or ``stopped``. It never starts the engine unless asked.
    ``problem`` says why there is no engine although one was wanted, or is ``None``.
    """

    progress = Signal(object)
    changed = Signal(object)
    state = Signal(str)
    _launched = Signal()

    def __init__(
        self, directory: Path, tasks: Tasks, starter: Starter | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.latest: Progress | None = None
        self.current_state = "stopped"
        self.problem: RelayError | None = None
        self._endpoint = endpoint_of(directory)
        self._tasks = tasks
        self._starter = starter
        self._lines = Lines()
        self._greeted = False
        self._wanted = False
        self._socket = QLocalSocket(self)
        self._socket.connected.connect(self._greet)
        self._socket.readyRead.connect(self._read)
        self._socket.stateChanged.connect(self._watch_socket)
        self._newest: Any = None
        self._pause = QTimer(self, singleShot=True, interval=TELL_MILLISECONDS)
        self._pause.timeout.connect(self._tell_progress)
        self._again = QTimer(self, singleShot=True, interval=RETRY_MILLISECONDS)
        self._again.timeout.connect(self._connect)
        self._launched.connect(self._connect)

    def look_now(self) -> None:
        """An engine was just started: do not wait for the next look. From any thread."""
        self._launched.emit()

    def open(self) -> None:
        """Begin to look for the engine."""
        self._wanted = True
        self._connect()

    def close(self) -> None:
        """Hang up and stop looking."""
        self._wanted = False
        self._again.stop()
        self._socket.abort()

    def ensure_started(self) -> None:
        """Start the engine unless it runs; the outcome shows as ``state`` and ``problem``."""
        if self._starter is not None and self.current_state == "stopped":
            self._set_state("starting")
            self._tasks.start(self._start(self._starter))

    async def _start(self, starter: Starter) -> None:
        self.problem = None
        try:
            await self._tasks.in_worker(starter.call, Status())
        except RelayError as error:
            self.problem = error
            self._set_state("stopped")
            return
        self._connect()

    def _connect(self) -> None:
        if self._wanted and self._socket.state() is QLocalSocket.LocalSocketState.UnconnectedState:
            self._lines.clear()
            self._greeted = False
            self._socket.connectToServer(self._endpoint, QIODevice.OpenModeFlag.ReadWrite)

    def _greet(self) -> None:
        self._socket.write(messages.compose_hello(client="window"))
        self._socket.write(messages.compose_request(1, Watch()))
        self._socket.write(messages.compose_request(2, Status()))

    def _watch_socket(self, state: QLocalSocket.LocalSocketState) -> None:
        if state is not QLocalSocket.LocalSocketState.UnconnectedState:
            return
        if self.current_state == "running":
            self.latest = self._newest = None
            self._set_state("stopped")
        if self._wanted:
            self._again.start()

    def _read(self) -> None:
        lines = self._lines.take(bytes(self._socket.readAll().data()))
        if self._lines.waiting > messages.MAX_LINE:
            self._socket.abort()
            return
        try:
            self._take([messages.parse_line(line) for line in lines if line])
        except Undecodable as error:
            log.warning("the engine said something odd: %s", error)
            self._socket.abort()

    def _take(self, documents: list[dict[str, Any]]) -> None:
        newest: Any = None
        for document in documents:
            if not self._greeted:
                self._take_hello(document)
            elif "progress" in document:
                newest = document["progress"]
            elif "changed" in document:
                self.changed.emit(decode(Changed, document["changed"]))
            elif document.get("id") == 2 and "ok" in document:
                newest = document["ok"].get("progress")
        if newest is not None:
            self._newest = newest
            if not self._pause.isActive():
                self._tell_progress()

    def _tell_progress(self) -> None:
        """Of several snapshots that came close together only the last one counts."""
        newest, self._newest = self._newest, None
        if newest is not None:
            self.latest = decode(Progress, newest)
            self._pause.start()
            self.progress.emit(self.latest)

    def _take_hello(self, document: dict[str, Any]) -> None:
        if document.get("hello") != messages.PROTOCOL:
            self.problem = EngineUnreachable(
                ErrorCode.ENGINE_VERSION, version=str(document.get("version", "?"))
            )
            self._socket.abort()
            return
        self._greeted = True
        self.problem = None
        self._set_state("running")

    def _set_state(self, state: str) -> None:
        if state != self.current_state:
            self.current_state = state
            self.state.emit(state)
