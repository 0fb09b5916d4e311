"""A blocking client for the command line and worker threads: one command, one answer."""

from __future__ import annotations

import io
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from desktop_relay.domain.command import Command
from desktop_relay.domain.errors import EngineUnreachable, ErrorCode
from desktop_relay.ipc import messages
from desktop_relay.ipc.codec import Undecodable
from desktop_relay.ipc.endpoint import endpoint_of, is_own

ANSWER_SECONDS = 120.0
_READ_OCTETS = 256 * 1024


class Client:
    """A connection to the engine of a data directory.

    Raises ``EngineUnreachable``: ``engine_not_running`` when nobody is there or the connection is lost,
    ``engine_silent`` when it does not answer in ``timeout`` seconds, ``engine_version`` when it speaks
    otherwise. A typed error of the engine is raised as what it is.
    """

    def __init__(
        self, directory: Path, *, name: str = "command-line", timeout: float = ANSWER_SECONDS
    ) -> None:
        self._directory = directory
        self._stream = self._connect(endpoint_of(directory), timeout)
        self._reader = io.BufferedReader(self._stream, _READ_OCTETS)
        self._number = 0
        try:
            self.hello = self._greet(name)
        except BaseException:
            self.close()
            raise

    def _connect(self, endpoint: str, timeout: float) -> io.RawIOBase:
        try:
            if sys.platform == "win32":
                return cast(io.RawIOBase, Path(endpoint).open("r+b", buffering=0))
            if not is_own(endpoint):
                raise self._unreachable()
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.settimeout(timeout)
                connection.connect(endpoint)
                return cast(io.RawIOBase, connection.makefile("rwb", buffering=0))
            finally:
                connection.close()  # the stream keeps the descriptor
        except OSError as error:
            raise self._unreachable(error) from error

    def _greet(self, name: str) -> Mapping[str, Any]:
        self._send(messages.compose_hello(client=name))
        hello = self._receive()
        if hello.get("hello") != messages.PROTOCOL:
            version = str(hello.get("version", "?"))
            pid = hello.get("pid")
            raise EngineUnreachable(
                ErrorCode.ENGINE_VERSION, version=version, pid=pid if type(pid) is int and pid > 0 else 0
            )
        return hello

    def call(self, command: Command) -> Mapping[str, Any]:
        """Send a command and wait for its answer."""
        self._number += 1
        self._send(messages.compose_request(self._number, command))
        while True:
            document = self._receive()
            if document.get("id") != self._number:
                continue  # a push, or an answer nobody waits for any more
            try:
                return messages.parse_answer(document)
            except Undecodable as error:
                raise self._unreachable() from error

    def _send(self, line: bytes) -> None:
        try:
            view = memoryview(line)
            while view:
                view = view[self._stream.write(view) or 0 :]
        except OSError as error:
            raise self._unreachable(error) from error

    def _receive(self) -> dict[str, Any]:
        try:
            line = self._reader.readline(messages.MAX_LINE)
            if not line:
                raise self._unreachable()
            return messages.parse_line(line)
        except (OSError, Undecodable) as error:
            raise self._unreachable(error) from error

    def _unreachable(self, error: Exception | None = None) -> EngineUnreachable:
        silent = isinstance(error, TimeoutError)
        code = ErrorCode.ENGINE_SILENT if silent else ErrorCode.ENGINE_NOT_RUNNING
        return EngineUnreachable(code, path=str(self._directory))

    def close(self) -> None:
        """Hang up."""
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
