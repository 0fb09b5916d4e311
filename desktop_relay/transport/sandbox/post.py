"""A practice carrier at work: what all its connections share."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from desktop_relay.transport.sandbox.carriers import Carrier, Carriers
from desktop_relay.transport.sandbox.desk import Desk
from desktop_relay.transport.sandbox.gate import Gate
from desktop_relay.transport.sandbox.log import SandboxLog


class Connection(Protocol):
    """What stopping needs to know of a connection."""

    transport: asyncio.BaseTransport | None


@dataclass(slots=True)
class Post:
    """One carrier's listener. ``gate`` and ``desk`` are missing when everything is accepted.

    ``clock`` tells carrier seconds, of which ``speed`` pass in a real one.
    """

    carrier: Carrier
    carriers: Carriers
    gate: Gate | None
    desk: Desk | None
    log: SandboxLog
    clock: Callable[[], float]
    speed: float
    tls: ssl.SSLContext | None = None
    connections: set[Connection] = field(default_factory=set)

    def compose(self, reply: str, **names: str | int) -> str:
        """A reply of the carriers' file as it goes on the wire, without its last line end."""
        return self.carrier.compose(reply, **names)
