"""What needs a person: found in the campaigns, their lanes and the accounts; no widgets here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from desktop_relay.domain.brake import BrakeFinding
from desktop_relay.domain.campaign import ROUTE_FAULTS, CampaignState, PauseReason
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.progress import CampaignProgress, LaneProgress

_ALARMING_SHARE = 0.05
_ENOUGH_TO_JUDGE = 20

_ROUTE_CLOSED = (
    LaneReason.QUOTA_USED,
    LaneReason.WARMING_UP,
    LaneReason.ACCOUNTS_RESTING,
    LaneReason.PORT25_BLOCKED,
)


class Trouble(StrEnum):
    """What needs a person, the most urgent first."""

    SIGN_IN = "sign_in"
    PAUSED = "paused"
    BRAKED = "braked"
    CLOSED = "closed"
    RESTING = "resting"
    UNKNOWN = "unknown"
    BOUNCES = "bounces"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing that needs a person: ``count`` people of ``campaign`` (0: of none), or its ``route``.

    ``lanes`` were stopped by their brakes, which ``found`` that where it is one lane. A route is closed for
    ``lane_reason`` until then; ``pause_reason`` is why the campaign stands still. An account of a pool rests
    for ``lane_reason`` and ``cause``, and the ``others`` carry its mail meanwhile.
    """

    trouble: Trouble
    campaign: int = 0
    name: str = ""
    count: int = 0
    route: str = ""
    lanes: tuple[LaneProgress, ...] = ()
    found: BrakeFinding | None = None
    lane_reason: LaneReason = LaneReason.NONE
    until: datetime | None = None
    pause_reason: PauseReason = PauseReason.NONE
    cause: Reason = Reason.NONE
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """A submitted campaign as home shows it; ``start_at`` is when it was planned to begin."""

    campaign: int
    name: str
    state: CampaignState
    practice: bool
    counts: Counts
    submitted_at: datetime | None
    start_at: datetime | None = None


def find_all(
    cards: Iterable[CampaignCard], standings: Sequence[CampaignProgress], unsigned: Iterable[str]
) -> tuple[Attention, ...]:
    """Everything, each once; ``unsigned`` are the accounts that nobody has signed in to. Pure."""
    known = {standing.campaign: standing for standing in standings}
    found = [item for card in cards for item in find_attention(card, known.get(card.campaign))]
    told = {item.route for item in found if item.trouble is Trouble.SIGN_IN}
    missing = [Attention(Trouble.SIGN_IN, route=name) for name in unsigned if name not in told]
    return tuple(sorted((*missing, *_once(found)), key=lambda item: list(Trouble).index(item.trouble)))


def _of_accounts(card: CampaignCard, standing: CampaignProgress) -> Iterator[Attention]:
    """Accounts that are missing in a pool; who has to sign in is told elsewhere."""
    working = tuple(account.account for account in standing.accounts if not account.reason)
    for account in standing.accounts:
        if account.reason and account.cause is not Reason.SIGN_IN_NEEDED:
            yield Attention(
                Trouble.RESTING,
                card.campaign,
                card.name,
                route=account.account,
                lane_reason=account.reason,
                until=account.until,
                cause=account.cause,
                others=working,
            )


def _once(items: Iterable[Attention]) -> Iterator[Attention]:
    """A route is closed for all its campaigns: that is told once."""
    told = set()
    for item in items:
        key = (item.route, item.lane_reason)
        if item.trouble in (Trouble.CLOSED, Trouble.RESTING) and key in told:
            continue
        told.add(key)
        yield item


def find_attention(card: CampaignCard, standing: CampaignProgress | None = None) -> list[Attention]:
    """What of a campaign needs a person; what practice invented needs nobody.

    ``standing`` is how it goes while it is under way.
    """
    if card.practice:
        return []
    found = list(_of_standing(card, standing)) if standing is not None else []
    counts = card.counts if standing is None else standing.counts
    judged = counts.accepted + counts.bounced
    state = card.state if standing is None else standing.state
    if state is CampaignState.PAUSED and not any(i.trouble is Trouble.SIGN_IN for i in found):
        reason = PauseReason.NONE if standing is None else standing.pause_reason
        route = standing.route if standing is not None and reason in ROUTE_FAULTS else ""
        found.insert(
            0,
            Attention(
                Trouble.PAUSED, card.campaign, card.name, counts.open, route=route, pause_reason=reason
            ),
        )
    if counts.unknown:
        found.append(Attention(Trouble.UNKNOWN, card.campaign, card.name, counts.unknown))
    if judged >= _ENOUGH_TO_JUDGE and counts.bounced / judged > _ALARMING_SHARE:
        found.append(Attention(Trouble.BOUNCES, card.campaign, card.name, counts.bounced))
    if counts.held:
        found.append(Attention(Trouble.HELD, card.campaign, card.name, counts.held))
    return found


def _of_standing(card: CampaignCard, standing: CampaignProgress) -> Iterator[Attention]:
    if standing.state is CampaignState.PAUSED:
        if standing.pause_reason is PauseReason.SIGN_IN_NEEDED:
            yield Attention(Trouble.SIGN_IN, card.campaign, card.name, card.counts.open, route=standing.route)
        elif standing.pause_reason in ROUTE_FAULTS:
            # which of the accounts it was; nothing goes on by itself when they have rested
            yield from (replace(item, until=None) for item in _of_accounts(card, standing))
        return
    stopped = tuple(
        lane for lane in standing.lanes if lane.state is LaneState.STOPPED and not lane.brake_left
    )
    if stopped:
        yield Attention(
            Trouble.BRAKED,
            card.campaign,
            card.name,
            sum(lane.counts.open for lane in stopped),
            lanes=stopped,
            found=stopped[0].brake if len(stopped) == 1 else None,
        )
    for reason in _ROUTE_CLOSED:
        lanes = [lane for lane in standing.lanes if lane.reason is reason]
        if lanes:
            until = min((lane.until for lane in lanes if lane.until is not None), default=None)
            yield Attention(
                Trouble.CLOSED,
                card.campaign,
                card.name,
                sum(lane.counts.open for lane in lanes),
                route=standing.route,
                lane_reason=reason,
                until=until,
            )
    yield from _of_accounts(card, standing)
