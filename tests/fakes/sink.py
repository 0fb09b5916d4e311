"""A server that takes everything and remembers every Message-ID it took."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.process import free_ports

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class Sink:
    """Counts per Message-ID in ``taken``; a context manager.

    It says so ``answers_after`` so many seconds: whoever is killed meanwhile does not hear of it.
    """

    def __init__(self, answers_after: float = 0.0) -> None:
        self.taken: Counter[str] = Counter()
        self._answers_after = answers_after
        # the controller tries itself on the port it was told, so that 0 will not do
        (self.port,) = free_ports(1)
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, server_hostname="sink.example"
        )

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Remember, then say so: what is counted was really taken."""
        content: Any = envelope.content
        found = _MESSAGE_ID.search(content)
        self.taken[found[1].decode() if found else "?"] += 1
        await asyncio.sleep(self._answers_after)
        return "250 2.0.0 taken"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()
