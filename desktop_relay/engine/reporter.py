"""Tells everybody who watches, at most four times a second: a whole Progress, and what changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Protocol

import psutil

from desktop_relay import __version__
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.progress import Changed, Progress
from desktop_relay.engine.moves import Moves
from desktop_relay.engine.outlook import Outlook
from desktop_relay.engine.progress import compose_campaign
from desktop_relay.engine.reach import Reaches
from desktop_relay.engine.run import Run
from desktop_relay.engine.workshop import Workshop
from desktop_relay.policy.profiles import Directory

PUSH_SECONDS = 0.25
_LANES_A_PUSH = 100
_UNCHANGED_TURNS = 4


class Audience(Protocol):
    """Who is told."""

    @property
    def watched(self) -> bool:
        """Whether anybody listens."""
        ...

    def push(self, news: Progress | Changed) -> None:
        """Tell all of them."""
        ...


class Reporter:
    """Collects what changed and composes snapshots. With many lanes it tells less often."""

    def __init__(self, shop: Workshop, moves: Moves, directory: Directory) -> None:
        self.audience: Audience | None = None
        self._shop = shop
        self._clock = shop.clock
        self._uplink = shop.uplink
        self._moves = moves
        self._directory = directory
        self._reaches = Reaches()
        self._outlook = Outlook(directory, self._reaches)
        self._process = psutil.Process()
        self._started = shop.clock.monotonic()
        self._generation = 0
        self._changed = Changed(0)
        self._turns = 0
        self._told: Mapping[int, Mapping[str, Counts]] = {}

    def note(self, *, campaigns: bool = False, suppressions: bool = False, lanes: bool = False) -> None:
        """Something changed beside recipients, whose campaigns are marked themselves."""
        before = self._changed
        self._changed = Changed(
            0,
            campaigns=before.campaigns or campaigns,
            recipients=before.recipients or campaigns,
            suppressions=before.suppressions or suppressions,
            lanes=before.lanes or lanes,
        )

    async def progress(self) -> Progress:
        """The engine now; counters as of what is on the disk."""
        runs = list(self._moves.runs.values())
        for run in runs:
            if run.dirty:
                await self._moves.refresh(run)
        return self._compose(runs)

    async def run(self) -> None:
        """Tell for ever."""
        while True:
            await self._clock.sleep(PUSH_SECONDS * self._slowness())
            self._look()
            if self.audience is not None and self.audience.watched:
                await self._tell(self.audience.push)

    def _look(self) -> None:
        runs = [run for run in self._moves.runs.values() if run.sending]
        self._reaches.look(runs, self._clock.now(), self._clock.monotonic())

    async def _tell(self, push: Callable[[Progress | Changed], None]) -> None:
        runs = list(self._moves.runs.values())
        # counters are also read for commands, such as one that cancels, and for who asks how it stands
        recipients = any(run.dirty or run.counts is not self._told.get(run.id) for run in runs)
        self._turns += 1
        live = any(run.sending for run in runs)
        changed = self._changed
        news = recipients or changed != Changed(0)
        if not news and not (live and self._turns >= _UNCHANGED_TURNS):
            return
        self._turns = 0
        self._changed = Changed(0)
        if news:
            self._generation += 1
        progress = await self.progress()
        told = {campaign.campaign for campaign in progress.campaigns}
        self._told = {run.id: run.counts for run in self._moves.runs.values() if run.id in told}
        push(progress)
        if news:
            push(
                Changed(
                    self._generation,
                    campaigns=changed.campaigns,
                    recipients=changed.recipients or recipients,
                    suppressions=changed.suppressions,
                    lanes=changed.lanes,
                )
            )

    def _compose(self, runs: list[Run]) -> Progress:
        now, at = self._clock.now(), self._clock.monotonic()
        ahead = self._outlook.see(runs, now)
        return Progress(
            pid=os.getpid(),
            version=__version__,
            uptime=at - self._started,
            memory=self._process.memory_info().rss,
            generation=self._generation,
            campaigns=tuple(compose_campaign(run, ahead, self._directory, now, at) for run in runs),
            network=self._uplink.state,
        )

    def _slowness(self) -> float:
        lanes = sum(len(run.counts) for run in self._moves.runs.values())
        return max(1.0, lanes / _LANES_A_PUSH)
