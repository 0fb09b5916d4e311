"""Takes in campaigns and tests: one at a time, from the draft to the first step of its run."""

from __future__ import annotations

import asyncio
import logging

from desktop_relay.domain.command import SendTest, Submit
from desktop_relay.engine.lines import Lines
from desktop_relay.engine.steering import Steering
from desktop_relay.engine.submission import Submission
from desktop_relay.engine.workshop import Workshop

log = logging.getLogger(__name__)


class Intake:
    """``prepare`` and ``clear_up`` belong to the start of an engine."""

    def __init__(self, shop: Workshop, submission: Submission, lines: Lines, steering: Steering) -> None:
        self._shop = shop
        self._submission = submission
        self._lines = lines
        self._steering = steering
        self._at_work = asyncio.Lock()

    async def prepare(self) -> None:
        """An engine may have died between writing a campaign and telling the library so."""
        await self._submission.prepare()
        for submitted in await self._shop.writer.call(self._shop.spool.load_campaigns):
            await self._submission.mark(submitted)

    async def clear_up(self) -> None:
        """Campaigns go on meanwhile; only the next submission waits."""
        async with self._at_work:
            await self._submission.clear_up()

    async def submit(self, command: Submit) -> int:
        """Take a draft in; answers the campaign, which may be there already."""
        async with self._at_work:
            known = await self._shop.writer.call(self._shop.spool.load_campaign, command.campaign)
            if known is not None:
                await self._submission.mark(known)
                return command.campaign
            plan = await self._submission.plan(command.campaign, command.at)
            line = await self._lines.line_of(plan.snapshot)
            submitted = await self._submission.submit(plan, line)
        if command.force:
            log.info("campaign %d was submitted over red checks: %s", command.campaign, command.force)
        await self._steering.start(self._steering.enter(submitted))
        return submitted.snapshot.id

    async def send_test(self, command: SendTest) -> int:
        """Take a test in; answers its campaign."""
        async with self._at_work:
            plan = await self._submission.plan_test(command.campaign)
            line = await self._lines.line_of(plan.snapshot)
            submitted = await self._submission.submit_test(plan, line, command.to, command.contact)
        await self._steering.start(self._steering.enter(submitted))
        return submitted.snapshot.id
