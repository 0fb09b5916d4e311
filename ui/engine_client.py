"""The window's ear at the engine: Progress and Changed as Qt signals, over a local socket."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QIODevice, QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalSocket

from desktop_relay.domain.command import Command, ReloadSettings, Status, Watch
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
LONG_LINES = 200_000
"""To read so many octets takes longer than the window may stand still: a worker does it."""
_STATUS = 2
"""The number of the request that asks how the engine stands."""


class Starter(Protocol):
    """Something that starts the engine when none answers a command."""

    def call(self, command: Command) -> Any:
        """Send and wait."""
        ...


def understand(lines: Sequence[bytes]) -> list[Any]:
    """What the engine says: ``Changed`` and other documents in their order, then the last ``Progress``.

    Raises ``Undecodable``.
    """
    news: list[Any] = []
    newest = None
    for document in (messages.parse_line(line) for line in lines if line):
        if "progress" in document:
            newest = document["progress"]
        elif "changed" in document:
            news.append(decode(Changed, document["changed"]))
        elif document.get("id") == _STATUS and "ok" in document:
            newest = document["ok"].get("progress")
        else:
            news.append(document)
    return news if newest is None else [*news, decode(Progress, newest)]


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
        self._heard: list[bytes] = []
        self._is_reading = False
        self._session = 0
        self._greeted = False
        self._wanted = False
        self._socket = QLocalSocket(self)
        self._socket.connected.connect(self._greet)
        self._socket.readyRead.connect(self._read)
        self._socket.stateChanged.connect(self._watch_socket)
        self._newest: Progress | None = None
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
        """Start the engine unless one runs and is not ending; the outcome shows as ``state``, ``problem``."""
        if self._starter is None or self.current_state == "starting":
            return
        if self.current_state == "stopped":
            self._set_state("starting")
        self._tasks.start(self._start(self._starter))

    async def _start(self, starter: Starter) -> None:
        self.problem = None
        try:
            # one that is just ending would still say how it stands, but takes no other command
            await self._tasks.in_worker(starter.call, ReloadSettings())
        except RelayError as error:
            self.problem = error
            if self.current_state == "starting":
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
        self._socket.write(messages.compose_request(_STATUS, Status()))

    def _watch_socket(self, state: QLocalSocket.LocalSocketState) -> None:
        if state is not QLocalSocket.LocalSocketState.UnconnectedState:
            return
        self._session += 1
        self._heard.clear()
        if self.current_state == "running":
            self.latest = self._newest = None
            self._set_state("stopped")
        if self._wanted:
            self._again.start()

    def _read(self) -> None:
        self._heard += self._lines.take(bytes(self._socket.readAll().data()))
        if self._lines.waiting > messages.MAX_LINE:
            self._socket.abort()
        elif not self._is_reading:
            self._take_heard()

    def _take_heard(self) -> None:
        lines, self._heard = self._heard, []
        if sum(map(len, lines)) > LONG_LINES:
            self._is_reading = True
            self._tasks.start(self._read_aside(lines, self._session))
            return
        try:
            self._take(understand(lines))
        except Undecodable as error:
            self._hang_up(error)

    async def _read_aside(self, lines: Sequence[bytes], session: int) -> None:
        """What comes meanwhile waits; nothing of it counts once the engine is another."""
        try:
            news = await self._tasks.in_worker(understand, lines)
            if session == self._session:
                self._take(news)
        except Undecodable as error:
            if session == self._session:
                self._hang_up(error)
        finally:
            self._is_reading = False
        self._take_heard()

    def _hang_up(self, error: Undecodable) -> None:
        log.warning("the engine said something odd: %s", error)
        self._socket.abort()

    def _take(self, news: Sequence[Any]) -> None:
        for each in news:
            if not self._greeted:
                self._take_hello(each if isinstance(each, dict) else {})
                if not self._greeted:
                    return
            elif isinstance(each, Changed):
                self.changed.emit(each)
            elif isinstance(each, Progress):
                self._newest = each
        if self._newest is not None and not self._pause.isActive():
            self._tell_progress()

    def _tell_progress(self) -> None:
        """Of several snapshots that came close together only the last one counts."""
        newest, self._newest = self._newest, None
        if newest is not None:
            self.latest = newest
            self._pause.start()
            self.progress.emit(newest)

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
