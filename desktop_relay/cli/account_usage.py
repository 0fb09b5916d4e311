"""What an account took today and how far its warm-up is, as a document and in sentences."""

from __future__ import annotations

from typing import Any

from desktop_relay.cli.console import Console
from desktop_relay.domain.brake import BrakeFinding
from desktop_relay.operations.account_usage import AccountUsage


def usage_document(found: AccountUsage) -> dict[str, Any]:
    """``route usage``."""
    return {
        "route": found.route.name,
        "today": found.today,
        "hour": found.hour,
        "elsewhere": found.elsewhere,
        "left": found.left,
        "daily_quota": found.route.daily_quota,
        "hourly_quota": found.route.hourly_quota,
        "warmup": warmup_document(found),
    }


def warmup_document(found: AccountUsage) -> dict[str, Any] | None:
    """How far its plan is; ``None`` without one."""
    standing = found.warmup
    if standing is None:
        return None
    return {
        "account": found.route.name,
        "sent": found.today,
        "allowance": standing.allowance,
        "day": standing.step,
        "days": standing.days,
        "found": standing.found.cause if standing.found is not None else None,
        "held_by": standing.held_by.cause if standing.held_by is not None else None,
    }


def show_usage(found: AccountUsage, console: Console) -> None:
    """What was counted, what may still go, and the warm-up."""
    counted = {"today": f"{found.today:,}", "hour": f"{found.hour:,}", "elsewhere": f"{found.elsewhere:,}"}
    print(console.phrase("cli", "usage_today", name=found.route.name, **counted))
    if found.left is not None:
        print(console.phrase("cli", "usage_left", left=f"{found.left:,}"))
    show_warmup(found, console)


def show_warmup(found: AccountUsage, console: Console) -> None:
    """Which day of its plan it is, what of it was sent, and what holds it."""
    standing = found.warmup
    if standing is None:
        return
    told = {"sent": f"{found.today:,}", "allowance": f"{standing.allowance:,}"}
    day = {"day": standing.step, "days": standing.days}
    print(console.phrase("warmup", "today", name=found.route.name, **told, **day))
    if standing.held_by is not None:
        print(console.phrase("warmup", "held", sign=_sign(standing.held_by, console)))
    if standing.found is not None:
        print(console.phrase("warmup", "found", sign=_sign(standing.found, console)))


def _sign(found: BrakeFinding, console: Console) -> str:
    return console.phrase("warmup_signs", found.cause.value, number=found.number, sample=found.sample)
