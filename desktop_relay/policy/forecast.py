"""When lanes will be through, and which rule decides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf

from desktop_relay.domain.lane import LaneReason
from desktop_relay.policy.accounts_play import Account
from desktop_relay.policy.flow import FARTHEST, Demand, Passed, play_flow
from desktop_relay.policy.gate import Gate
from desktop_relay.policy.routing import Choice

USUAL_RETRY = timedelta(minutes=15)
"""What most first retries take; who is put off among the last makes a lane end so much later."""

PUT_OFF = 0.03
"""The share of first tries that are put off for a passing reason (estimate: 2 to 5 % are greylisted)."""

_FEW = 3  # people who are taken to wait as usual: so few who wait tell little


@dataclass(frozen=True, slots=True)
class Work:
    """What a campaign has left in a lane, named by its place among the gates.

    ``fresh`` were never tried and may go from ``starts_at`` on, ``tried`` were; ``retries_due`` is when the
    last of ``retries`` is. ``stragglers`` wait for a mailbox to be cleared and are not counted in;
    ``gives_up_at`` is the end of the campaign's time. ``reaches`` is what the way there manages where no rule
    holds it, in real messages a second. ``choice`` is which accounts it goes over, ``None`` for all alike.
    """

    lane: int
    fresh: int
    retries: int = 0
    retries_due: datetime | None = None
    tried: int = 0
    stragglers: int = 0
    starts_at: datetime | None = None
    gives_up_at: datetime | None = None
    reaches: float = inf
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """``end`` is when a lane will be through; ``limit`` is the rule that takes most of the time.

    ``account`` is the one of a pool whose rule that is, where the lane's mail is bound to it.
    """

    end: datetime
    limit: LaneReason
    account: str = ""


def forecast(
    works: Sequence[Work],
    lanes: Sequence[Gate],
    now: datetime,
    *,
    accounts: Sequence[Account] = (),
    reaches: float = inf,
    speed: float = 1.0,
) -> list[Forecast | None]:
    """When each work will be through, ``None`` where nobody can tell.

    ``lanes`` and the ``accounts`` they share are in seconds that pass ``speed`` times as fast as real ones;
    ``reaches`` is as in ``Work``, for all together. Never earlier than the gates allow. Somebody among many
    will be put off: that costs messages, and a retry at the end. What is not over when the campaign gives up
    is over then. Times in the past count as now.
    """
    demands = [
        Demand(
            work.lane,
            work.fresh + work.retries + _twice(work),
            _ahead(work.starts_at, now) * speed,
            work.reaches / speed,
            work.choice,
        )
        for work in works
    ]
    passed = play_flow(demands, lanes, accounts, reaches / speed)
    return [_conclude(work, one, now, speed) for work, one in zip(works, passed, strict=True)]


def _put_off(work: Work) -> float:
    """The share of first tries that are put off: at first the usual one, then what was seen here."""
    return (1 + work.retries) / (1 / PUT_OFF + work.tried)


def _twice(work: Work) -> float:
    """How many of the fresh ones will be put off; half a person is nobody."""
    number = work.fresh * _put_off(work)
    return number if number >= 1 else 0.0


def _tail(work: Work, passed: Passed, now: datetime, speed: float) -> timedelta:
    """How much later than all first tries a lane is through, for those who are put off among the last.

    They wait about as long as the last who is waiting now. The fewer there will be among the last ones, the
    less is waited for them; never so much less that more people would be through earlier.
    """
    usual = USUAL_RETRY / speed
    wait = usual
    if work.retries > 0 and work.retries_due is not None:
        known = max(work.retries_due - now, timedelta())
        wait = (usual * _FEW + known * work.retries) / (_FEW + work.retries)
    lasts = passed.after / USUAL_RETRY.total_seconds()
    return wait * min(1.0, _twice(work) / max(1.0, lasts))


def _ahead(at: datetime | None, now: datetime) -> float:
    return 0.0 if at is None else max(0.0, (at - now).total_seconds())


def _conclude(work: Work, passed: Passed | None, now: datetime, speed: float) -> Forecast | None:
    if passed is None or passed.after / speed > FARTHEST:
        return None
    limit, account = passed.held_by, passed.account
    end = now + timedelta(seconds=passed.after / speed) + _tail(work, passed, now, speed)
    if work.retries > 0 and work.retries_due is not None and work.retries_due > end:
        end, limit, account = work.retries_due, LaneReason.WAITING_FOR_RETRY, ""
    if work.gives_up_at is not None:
        only_stragglers = work.stragglers > 0 and work.fresh <= 0 and work.retries <= 0
        if only_stragglers:
            return Forecast(max(now, work.gives_up_at), LaneReason.WAITING_FOR_RETRY)
        if now < work.gives_up_at < end:
            return Forecast(work.gives_up_at, LaneReason.DEADLINE)
    return Forecast(end, limit, account)
