"""Watching a campaign until it is finished or paused, with a bar on a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable

from desktop_relay.cli.console import Console
from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.errors import EngineUnreachable, ErrorCode
from desktop_relay.domain.lane import LaneState
from desktop_relay.domain.progress import CampaignProgress
from desktop_relay.operations import campaigns
from desktop_relay.operations.workspace import Workspace

POLL_SECONDS = 0.25
_WIDTH = 30
_RESTING = frozenset({CampaignState.FINISHED, CampaignState.CANCELLED, CampaignState.PAUSED})


def at_rest(progress: CampaignProgress) -> bool:
    """Finished, cancelled or paused, or in all lanes that are left a brake waits for a person."""
    left = [lane for lane in progress.lanes if lane.counts.open]
    stopped = bool(left) and all(lane.state is LaneState.STOPPED for lane in left)
    return progress.state in _RESTING or stopped


def follow(
    ws: Workspace,
    campaign: int,
    console: Console,
    until: Callable[[CampaignProgress], bool] = at_rest,
) -> CampaignProgress:
    """Return the standing for which ``until`` first holds.

    Raises ``EngineUnreachable`` when the engine has gone, since nothing moves without it.
    """
    while True:
        progress = campaigns.status(ws, campaign)
        console.progress(bar(progress, console))
        if until(progress):
            console.end_progress()
            return progress
        if ws.engine.progress() is None:
            console.end_progress()
            raise EngineUnreachable(ErrorCode.ENGINE_NOT_RUNNING, path=str(ws.directory))
        time.sleep(POLL_SECONDS)


def bar(progress: CampaignProgress, console: Console) -> str:
    """One line: how far, how fast."""
    counts = progress.counts
    done = counts.total - counts.open
    filled = _WIDTH * done // counts.total if counts.total else 0
    text = console.phrase("cli", "bar", done=done, total=counts.total, rate=f"{progress.rate:.1f}")
    return f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {text}"
