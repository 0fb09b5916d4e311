"""The single steps of a campaign: stop it, wait until it stands, move it, read it again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.errors import Refused, StoreUnusable
from desktop_relay.engine.run import Run
from desktop_relay.engine.traffic import Traffic
from desktop_relay.engine.workshop import Workshop

log = logging.getLogger(__name__)

RETRIES_SECONDS = 2.0
"""Between two looks at who waits for a retry: it reads every one of them."""

Step = Callable[[Run], Coroutine[Any, Any, None]]


class Moves:
    """Steps of all campaigns in memory (``runs``); ``changed`` hears of each move.

    Whoever takes more than one step of a campaign holds its lock; what callbacks want is done by a task.
    """

    def __init__(self, shop: Workshop, traffic: Traffic, changed: Callable[[], None]) -> None:
        self.runs: dict[int, Run] = {}
        self.changed = changed
        self._shop = shop
        self._traffic = traffic
        self._tasks: set[asyncio.Task[None]] = set()

    def halt(self, run: Run) -> None:
        """At once: nothing more is begun, what was not begun goes back."""
        run.stop()
        self._traffic.withdraw(run)

    async def stand_down(self, run: Run) -> None:
        """Halt, and wait until all leases are back."""
        self.halt(run)
        await run.quiet.wait()
        await self._shop.committer.flush()

    async def move(self, run: Run, to: CampaignState, reason: PauseReason = PauseReason.NONE) -> None:
        """Take it to another state; raises ``Refused``, ``StoreUnusable``."""
        move = self._shop.spool.move_campaign
        run.submitted = await self._shop.writer.call(move, run.id, to, reason, self._shop.clock.now())
        run.halted = PauseReason.NONE
        log.info("campaign %d is %s%s", run.id, to, f" ({reason})" if reason else "")
        await self.refresh(run)
        self.changed()

    async def refresh(self, run: Run) -> None:
        """Read the counters, as of what is on the disk; who waits for a retry, only now and then."""
        run.take(await self._shop.writer.call(self._shop.spool.counts, run.id))
        run.dirty = self._shop.committer.is_at_work  # what was read may lack what is just being written
        at = self._shop.clock.monotonic()
        if at - run.retries_at >= RETRIES_SECONDS:
            run.retries_at = at
            run.retries = await self._shop.writer.call(self._shop.spool.load_retries, run.id)

    async def reload(self, run: Run) -> None:
        """Read the campaign itself, and its counters."""
        submitted = await self._shop.writer.call(self._shop.spool.load_campaign, run.id)
        run.submitted = submitted or run.submitted
        await self.refresh(run)

    def do(self, run: Run, step: Step) -> None:
        """Begin a step that nobody waits for."""
        task = asyncio.create_task(self._guarded(run, step))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def done(self) -> None:
        """Wait for all steps that were begun."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _guarded(self, run: Run, step: Step) -> None:
        try:
            await step(run)
        except (Refused, StoreUnusable) as error:
            log.warning("campaign %d: a step was not possible: %s", run.id, error.code)
        except Exception:  # process boundary: told, and the campaign does not go on by itself
            log.exception("campaign %d: a step broke", run.id)
            self.halt(run)
            run.halted = PauseReason.INTERNAL
            self.changed()
