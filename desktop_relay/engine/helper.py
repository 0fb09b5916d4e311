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

_HEAD = struct.Struct("!II")
"""Before each job and answer: the octets of its pickle, and those of the messages' contents behind it."""
_ROOM = 1 << 20

Built = list[Outgoing | BadInput]
Answer = list[tuple[Any, ...] | BadInput]

# dataclasses with slots are pickled field by field in Python, which would cost more than sending the message
_PARTS = attrgetter(*(field.name for field in fields(Recipient)))


class HelperGone(Exception):
    """The process ended with jobs in its hands; building changes nothing, so somebody else may do them."""


class Helper(asyncio.BufferedProtocol):
    """The engine's end. Jobs are answered in the order they came; a few may wait with the helper.

    The executor of the standard library does the same with two more threads in this process, and pipes
    that hold a fifth of an answer: at full speed they cost as much as sending the messages. For the same
    reason contents are never part of a pickle: they are copied once, from the socket's octets.
    """

    def __init__(self) -> None:
        self.is_here = False
        self._jobs: deque[asyncio.Future[Built]] = deque()
        self._known: set[int] = set()
        self._room = bytearray(_ROOM)
        self._held = 0
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
        job: asyncio.Future[Built] = asyncio.get_running_loop().create_future()
        self._jobs.append(job)
        news = None if blueprint.edition in self._known else blueprint
        self._known.add(blueprint.edition)
        content = (blueprint.edition, news, [_PARTS(recipient) for recipient in recipients], at)
        self._transport.write(b"".join(_framed(content)))
        return await job

    def end(self) -> None:
        """Hang up, upon which the process ends by itself."""
        if self._transport is not None:
            self._transport.close()

    # asyncio.BufferedProtocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The helper's process was started."""
        # uvloop's transports are none of asyncio's classes, but behave like them
        self._transport = cast("asyncio.Transport", transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the next octets go: behind those that wait for the rest of their answer."""
        return memoryview(self._room)[self._held :]

    def buffer_updated(self, nbytes: int) -> None:
        """Octets of answers; the first answer is empty and says that the helper is here."""
        self._held += nbytes
        taken = 0
        needed = _HEAD.size
        while self._held - taken >= needed:
            pickled, contents = _HEAD.unpack_from(self._room, taken)
            needed = _HEAD.size + pickled + contents
            if self._held - taken < needed:
                break
            start = taken + _HEAD.size
            with memoryview(self._room) as room:
                answer = pickle.loads(room[start : start + pickled])
                self._take(answer, room[start + pickled : taken + needed])
            taken += needed
            needed = _HEAD.size
        self._make_room(taken, needed)

    def connection_lost(self, exc: Exception | None) -> None:
        """The process ended, or was told to."""
        self._gone = True
        self.is_here = False
        self.arrived.set()
        while self._jobs:
            job = self._jobs.popleft()
            if not job.done():
                job.set_exception(HelperGone())

    def _make_room(self, taken: int, needed: int) -> None:
        """What follows the octets ``taken`` moves to the front, where there is room for ``needed`` in all."""
        if taken == 0 and needed <= len(self._room):
            return
        rest = self._room[taken : self._held]
        if needed > len(self._room):
            self._room = bytearray(needed)
        self._room[: len(rest)] = rest
        self._held = len(rest)

    def _take(self, answer: Answer | Exception | None, contents: memoryview) -> None:
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
            job.set_result(_received(answer, contents))


def _serve(engine: socket.socket) -> None:
    """In the helper: answer jobs until the engine hangs up, which it does however it ends."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    with engine, contextlib.suppress(ConnectionError, EOFError, KeyboardInterrupt):
        _send(engine, _framed(None))
        blueprints: dict[int, Blueprint] = {}
        while True:
            length, _ = _HEAD.unpack(_receive(engine, _HEAD.size))
            edition, news, parts, at = pickle.loads(_receive(engine, length))
            if news is not None:
                blueprints[edition] = news
            recipients = [Recipient(*values) for values in parts]
            _send(engine, _answer(blueprints[edition], recipients, at))


def _answer(blueprint: Blueprint, recipients: Sequence[Recipient], at: datetime) -> list[bytes]:
    try:
        built = assemble(blueprint, recipients, at)
    except Exception as error:  # noqa: BLE001  (process boundary: the engine hears of it)
        return _framed(error)
    answer: Answer = [message if isinstance(message, BadInput) else _stripped(message) for message in built]
    return _framed(answer, [message.content for message in built if isinstance(message, Outgoing)])


def _stripped(message: Outgoing) -> tuple[Any, ...]:
    """A message with its content's length in the content's place."""
    envelope = message.envelope
    length = len(message.content)
    return envelope.return_path, envelope.recipient, length, message.message_id, message.smtputf8


def _received(answer: Answer, contents: memoryview) -> Built:
    built: Built = []
    start = 0
    for message in answer:
        if isinstance(message, BadInput):
            built.append(message)
            continue
        return_path, recipient, length, message_id, smtputf8 = message
        content = bytes(contents[start : start + length])
        built.append(Outgoing(Envelope(return_path, recipient), content, message_id, smtputf8))
        start += length
    return built


def _framed(value: object, contents: Sequence[bytes] = ()) -> list[bytes]:
    pickled = pickle.dumps(value)
    return [_HEAD.pack(len(pickled), sum(map(len, contents))), pickled, *contents]


def _send(engine: socket.socket, pieces: Sequence[bytes]) -> None:
    """All of them, and where the system can without putting them together first."""
    sent = engine.sendmsg(pieces) if hasattr(engine, "sendmsg") else 0
    if sent < sum(map(len, pieces)):
        engine.sendall(memoryview(b"".join(pieces))[sent:])


def _receive(engine: socket.socket, length: int) -> bytearray:
    content = bytearray(length)
    view = memoryview(content)
    while view:
        count = engine.recv_into(view, min(len(view), _ROOM))
        if count == 0:
            raise EOFError
        view = view[count:]
    return content
