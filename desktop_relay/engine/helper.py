"""A helper: a process that builds messages, with jobs going in and messages coming out over a socket pair."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import socket
from collections import deque
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, cast

from desktop_relay.domain.errors import BadInput
from desktop_relay.domain.outgoing import Envelope, Outgoing
from desktop_relay.domain.recipient import Recipient
from desktop_relay.engine.assembly import Blueprint
from desktop_relay.engine.frames import FrameReader, compose_frame
from desktop_relay.engine.helper_process import serve

log = logging.getLogger(__name__)

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
        self._reader = FrameReader()
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
            self._process = context.Process(target=serve, args=(theirs,), name="build", daemon=True)
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
        self._transport.write(b"".join(compose_frame(content)))
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
        """Where the next octets go."""
        return self._reader.room()

    def buffer_updated(self, nbytes: int) -> None:
        """Octets of answers came."""
        for answer, contents in self._reader.filled(nbytes):
            self._take(answer, contents)

    def connection_lost(self, exc: Exception | None) -> None:
        """The process ended, or was told to."""
        self._gone = True
        self.is_here = False
        self.arrived.set()
        while self._jobs:
            job = self._jobs.popleft()
            if not job.done():
                job.set_exception(HelperGone())

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
