"""States as a word with a tone, in the window's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.recipient import RecipientState

from ui.colours import Tone

RECIPIENT_TONES: dict[RecipientState, Tone] = {
    RecipientState.PENDING: "neutral",
    RecipientState.READY: "neutral",
    RecipientState.IN_FLIGHT: "info",
    RecipientState.ACCEPTED: "good",
    RecipientState.DEFERRED: "warn",
    RecipientState.BOUNCED: "bad",
    RecipientState.SUPPRESSED: "neutral",
    RecipientState.HELD: "warn",
    RecipientState.EXPIRED: "bad",
    RecipientState.CANCELLED: "neutral",
    RecipientState.UNKNOWN: "bad",
}

CAMPAIGN_TONES: dict[CampaignState, Tone] = {
    CampaignState.DRAFT: "neutral",
    CampaignState.SUBMITTED: "info",
    CampaignState.SENDING: "good",
    CampaignState.PAUSED: "warn",
    CampaignState.FINISHED: "good",
    CampaignState.CANCELLED: "neutral",
    CampaignState.UNRECORDED: "warn",
}


def recipient_word(state: RecipientState) -> str:
    """What a recipient's chip says."""
    words = {
        RecipientState.PENDING: QCoreApplication.translate("States", "Waiting"),
        RecipientState.READY: QCoreApplication.translate("States", "Next in line"),
        RecipientState.IN_FLIGHT: QCoreApplication.translate("States", "Being sent"),
        RecipientState.ACCEPTED: QCoreApplication.translate("States", "Accepted"),
        RecipientState.DEFERRED: QCoreApplication.translate("States", "Will retry"),
        RecipientState.BOUNCED: QCoreApplication.translate("States", "Bounced"),
        RecipientState.SUPPRESSED: QCoreApplication.translate("States", "Suppressed"),
        RecipientState.HELD: QCoreApplication.translate("States", "Held"),
        RecipientState.EXPIRED: QCoreApplication.translate("States", "Expired"),
        RecipientState.CANCELLED: QCoreApplication.translate("States", "Cancelled"),
        RecipientState.UNKNOWN: QCoreApplication.translate("States", "Unknown"),
    }
    return words[state]


def campaign_word(state: CampaignState) -> str:
    """What a campaign's chip says."""
    words = {
        CampaignState.DRAFT: QCoreApplication.translate("States", "Draft"),
        CampaignState.SUBMITTED: QCoreApplication.translate("States", "Planned"),
        CampaignState.SENDING: QCoreApplication.translate("States", "Sending"),
        CampaignState.PAUSED: QCoreApplication.translate("States", "Paused"),
        CampaignState.FINISHED: QCoreApplication.translate("States", "Finished"),
        CampaignState.CANCELLED: QCoreApplication.translate("States", "Cancelled"),
        CampaignState.UNRECORDED: QCoreApplication.translate("States", "Sent, no record"),
    }
    return words[state]


def lane_word(state: LaneState) -> str:
    """What a lane's chip says."""
    words = {
        LaneState.IDLE: QCoreApplication.translate("States", "Waiting"),
        LaneState.RUNNING: QCoreApplication.translate("States", "Going well"),
        LaneState.SLOWED: QCoreApplication.translate("States", "Slowed down"),
        LaneState.SUSPENDED: QCoreApplication.translate("States", "Resting"),
        LaneState.PAUSED: QCoreApplication.translate("States", "Stopped"),
        LaneState.STOPPED: QCoreApplication.translate("States", "Needs you"),
        LaneState.FINISHED: QCoreApplication.translate("States", "Done"),
    }
    return words[state]


def lane_tone(state: LaneState, reason: LaneReason) -> Tone:
    """The tone of a lane; a rest that a carrier's block forced is worse than one of our own."""
    if state is LaneState.SUSPENDED and reason is LaneReason.BLOCKED:
        return "bad"
    tones: dict[LaneState, Tone] = {
        LaneState.IDLE: "neutral",
        LaneState.RUNNING: "info",
        LaneState.SLOWED: "warn",
        LaneState.SUSPENDED: "warn",
        LaneState.PAUSED: "bad",
        LaneState.STOPPED: "bad",
        LaneState.FINISHED: "good",
    }
    return tones[state]
