"""A practice campaign half way to the sample's people, whose ledger and progress agree with each other."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from desktop_relay.domain.address import domain_of
from desktop_relay.domain.contact import Contact
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.progress import CampaignProgress, LaneProgress, LastReply
from desktop_relay.domain.query import ContactQuery
from desktop_relay.domain.recipient import LedgerRow, RecipientState
from desktop_relay.operations import campaigns, contacts
from desktop_relay.operations.carriers import load_directory
from desktop_relay.operations.workspace import Workspace

MINUTES = 39
_SHARES = {"google": 1.0, "docomo": 0.71, "yahoo_jp": 0.4, "au": 0.49, "softbank": 0.63, "apple": 0.78}
_OTHER_SHARE = 0.35
_TROUBLED = {
    2: RecipientState.DEFERRED,
    3: RecipientState.BOUNCED,
    8: RecipientState.DEFERRED,
    11: RecipientState.UNKNOWN,
}
_PARTICULAR = {
    "yahoo_jp": (LaneState.PAUSED, LaneReason.USER_PAUSED, Reason.NONE),
    "au": (LaneState.SLOWED, LaneReason.REPLIES, Reason.CONNECTION_LIMIT),
    "outlook": (LaneState.SUSPENDED, LaneReason.BLOCKED, Reason.BLOCKED),
}
_REPLIES = {
    RecipientState.ACCEPTED: (250, "2.0.0", "Ok", Reason.ACCEPTED),
    RecipientState.DEFERRED: (421, "4.7.0", "too many connections", Reason.CONNECTION_LIMIT),
    RecipientState.BOUNCED: (550, "5.1.1", "Unknown user", Reason.UNKNOWN_USER),
    RecipientState.UNKNOWN: (None, None, "", Reason.LOST_AFTER_DATA),
    RecipientState.HELD: (None, None, "", Reason.NO_CONSENT),
    RecipientState.PENDING: (None, None, "", Reason.NONE),
}


def rows_of_people(ws: Workspace, now: datetime, *, most: int = 0, finished: bool = False) -> list[LedgerRow]:
    """Everybody of the address book, or the first ``most``, as far as the campaign has come."""
    ids = contacts.list_ids(ws, ContactQuery())
    people = contacts.rows(ws, ids[:most] if most else ids)
    lanes = [_lane_of(person) for person in people]
    totals, seen = Counter(lanes), Counter[str]()
    rows = []
    for place, (person, lane) in enumerate(zip(people, lanes, strict=True)):
        share = 1.0 if finished else _SHARES.get(lane, _OTHER_SHARE)
        state = _state_of(person, place, seen[lane] < share * totals[lane], share)
        seen[lane] += 1
        rows.append(_row(person, place, lane, state, now))
    return rows


def _lane_of(person: Contact) -> str:
    domain = domain_of(person.email)
    return load_directory().lane_of_domain(domain) or domain


def _state_of(person: Contact, place: int, reached: bool, share: float) -> RecipientState:
    if not person.has_consent:
        return RecipientState.HELD
    if not reached:
        return RecipientState.PENDING
    if place in _TROUBLED and share < 1:
        return _TROUBLED[place]
    luck = place * 7919 % 1000
    if luck < 14:
        return RecipientState.BOUNCED
    return RecipientState.DEFERRED if luck < 26 and share < 1 else RecipientState.ACCEPTED


def _row(person: Contact, place: int, lane: str, state: RecipientState, now: datetime) -> LedgerRow:
    code, enhanced, text, reason = _REPLIES[state]
    tried = state not in (RecipientState.HELD, RecipientState.PENDING)
    done = now - timedelta(seconds=8 - place % 8)
    return LedgerRow(
        recipient=place + 1,
        address=person.email,
        name=person.name,
        lane=lane,
        state=state,
        attempts=int(tried),
        code=code,
        enhanced=enhanced,
        text=text,
        reason=reason,
        mx=f"mx1.{domain_of(person.email)}:25" if tried else None,
        tls="TLSv1.3 TLS_AES_256_GCM_SHA384 opportunistic" if tried else None,
        next_attempt=now + timedelta(minutes=11) if state is RecipientState.DEFERRED else None,
        message_id=f"<{place}@example.jp>",
        accepted_at=done if state is RecipientState.ACCEPTED else None,
        updated_at=done,
    )


def portrait(ws: Workspace, campaign: int, rows: list[LedgerRow], now: datetime) -> CampaignProgress:
    """What an engine would say of it: the ledger's counts, and paces and ends that follow from them."""
    standing = campaigns.status(ws, campaign)
    lanes = tuple(_lane(lane, place, now) for place, lane in enumerate(standing.lanes))
    waiting = next(row for row in rows if row.state is RecipientState.DEFERRED)
    reply = LastReply(
        lane=waiting.lane,
        address=waiting.address,
        code=waiting.code,
        enhanced=waiting.enhanced,
        text=waiting.text,
        reason=waiting.reason,
        state=waiting.state,
        next_attempt=waiting.next_attempt,
        at=now,
    )
    ends = [lane.eta for lane in lanes if lane.eta is not None]
    return replace(
        standing,
        rate=round(sum(lane.pace_actual for lane in lanes), 2),
        started_at=now - timedelta(minutes=MINUTES),
        eta=max(ends),
        lanes=lanes,
        last_reply=reply,
    )


def _lane(lane: LaneProgress, place: int, now: datetime) -> LaneProgress:
    usual = (LaneState.RUNNING, LaneReason.PROFILE, Reason.NONE)
    state, reason, cause = _PARTICULAR.get(lane.lane, usual)
    if lane.counts.open == 0:
        state, reason, cause = LaneState.FINISHED, LaneReason.DONE, Reason.NONE
    mean = lane.counts.accepted / MINUTES
    history = [_minute(mean, minute, place, state) for minute in range(MINUTES)]
    scale = lane.counts.accepted / (sum(history) or 1)
    goes = state in (LaneState.RUNNING, LaneState.SLOWED)
    actual = history[-1] * scale / 60 if goes else 0.0
    ends = lane.counts.open / actual / 60 if goes and actual else None
    rests = state is LaneState.SUSPENDED
    if rests:
        ends = 17 + lane.counts.open / mean
    return replace(
        lane,
        state=state,
        reason=reason,
        cause=cause,
        pace_allowed=_round_up(max(actual, mean / 60)),
        pace_actual=actual,
        connections=2,
        until=now + timedelta(minutes=17) if rests else None,
        eta=now + timedelta(minutes=ends) if ends is not None else None,
        history=tuple(value * scale for value in history),
    )


def _minute(mean: float, minute: int, place: int, state: LaneState) -> float:
    wave = 1 + 0.06 * math.sin(minute * 0.9 + place)
    shapes: Mapping[LaneState, float] = {
        LaneState.RUNNING: 0.7 + min(minute, 20) / 60,
        LaneState.SLOWED: 1.0 if minute < 22 else 0.5,
        LaneState.FINISHED: float(minute < 31),
    }
    return mean * wave * shapes.get(state, float(minute < 25))


def _round_up(pace: float) -> float:
    step = 10 ** math.floor(math.log10(pace)) / 10
    return math.ceil(pace * 1.03 / step) * step
