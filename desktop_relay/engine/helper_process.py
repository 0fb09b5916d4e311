"""What a helper's process does: it builds the messages it is asked for until the engine hangs up."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from desktop_relay.domain.errors import BadInput
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.domain.recipient import Recipient
from desktop_relay.engine.assembly import Blueprint, assemble
from desktop_relay.engine.frames import FrameReader, compose_frame

_NICENESS = 10
"""The machine is the user's, and the engine's loop, which all wait for, must not wait for helpers."""


def serve(engine: socket.socket) -> None:
    """Answer jobs until the engine hangs up, which it does however it ends.

    A job is the edition of a blueprint, the blueprint where it is a new one, the values of recipients, and
    the time; the answer what ``strip`` leaves of each message, or why there is none, with the contents
    behind it, or the exception that nobody expected. The first answer, ``None``, says that it is here.
    """
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    with engine, contextlib.suppress(ConnectionError, KeyboardInterrupt):
        _send(engine, compose_frame(None))
        blueprints: dict[int, Blueprint] = {}
        reader = FrameReader()
        while count := engine.recv_into(reader.room()):
            for (edition, news, parts, at), _ in reader.filled(count):
                if news is not None:
                    blueprints[edition] = news
                recipients = [Recipient(*values) for values in parts]
                _send(engine, _answer(blueprints[edition], recipients, at))


def _answer(blueprint: Blueprint, recipients: Sequence[Recipient], at: datetime) -> list[bytes]:
    try:
        built = assemble(blueprint, recipients, at)
    except Exception as error:  # noqa: BLE001  (process boundary: the engine hears of it)
        return compose_frame(error)
    answer = [message if isinstance(message, BadInput) else _strip(message) for message in built]
    return compose_frame(answer, [message.content for message in built if isinstance(message, Outgoing)])


def _strip(message: Outgoing) -> tuple[Any, ...]:
    """A message with its content's length in the content's place."""
    envelope = message.envelope
    length = len(message.content)
    return envelope.return_path, envelope.recipient, length, message.message_id, message.smtputf8


def _send(engine: socket.socket, pieces: Sequence[bytes]) -> None:
    """All of them, and where the system can without putting them together first."""
    sent = engine.sendmsg(pieces) if hasattr(engine, "sendmsg") else 0
    if sent < sum(map(len, pieces)):
        engine.sendall(memoryview(b"".join(pieces))[sent:])
