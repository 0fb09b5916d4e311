"""Group commit: begins, settlements and releases of all lanes go to the disk together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from desktop_relay.domain.clock import Clock
from desktop_relay.domain.errors import StoreUnusable
from desktop_relay.domain.lane_memory import LaneMemories
from desktop_relay.domain.settlement import Settlement
from desktop_relay.engine.batch import Batch
from desktop_relay.engine.writer import Writer
from desktop_relay.store.spool import Spool

log = logging.getLogger(__name__)

GATHER_SECONDS = 0.005
"""While many messages pass, what comes within this time shares a commit: fewer syncs, and messages begun
ahead keep the connections busy meanwhile."""

RETRY_SECONDS = 2.0
"""How long a store that cannot be written is left alone before the next try."""


class Committer:
    """Collects while the disk is busy and commits what came together.

    A settlement is never given up: while the store cannot be written it is kept and tried again, and
    ``on_trouble`` is told each time. Begins that could not be written are refused instead.
    """

    def __init__(
        self,
        writer: Writer,
        spool: Spool,
        clock: Clock,
        *,
        on_trouble: Callable[[StoreUnusable], None],
        on_recovery: Callable[[], None],
    ) -> None:
        self._writer = writer
        self._spool = spool
        self._clock = clock
        self._on_trouble = on_trouble
        self._on_recovery = on_recovery
        self._collecting = Batch()
        self._committing: Batch | None = None
        self._work = asyncio.Event()
        self.in_trouble = False

    @property
    def is_at_work(self) -> bool:
        """Something was handed in that is not on the disk yet."""
        return self._committing is not None or not self._collecting.empty

    def begin(self, recipient: int) -> Batch:
        """Ask for ``recipient`` to be in flight; ask the batch whether it is before sending."""
        self._collecting.begins.append(recipient)
        self._work.set()
        return self._collecting

    def settle(self, settlement: Settlement) -> Batch:
        """Keep what became of a recipient."""
        self._collecting.settlements.append(settlement)
        self._work.set()
        return self._collecting

    def release(self, recipients: Sequence[int], then: Callable[[], None]) -> None:
        """Leased recipients go back to where they were; ``then`` is called once they are there."""
        if recipients:
            self._collecting.releases.extend(recipients)
            self._collecting.callbacks.append(then)
            self._work.set()

    def hand_back(self, recipients: Sequence[int], then: Callable[[], None]) -> None:
        """Recipients in flight of whom nothing was sent go back; ``then`` is called once they are there."""
        self._collecting.returns.extend(recipients)
        self._collecting.callbacks.append(then)
        self._work.set()

    def remember(self, learned: LaneMemories) -> None:
        """Keep what lanes learned, together with the settlements that taught it."""
        if learned:
            self._collecting.learned.update(learned)
            self._work.set()

    async def flush(self) -> None:
        """Wait until everything asked for so far was tried."""
        committing, collecting = self._committing, self._collecting
        if committing is not None:
            await committing.ended()
        if not collecting.empty:
            await collecting.ended()

    async def run(self) -> None:
        """Commit for ever."""
        busy = False
        while True:
            await self._work.wait()
            if busy:
                await asyncio.sleep(GATHER_SECONDS)  # the disk's own time, whatever clock the engine runs on
            self._work.clear()
            batch, self._collecting = self._collecting, Batch()
            self._committing = batch
            busy = batch.busy
            await self._commit(batch)
            self._committing = None
            if self.in_trouble:
                await self._clock.sleep(RETRY_SECONDS)

    async def _commit(self, batch: Batch) -> None:
        try:
            await self._writer.call(self._write, batch)
        except StoreUnusable as error:
            self._keep(batch, error)
        except Exception:  # process boundary: one impossible row must not take the others with it
            log.exception("a group commit failed, trying one by one")
            await self._commit_singly(batch)
        else:
            batch.end()
            self._recovered()

    def _write(self, batch: Batch) -> None:
        now = self._clock.now()
        # all or nothing: of a batch that is tried again nothing is on the disk
        with self._spool.together():
            if batch.begins or batch.settlements or batch.learned:
                self._spool.apply(batch.begins, batch.settlements, now, batch.learned)
            if batch.returns:
                self._spool.hand_back(batch.returns, now)
            if batch.releases:
                self._spool.release(batch.releases, now)

    async def _commit_singly(self, batch: Batch) -> None:
        refused: list[int] = []
        kept = Batch()
        trouble: StoreUnusable | None = None
        for part in batch.parts():
            try:
                await self._writer.call(self._write, part)
            except StoreUnusable as error:
                trouble = error
                kept.put_before(part)
                refused += part.begins
            except Exception:  # process boundary: told, and the others go on
                log.exception("recipient %s could not be moved", part.recipients)
                refused += part.begins
        if trouble is not None:
            kept.callbacks, batch.callbacks = batch.callbacks, []
            self._keep(kept, trouble)
        batch.end(refused)

    def _keep(self, batch: Batch, error: StoreUnusable) -> None:
        self._collecting.put_before(batch)
        batch.callbacks = []
        if not self._collecting.empty:
            self._work.set()
        self.in_trouble = True
        log.warning("the spool cannot be written: %s", error.code)
        batch.end(batch.begins)
        self._on_trouble(error)

    def _recovered(self) -> None:
        if self.in_trouble:
            self.in_trouble = False
            self._on_recovery()
