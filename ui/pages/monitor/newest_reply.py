"""The newest reply of a server, explained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop_relay.domain.progress import CampaignProgress, LastReply
from desktop_relay.domain.recipient import RecipientState

from ui import wording
from ui.colours import Tone
from ui.context import Context
from ui.explanation import explain
from ui.pages.monitor.lane_words import LaneWords


@dataclass(frozen=True, slots=True)
class ReplyView:
    """What is told of it; ``sentence`` says what it means."""

    lane: str
    tone: Tone
    code: str
    sentence: str
    address: str
    state: RecipientState


def newest_reply(
    context: Context, lanes: LaneWords, campaign: CampaignProgress, now: datetime
) -> ReplyView | None:
    """The newest reply of a campaign in a sentence or two, ``None`` before the first."""
    last = campaign.last_reply
    if last is None:
        return None
    lane = next((lanes.name(x) for x in campaign.lanes if x.lane == last.lane), last.lane)
    time = wording.day_and_time(last.next_attempt, now) if last.next_attempt is not None else "—"
    told = explain(context, last.reason, lane=lane, time=time, text=last.text, code=last.code or "—")
    between = "" if context.language == "ja" else " "
    sentence = between.join(part for part in (told.what or last.text, told.todo) if part)
    code = " ".join(str(part) for part in (last.code, last.enhanced) if part)
    return ReplyView(lane, _reply_tone(last), code, sentence, last.address, last.state)


def _reply_tone(last: LastReply) -> Tone:
    tones: dict[RecipientState, Tone] = {RecipientState.ACCEPTED: "good", RecipientState.DEFERRED: "warn"}
    return tones.get(last.state, "bad")
