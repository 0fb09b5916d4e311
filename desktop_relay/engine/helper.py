"""A helper: a process that builds messages, with jobs going in and messages coming out over a socket pair."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import pickle
import socket
import struct
from collections import deque
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, cast

from desktop_relay.domain.errors import BadInput
from desktop_relay.domain.outgoing import Envelope, Outgoing
from desktop_relay.domain.recipient import Recipient
from desktop_relay.engine.assembly import Blueprint, assemble

log = logging.getLogger(__name__)

_NICENESS = 5
"""The machine is the user's; helpers would otherwise take every core there is."""

_LENGTH = struct.Struct("!I")
_READ_BYTES = 1 << 20

Built = list[Outgoing | BadInput]
Answer = list[tuple[Any, ...] | BadInput]

# dataclasses with slots are pickled field by field in Python, which would cost more than sending the message
_PARTS = attrgetter(*(field.name for field in fields(Recipient)))
_SENT = attrgetter("envelope.return_path", "envelope.recipient", "content", "message_id", "smtputf8")


class HelperGone(Exception):
    """The process ended with jobs in its hands; building changes nothing, so somebody else may do them."""


class Helper(asyncio.Protocol):
    """The engine's end. Jobs are answered in the order they came; a few may wait with the helper.

    The executor of the standard library does the same with two more threads in this process, and pipes
    that hold a fifth of an answer: at full speed they cost as much as sending the messages.
    """

    def __init__(self) -> None:
        self.is_here = False
        self._jobs: deque[asyncio.Future[Answer]] = deque()
        self._known: set[int] = set()
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None
        self._process: multiprocessing.process.BaseProcess | None = None
        self._gone = False
        self.arrived = asyncio.Event()

    @property
    def jobs(self) -> int:
        """Jobs it has not answered."""
        return len(self._jobs)

    @property
    def pid(self) -> int | None:
        """Of its process."""
        return self._process.pid if self._process is not None else None

    async def start(self) -> None:
        """Start the process; it ``is_here`` once it has imported what it needs, and says so."""
        ours, theirs = socket.socketpair()
        with theirs:
            context = multiprocessing.get_context("spawn")
            self._process = context.Process(target=_serve, args=(theirs,), name="build", daemon=True)
            try:
                await asyncio.to_thread(self._process.start)
            except OSError as error:
                log.warning("no helper could be started: %s", error)
                ours.close()
                self.connection_lost(error)
                return
        ours.setblocking(False)
        await asyncio.get_running_loop().create_connection(lambda: self, sock=ours)

    async def build(self, blueprint: Blueprint, recipients: Sequence[Recipient], at: datetime) -> Built:
        """As ``assemble``; raises ``HelperGone``."""
        if self._transport is None or self._gone:
            raise HelperGone
        job = asyncio.get_running_loop().create_future()
        self._jobs.append(job)
        news = None if blueprint.edition in self._known else blueprint
        self._known.add(blueprint.edition)
        content = (blueprint.edition, news, [_PARTS(recipient) for recipient in recipients], at)
        self._transport.write(_framed(pickle.dumps(content)))
        answer: Answer = await job
        return [_received(message) for message in answer]

    def end(self) -> None:
        """Hang up, upon which the process ends by itself."""
        if self._transport is not None:
            self._transport.close()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The helper's process was started."""
        # uvloop's transports are none of asyncio's classes, but behave like them
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Octets of answers; the first answer is empty and says that the helper is here."""
        received = self._received
        received += data
        while len(received) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(received)[0]
            if len(received) < end:
                break
            answer = pickle.loads(memoryview(received)[_LENGTH.size : end])
            del received[:end]
            self._take(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """The process ended, or was told to."""
        self._gone = True
        self.is_here = False
        self.arrived.set()
        while self._jobs:
            job = self._jobs.popleft()
            if not job.done():
                job.set_exception(HelperGone())

    def _take(self, answer: Answer | Exception | None) -> None:
        if answer is None:
            self.is_here = True
            self.arrived.set()
            return
        job = self._jobs.popleft()
        if job.done():
            return
        if isinstance(answer, Exception):
            job.set_exception(answer)
        else:
            job.set_result(answer)


def _serve(engine: socket.socket) -> None:
    """In the helper: answer jobs until the engine hangs up, which it does however it ends."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    with engine, contextlib.suppress(ConnectionError, EOFError, KeyboardInterrupt):
        engine.sendall(_framed(pickle.dumps(None)))
        blueprints: dict[int, Blueprint] = {}
        while True:
            (length,) = _LENGTH.unpack(_receive(engine, _LENGTH.size))
            edition, news, parts, at = pickle.loads(_receive(engine, length))
            if news is not None:
                blueprints[edition] = news
            recipients = [Recipient(*values) for values in parts]
            engine.sendall(_framed(pickle.dumps(_answer(blueprints[edition], recipients, at))))


def _answer(blueprint: Blueprint, recipients: Sequence[Recipient], at: datetime) -> Answer | Exception:
    try:
        built = assemble(blueprint, recipients, at)
    except Exception as error:  # noqa: BLE001  (process boundary: the engine hears of it)
        return error
    return [message if isinstance(message, BadInput) else _SENT(message) for message in built]


def _received(message: tuple[Any, ...] | BadInput) -> Outgoing | BadInput:
    if isinstance(message, BadInput):
        return message
    return_path, recipient, *others = message
    return Outgoing(Envelope(return_path, recipient), *others)


def _framed(content: bytes) -> bytes:
    return _LENGTH.pack(len(content)) + content


def _receive(engine: socket.socket, length: int) -> bytearray:
    content = bytearray(length)
    view = memoryview(content)
    while view:
        count = engine.recv_into(view, min(len(view), _READ_BYTES))
        if count == 0:
            raise EOFError
        view = view[count:]
    return content
