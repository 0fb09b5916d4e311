"""What the monitor shows, worked out from a campaign's progress; no widgets here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from desktop_relay.domain.campaign import CampaignKind, CampaignState, PauseReason
from desktop_relay.domain.command import SetLane
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.lane import LaneState
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.progress import CampaignProgress, LaneProgress, LastReply, Progress
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.route import RouteKind
from desktop_relay.operations import campaigns, lanes, ledger

from ui import wording
from ui.brake_words import brake_view
from ui.colours import Tone
from ui.context import Context
from ui.explanation import explain
from ui.pages.monitor.lane_story import LaneStory, tell_lane
from ui.pages.monitor.lane_words import LaneWords


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the six cards."""

    value: str
    note: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ReplyView:
    """The newest reply, explained."""

    lane: str
    tone: Tone
    code: str
    sentence: str
    address: str
    state: RecipientState


@dataclass(frozen=True, slots=True)
class Choice:
    """A campaign in the chooser."""

    campaign: int
    name: str
    state: CampaignState


class Presenter:
    """Reads and steers; every method that waits is a coroutine."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.lanes = LaneWords(context)

    def now(self) -> datetime:
        """Aware UTC, from the workspace's clock."""
        return self._context.workspace.now()

    # -- choosing

    async def choices(self) -> list[Choice]:
        """Submitted campaigns, newest first."""
        ws = self._context.workspace
        rows = await self._context.tasks.in_worker(campaigns.overview, ws)
        return [Choice(row.id, row.name, row.state) for row in rows if row.state is not CampaignState.DRAFT]

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

    # -- words

    def context_line(self, campaign: CampaignProgress, now: datetime) -> str:
        """Started, sender, route, and how fast practice time runs."""
        parts = []
        if campaign.started_at is not None:
            started = wording.day_and_time(campaign.started_at, now)
            parts.append(QCoreApplication.translate("Monitor", "Started {time}").format(time=started))
        elif campaign.state is CampaignState.SUBMITTED:
            parts.append(QCoreApplication.translate("Monitor", "Not started yet"))
        parts.append(QCoreApplication.translate("Monitor", "from {sender}").format(sender=campaign.sender))
        if campaign.route_kind is RouteKind.SANDBOX:
            speed = f"{campaign.speed:g}"
            parts.append(
                QCoreApplication.translate("Monitor", "practice, {speed} times faster").format(speed=speed)
            )
        else:
            parts.append(QCoreApplication.translate("Monitor", "by {route}").format(route=campaign.route))
        return " · ".join(parts)

    def figures(self, campaign: CampaignProgress, bounce_note: str, now: datetime) -> tuple[Figure, ...]:
        """The six cards, in their order."""
        counts = campaign.counts
        accepted = Figure(wording.number(counts.accepted), wording.percent(counts.accepted, counts.sendable))
        waiting = wording.number(counts.deferred)
        remaining = Figure(
            wording.number(counts.open),
            QCoreApplication.translate("Monitor", "of these {n} will be retried").format(n=waiting),
        )
        bounced = Figure(wording.number(counts.bounced), bounce_note, "bad" if counts.bounced else "")
        unknown = Figure(
            wording.number(counts.unknown),
            QCoreApplication.translate("Monitor", "a person must decide")
            if counts.unknown
            else QCoreApplication.translate("Monitor", "nothing in doubt"),
            "warn" if counts.unknown else "",
        )
        # what is measured is an average, and does not end at once with the sending
        rate = campaign.rate if campaign.state is CampaignState.SENDING else 0.0
        average = QCoreApplication.translate("Monitor", "average of one minute")
        pace = Figure(wording.rate(rate), average if rate else "")
        return accepted, remaining, bounced, unknown, pace, self._finish(campaign, now)

    def _finish(self, campaign: CampaignProgress, now: datetime) -> Figure:
        if campaign.finished_at is not None:
            return Figure(
                wording.day_and_time(campaign.finished_at, now),
                QCoreApplication.translate("Monitor", "finished"),
                "good",
            )
        if campaign.eta is None:
            return Figure("—", self._no_finish(campaign))
        if campaign.stragglers and campaign.expires_at is not None:
            until = wording.day_and_time(campaign.expires_at, now)
            note = QCoreApplication.translate("Monitor", "{n} full mailboxes: tried until {time}")
            told = note.format(n=wording.number(campaign.stragglers), time=until)
            return Figure(wording.day_and_time(campaign.eta, now), told, "info")
        slow = max((x for x in campaign.lanes if x.eta is not None), key=_eta_of, default=None)
        note = self._last_lane(slow) if slow is not None else wording.until(campaign.eta, now)
        return Figure(wording.day_and_time(campaign.eta, now), note, "info")

    def _last_lane(self, slow: LaneProgress) -> str:
        limit = self._context.phrase("limit_words", slow.eta_limit.value)
        text = (
            QCoreApplication.translate("Monitor", "{lane} comes last ({limit})")
            if limit
            else QCoreApplication.translate("Monitor", "{lane} comes last")
        )
        return text.format(lane=self.lanes.name(slow), limit=limit)

    @staticmethod
    def _no_finish(campaign: CampaignProgress) -> str:
        if campaign.state is CampaignState.PAUSED:
            return QCoreApplication.translate("Monitor", "paused")
        return QCoreApplication.translate("Monitor", "not known yet")

    def pause_sentence(self, campaign: CampaignProgress) -> str:
        """Why the campaign stands still, or nothing when the user paused it or it runs."""
        if campaign.state is not CampaignState.PAUSED or campaign.pause_reason in (
            PauseReason.NONE,
            PauseReason.USER,
        ):
            return ""
        if campaign.pause_reason is PauseReason.CANARY:
            return self.canary_sentence(campaign, self.now())
        return self._context.phrase("pause_reasons", campaign.pause_reason.value, route=campaign.route)

    def canary_sentence(self, campaign: CampaignProgress, now: datetime) -> str:
        """How the first few go while the rest waits for that, or why it does not follow."""
        canary = campaign.canary
        if canary is None or not canary.holds or campaign.finished_at is not None:
            return ""
        until = wording.day_and_time(canary.until, now) if canary.until is not None else "—"
        told = self._context.phrase(
            "canary", canary.phase.value, number=wording.number(canary.size), until=until
        )
        if canary.finding is None:
            return told
        view = brake_view(self._context, canary.finding)
        return ("" if self._context.language == "ja" else " ").join((told, view.found, view.advice))

    def stopped_lane(self, campaign: CampaignProgress) -> LaneProgress | None:
        """The first lane that its brake stopped and about which nobody has decided."""
        stopped = (x for x in campaign.lanes if x.state is LaneState.STOPPED and not x.brake_left)
        return next(stopped, None)

    def stopped_sentence(self, lane: LaneProgress) -> str:
        """What is the matter with it."""
        found = brake_view(self._context, lane.brake).found if lane.brake is not None else ""
        told = QCoreApplication.translate("Monitor", "{lane} was stopped. {why}")
        return told.format(lane=self.lanes.name(lane), why=found)

    def reply_view(self, campaign: CampaignProgress, now: datetime) -> ReplyView | None:
        """The newest reply, explained in a sentence or two."""
        last = campaign.last_reply
        if last is None:
            return None
        lane = next((self.lanes.name(x) for x in campaign.lanes if x.lane == last.lane), last.lane)
        time = wording.day_and_time(last.next_attempt, now) if last.next_attempt is not None else "—"
        told = explain(
            self._context, last.reason, lane=lane, time=time, text=last.text, code=last.code or "—"
        )
        between = "" if self._context.language == "ja" else " "
        sentence = between.join(part for part in (told.what or last.text, told.todo) if part)
        code = " ".join(str(part) for part in (last.code, last.enhanced) if part)
        return ReplyView(lane, _reply_tone(last), code, sentence, last.address, last.state)


def segments(counts: Counts) -> list[tuple[float, Tone]]:
    """How the bar divides: accepted, bounced and the like, waiting to retry, in doubt."""
    lost = counts.bounced + counts.expired
    return [
        (counts.accepted, "info"),
        (lost, "bad"),
        (counts.unknown, "bad"),
        (counts.deferred, "warn"),
        (counts.suppressed + counts.held + counts.cancelled, "neutral"),
    ]


def _reply_tone(last: LastReply) -> Tone:
    tones: dict[RecipientState, Tone] = {RecipientState.ACCEPTED: "good", RecipientState.DEFERRED: "warn"}
    return tones.get(last.state, "bad")


def _by_number(item: tuple[Reason, int]) -> int:
    return -item[1]


def _eta_of(lane: LaneProgress) -> float:
    return lane.eta.timestamp() if lane.eta is not None else 0.0
