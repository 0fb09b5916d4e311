"""Resuming what another computer may have gone on sending: a person is asked first."""

from __future__ import annotations

import argparse

from desktop_relay.cli.console import Console
from desktop_relay.domain.campaign import SENT_ELSEWHERE, CampaignState, PauseReason
from desktop_relay.operations import backups, campaigns
from desktop_relay.operations.workspace import Workspace


def may_resume(ws: Workspace, options: argparse.Namespace, console: Console) -> bool:
    """Whether nothing stands against it, or the person says yes (``--yes``, or where nobody sits)."""
    progress = campaigns.status(ws, options.campaign)
    if progress.state is not CampaignState.PAUSED or progress.pause_reason not in SENT_ELSEWHERE:
        return True
    known = backups.handover(ws)
    if progress.pause_reason is PauseReason.RESTORED and known.restored_from is not None:
        console.say("resume_restored", time=f"{known.restored_from.astimezone():%Y-%m-%d %H:%M}")
    else:
        console.say("resume_moved")
    console.say("resume_doubles", number=progress.counts.open)
    if options.yes or console.confirms("resume_confirm"):
        return True
    console.say("resend_left")
    return False
