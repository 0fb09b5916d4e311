"""Builds messages in batches, on threads, and in helper processes while a large campaign goes fast.

A thread is enough for any pace a carrier allows. At full speed rendering and signing would fight the
loop for the interpreter, and more cores would not help; so then they move out of this process.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from pathlib import Path

from desktop_relay.domain.campaign import CampaignSnapshot
from desktop_relay.domain.errors import BadInput
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.domain.recipient import Recipient
from desktop_relay.engine.assembly import Blueprint, assemble, begin_helping, open_builder

THREADS = 2
PER_CALL = 32
HELPERS = max(1, min(4, os.cpu_count() or 1))


class Preparer:
    """Turns leased recipients into messages ready for the wire."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._edition = 0
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="build")
        self._helpers: ProcessPoolExecutor | None = None
        self._arrival: Future[None] | None = None

    async def open(self, snapshot: CampaignSnapshot) -> Blueprint:
        """Read and compile what a campaign is made of; raises ``BadInput``, ``StoreUnusable``."""
        self._edition += 1
        blueprint = Blueprint(self._directory, snapshot, self._edition)
        await asyncio.get_running_loop().run_in_executor(self._threads, open_builder, blueprint)
        return blueprint

    def hasten(self) -> None:
        """A large campaign goes as fast as it can: let helpers come; until they are there, threads do."""
        if self._helpers is None:
            self._helpers = ProcessPoolExecutor(
                HELPERS, mp_context=multiprocessing.get_context("spawn"), initializer=begin_helping
            )
            self._arrival = self._helpers.submit(_arrive)

    async def build(
        self, blueprint: Blueprint, recipients: Sequence[Recipient], at: datetime
    ) -> list[Outgoing | BadInput]:
        """A message for each, or why there is none, in order. ``at`` is what the messages say."""
        batches = [recipients[first : first + PER_CALL] for first in range(0, len(recipients), PER_CALL)]
        try:
            return await self._assemble(self._hands, blueprint, batches, at)
        except BrokenProcessPool:
            # a helper was killed: nothing is lost, since building changes nothing
            self._dismiss()
            return await self._assemble(self._threads, blueprint, batches, at)

    @property
    def _hands(self) -> Executor:
        if self._helpers is not None and self._arrival is not None and self._arrival.done():
            return self._helpers
        return self._threads

    @staticmethod
    async def _assemble(
        hands: Executor, blueprint: Blueprint, batches: Sequence[Sequence[Recipient]], at: datetime
    ) -> list[Outgoing | BadInput]:
        loop = asyncio.get_running_loop()
        calls = [loop.run_in_executor(hands, assemble, blueprint, batch, at) for batch in batches]
        return [message for built in await asyncio.gather(*calls) for message in built]

    def _dismiss(self) -> None:
        if self._helpers is not None:
            self._helpers.shutdown(wait=False, cancel_futures=True)
        self._helpers = self._arrival = None

    def close(self) -> None:
        """End the threads and helpers after what they do now."""
        self._dismiss()
        self._threads.shutdown(wait=True, cancel_futures=True)


def _arrive() -> None:
    """Runs in a helper once it is there."""
