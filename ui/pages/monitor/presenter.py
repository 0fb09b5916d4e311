"""What the monitor reads and steers; no widgets here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from desktop_relay.domain.campaign import CampaignKind, CampaignState
from desktop_relay.domain.command import SetLane
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.progress import CampaignProgress, Progress
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.operations import campaigns, lanes, ledger

from ui import wording
from ui.context import Context
from ui.pages.monitor.campaign_words import CampaignWords
from ui.pages.monitor.figures import Figures
from ui.pages.monitor.lane_story import LaneStory, tell_lane
from ui.pages.monitor.lane_words import LaneWords
from ui.pages.monitor.newest_reply import ReplyView, newest_reply


@dataclass(frozen=True, slots=True)
class Choice:
    """A campaign in the chooser."""

    campaign: int
    name: str
    state: CampaignState


class Presenter:
    """Every method that waits is a coroutine; ``lanes``, ``figures`` and ``words`` say what was read."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.lanes = LaneWords(context)
        self.figures = Figures(context, self.lanes)
        self.words = CampaignWords(context, self.lanes)

    def now(self) -> datetime:
        """Aware UTC, from the workspace's clock."""
        return self._context.workspace.now()

    # -- choosing

    async def choices(self) -> list[Choice]:
        """Submitted campaigns, newest first."""
        ws = self._context.workspace
        rows = await self._context.tasks.in_worker(campaigns.overview, ws)
        rows = [row for row in rows if row.counts is not None]
        names = wording.told_apart([row.name for row in rows], [row.submitted_at for row in rows], ws.now())
        return [Choice(row.id, name, row.state) for row, name in zip(rows, names, strict=True)]

    @staticmethod
    def preferred(choices: Sequence[Choice]) -> int | None:
        """The newest running campaign, else the newest."""
        for wanted in (CampaignState.SENDING, CampaignState.PAUSED, CampaignState.SUBMITTED):
            for choice in choices:
                if choice.state is wanted:
                    return choice.campaign
        return choices[0].campaign if choices else None

    @staticmethod
    def find(progress: Progress | None, campaign: int | None) -> CampaignProgress | None:
        """A campaign in the engine's snapshot."""
        for found in progress.campaigns if progress is not None else ():
            if found.campaign == campaign and found.kind is CampaignKind.CAMPAIGN:
                return found
        return None

    async def standing(self, campaign: int) -> CampaignProgress:
        """How it stands when the engine has nothing to say of it."""
        return await self._context.tasks.in_worker(campaigns.status, self._context.workspace, campaign)

    # -- steering

    async def pause(self, campaign: int) -> None:
        """Pause."""
        await self._context.tasks.in_worker(campaigns.pause, self._context.workspace, campaign)

    async def resume(self, campaign: int) -> None:
        """Go on."""
        await self._context.tasks.in_worker(campaigns.resume, self._context.workspace, campaign)

    async def cancel(self, campaign: int) -> None:
        """End it."""
        await self._context.tasks.in_worker(campaigns.cancel, self._context.workspace, campaign)

    async def set_lane(self, *wanted: SetLane) -> tuple[SetLane, ...]:
        """Change a lane, one change after the other; answers what would take the last one back."""
        back: tuple[SetLane, ...] = ()
        for command in wanted:
            back = await self._context.tasks.in_worker(lanes.set_lane, self._context.workspace, command)
        return back

    async def release_lane(self, campaign: int, lane: str, leave: bool) -> None:
        """Send on in a stopped lane, or leave it so."""
        await self._context.tasks.in_worker(
            lanes.release, self._context.workspace, campaign, lane, leave=leave
        )

    async def release(self, campaign: int) -> None:
        """Do not wait for the first few any longer."""
        await self._context.tasks.in_worker(campaigns.release, self._context.workspace, campaign)

    async def story(self, campaign: CampaignProgress, lane: str) -> LaneStory | None:
        """Why a lane of the campaign goes at its pace."""
        row = await self._context.tasks.in_worker(lanes.load, self._context.workspace, campaign.route, lane)
        found = next((x for x in campaign.lanes if x.lane == lane), None)
        if found is None:
            return None
        now = self.now()
        sentence = self.lanes.pace_reason(found, now)
        return tell_lane(
            self._context,
            campaign.route,
            found,
            row,
            self.lanes.name(found),
            sentence,
            speed=campaign.speed,
            now=now,
        )

    async def bounce_reasons(self, campaign: int) -> str:
        """The two commonest reasons with their numbers."""
        found = await self._context.tasks.in_worker(
            ledger.reasons, self._context.workspace, campaign, RecipientState.BOUNCED
        )
        top = sorted(found.items(), key=_by_number)[:2]
        return " · ".join(f"{self._short(reason)} {wording.number(number)}" for reason, number in top)

    def _short(self, reason: Reason) -> str:
        section = "reason_words" if self._context.has_phrase("reason_words", reason.value) else "reasons"
        return self._context.phrase(section, reason.value).rstrip("。.")

    def reply(self, campaign: CampaignProgress) -> ReplyView | None:
        """The newest reply, explained."""
        return newest_reply(self._context, self.lanes, campaign, self.now())


def _by_number(item: tuple[Reason, int]) -> int:
    return -item[1]
