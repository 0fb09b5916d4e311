"""Builds messages in batches, on threads, and in helper processes while a large campaign goes fast.

A thread is enough for any pace a carrier allows. At full speed rendering and signing would fight the
loop for the interpreter, and more cores would not help; so then they move out of this process.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from desktop_relay.domain.campaign import CampaignSnapshot
from desktop_relay.domain.recipient import Recipient
from desktop_relay.engine.assembly import Blueprint, assemble, open_builder
from desktop_relay.engine.helper import Built, Helper, HelperGone

THREADS = 2
PER_CALL = 32
HELPERS = max(1, min(4, os.cpu_count() or 1))


class Preparer:
    """Turns leased recipients into messages ready for the wire."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._edition = 0
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="build")
        self._helpers: list[Helper] = []
        self._starting: list[asyncio.Task[None]] = []

    async def open(self, snapshot: CampaignSnapshot) -> Blueprint:
        """Read and compile what a campaign is made of; raises ``BadInput``, ``StoreUnusable``."""
        self._edition += 1
        blueprint = Blueprint(self._directory, snapshot, self._edition)
        await asyncio.get_running_loop().run_in_executor(self._threads, open_builder, blueprint)
        return blueprint

    def hasten(self) -> None:
        """A large campaign goes as fast as it can: let helpers come; until they are there, threads do."""
        if not self._helpers:
            self._helpers = [Helper() for _ in range(HELPERS)]
            self._starting = [asyncio.create_task(helper.start()) for helper in self._helpers]

    async def helped(self) -> list[Helper]:
        """The helpers that were called, once they are there."""
        for helper in self._helpers:
            await helper.arrived.wait()
        return [helper for helper in self._helpers if helper.is_here]

    async def build(self, blueprint: Blueprint, recipients: Sequence[Recipient], at: datetime) -> Built:
        """A message for each, or why there is none, in order. ``at`` is what the messages say."""
        batches = [recipients[first : first + PER_CALL] for first in range(0, len(recipients), PER_CALL)]
        if len(batches) == 1:
            return await self._batch(blueprint, batches[0], at)
        built = await asyncio.gather(*(self._batch(blueprint, batch, at) for batch in batches))
        return [message for some in built for message in some]

    async def _batch(self, blueprint: Blueprint, recipients: Sequence[Recipient], at: datetime) -> Built:
        helper = min((one for one in self._helpers if one.is_here), key=_waiting, default=None)
        if helper is not None:
            try:
                return await helper.build(blueprint, recipients, at)
            except HelperGone:
                pass  # it was killed: nothing is lost, since building changes nothing
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, assemble, blueprint, recipients, at)

    def close(self) -> None:
        """End the threads and helpers after what they do now."""
        for task in self._starting:
            task.cancel()
        for helper in self._helpers:
            helper.end()
        self._helpers = []
        self._threads.shutdown(wait=True, cancel_futures=True)


def _waiting(helper: Helper) -> int:
    return helper.jobs
