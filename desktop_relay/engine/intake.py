"""Takes in campaigns and tests: one at a time, from the draft to the first step of its run."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager

from desktop_relay.domain.campaign import SubmittedCampaign
from desktop_relay.domain.command import SendTest, Submit
from desktop_relay.domain.errors import StoreUnusable
from desktop_relay.engine.lines import Lines
from desktop_relay.engine.steering import Steering
from desktop_relay.engine.submission import Submission
from desktop_relay.engine.workshop import Workshop

log = logging.getLogger(__name__)

_AGAIN_SECONDS = 5.0


class Intake:
    """``prepare`` and ``clear_up`` belong to the start of an engine, ``run`` goes on for ever.

    A campaign is in the spool before the library hears of it, which may be busy (somebody imports contacts)
    or full: the mail does not wait for that.
    """

    def __init__(self, shop: Workshop, submission: Submission, lines: Lines, steering: Steering) -> None:
        self._shop = shop
        self._submission = submission
        self._lines = lines
        self._steering = steering
        self._at_work = asyncio.Lock()
        self._untold: dict[int, SubmittedCampaign] = {}

    async def prepare(self) -> None:
        """An engine may have died between writing a campaign and telling the library so."""
        await self._submission.prepare()
        campaigns = await self._shop.writer.call(self._shop.spool.load_campaigns)
        for submitted in await self._submission.find_untold(campaigns):
            self._untold[submitted.snapshot.id] = submitted
        await self._tell()

    async def run(self) -> None:
        """Tell the library what it could not be told at once."""
        while True:
            await self._shop.clock.sleep(_AGAIN_SECONDS)
            await self._tell()

    async def clear_up(self) -> None:
        """Campaigns go on meanwhile; only the next submission waits."""
        async with self._at_work:
            await self._submission.clear_up()

    @property
    def alone(self) -> AbstractAsyncContextManager[None]:
        """Around what must not happen while a draft that was read is being written."""
        return self._at_work

    async def submit(self, command: Submit) -> int:
        """Take a draft in; answers the campaign, which may be there already.

        Raises ``Refused`` (``campaign_is_another``, ``campaign_already_sent``), and like ``Submission.plan``.
        """
        async with self._at_work:
            known = await self._shop.writer.call(self._shop.spool.load_campaign, command.campaign)
            if known is not None:
                await self._submission.recognize(known)
                await self._told(known)
                return command.campaign
            plan = await self._submission.plan(command.campaign, command.at)
            line = await self._lines.line_of(plan.snapshot)
            submitted = await self._submission.submit(plan, line)
        if command.force:
            log.info("campaign %d was submitted over red checks: %s", command.campaign, command.force)
        await self._steering.start(self._steering.enter(submitted))
        await self._told(submitted)
        return submitted.snapshot.id

    async def send_test(self, command: SendTest) -> int:
        """Take a test in; answers its campaign."""
        async with self._at_work:
            plan = await self._submission.plan_test(command.campaign)
            line = await self._lines.line_of(plan.snapshot)
            submitted = await self._submission.submit_test(plan, line, command.to, command.contact)
        await self._steering.start(self._steering.enter(submitted))
        return submitted.snapshot.id

    async def _told(self, submitted: SubmittedCampaign) -> None:
        self._untold[submitted.snapshot.id] = submitted
        await self._tell()

    async def _tell(self) -> None:
        for submitted in list(self._untold.values()):
            try:
                await self._submission.mark(submitted)
            except StoreUnusable as error:
                log.warning("the library could not be told what was sent, it will be: %s", error)
                return
            self._untold.pop(submitted.snapshot.id, None)
