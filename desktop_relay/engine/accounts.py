"""How each account of a pool is doing, for people: at work, or closed until then, and why."""

from __future__ import annotations

from datetime import datetime, timedelta

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.progress import AccountProgress
from desktop_relay.domain.route import RouteKind
from desktop_relay.engine.egress import Egress
from desktop_relay.engine.line import Line

_MISSING = {
    PauseReason.PASSWORD_MISSING: Reason.PASSWORD_MISSING,
    PauseReason.SIGN_IN_NEEDED: Reason.SIGN_IN_NEEDED,
}


def compose_accounts(line: Line | None, now: datetime) -> tuple[AccountProgress, ...]:
    """Of a pool all its accounts in their order; of any other route none."""
    if line is None or line.route.kind is not RouteKind.POOL:
        return ()
    return tuple(_compose_account(egress, line, now) for egress in line.egresses)


def _compose_account(egress: Egress, line: Line, now: datetime) -> AccountProgress:
    if egress.problem is not PauseReason.NONE:
        cause = _MISSING.get(egress.problem, Reason.NONE)
        return AccountProgress(egress.name, LaneReason.ACCOUNTS_RESTING, cause=cause)
    at = line.clock.monotonic()
    seconds = egress.closed_for(at)
    if seconds <= 0:
        return AccountProgress(egress.name)
    why, until = egress.why_closed(at), now + timedelta(seconds=seconds / line.speed)
    cause = egress.trouble if why is LaneReason.ACCOUNTS_RESTING else Reason.NONE
    return AccountProgress(egress.name, why, until, cause)
