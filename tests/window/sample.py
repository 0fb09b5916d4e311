"""A campaign as it might stand half way, made up and always the same: for pictures and page tests."""

# ruff: noqa: E501  (tables of samples read better in one line each)

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from desktop_relay.domain.campaign import CampaignKind, CampaignState, PauseReason
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.progress import CampaignProgress, LaneProgress, LastReply, Progress
from desktop_relay.domain.recipient import AttemptRow, LedgerRow, RecipientState
from desktop_relay.domain.route import RouteKind

NOW = datetime(2026, 11, 24, 4, 41, 10, tzinfo=UTC)
CAMPAIGN = 7

_S = LaneState
_R = LaneReason
# lane, name, name_ja, domains, total, accepted, deferred, bounced, allowed, actual, state, reason, minutes to go
_LANES = (
    ("gmail", "Gmail", "Gmail", ("gmail.com", "googlemail.com"), 5100, 5048, 0, 52, 50.0, 0.0, _S.FINISHED, _R.DONE, None),
    ("docomo", "NTT docomo", "NTTドコモ", ("docomo.ne.jp",), 4120, 2890, 61, 29, 1.2, 1.04, _S.RUNNING, _R.PROFILE, 39),
    ("yahoo", "Yahoo! JAPAN", "Yahoo! JAPAN", ("yahoo.co.jp", "ybb.ne.jp"), 3820, 1428, 0, 82, 10.0, 0.0, _S.PAUSED, _R.USER_PAUSED, None),
    ("au", "au / UQ", "au / UQ", ("au.com", "ezweb.ne.jp", "uqmobile.jp"), 2600, 1190, 96, 24, 0.6, 0.58, _S.SLOWED, _R.REPLIES, 51),
    ("softbank", "SoftBank", "ソフトバンク", ("softbank.ne.jp", "i.softbank.jp", "vodafone.ne.jp", "ymobile.ne.jp"), 2240, 1364, 42, 14, 1.0, 0.97, _S.RUNNING, _R.PROFILE, 35),
    ("icloud", "iCloud", "iCloud", ("icloud.com", "me.com"), 980, 702, 8, 20, 5.0, 1.9, _S.RUNNING, _R.PROFILE, 3),
    ("outlook", "Outlook.com", "Outlook.com", ("outlook.jp", "hotmail.com"), 640, 201, 5, 3, 2.0, 0.0, _S.SUSPENDED, _R.BLOCKED, 64),
    ("rakuten", "Rakuten Mobile", "楽天モバイル", ("rakumail.jp",), 210, 60, 0, 2, None, 0.8, _S.RUNNING, _R.UNLIMITED, 4),
)  # fmt: skip


def _history(seed: int, height: float, shape: str) -> tuple[float, ...]:
    values = []
    for minute in range(39):
        wave = 0.06 * math.sin(minute * 0.9 + seed)
        base = {
            "flat": 1.0,
            "rise": 0.45 + minute / 70,
            "dip": 1.0 if minute < 22 else 0.5,
            "stop": float(minute < 25),
        }[shape]
        values.append(round(max(0.0, height * (base + (wave if base else 0))), 2))
    return tuple(values)


def _lane(place: int, now: datetime) -> LaneProgress:
    (
        key,
        name,
        name_ja,
        domains,
        total,
        accepted,
        deferred,
        bounced,
        allowed,
        actual,
        state,
        reason,
        minutes,
    ) = _LANES[place]
    shapes = {
        _S.FINISHED: "flat",
        _S.RUNNING: "rise",
        _S.SLOWED: "dip",
        _S.PAUSED: "stop",
        _S.SUSPENDED: "stop",
    }
    waits = state in (_S.SLOWED, _S.SUSPENDED)
    return LaneProgress(
        lane=key,
        name=name,
        name_ja=name_ja,
        domains=domains,
        counts=Counts(
            pending=total - accepted - deferred - bounced,
            accepted=accepted,
            deferred=deferred,
            bounced=bounced,
        ),
        pace_allowed=allowed,
        pace_actual=actual,
        connections=2,
        state=state,
        reason=reason,
        until=now + timedelta(minutes=17) if waits else None,
        eta=now + timedelta(minutes=minutes) if minutes is not None else None,
        history=_history(place, max(1.0, (allowed or 1.0) * 55), shapes[state]),
        cause=Reason.CONNECTION_LIMIT
        if state is _S.SLOWED
        else Reason.BLOCKED
        if state is _S.SUSPENDED
        else Reason.NONE,
    )


def _small_lane(number: int, now: datetime) -> LaneProgress:
    name = ("nifty.example", "ocn.example", "example-shop.example")[number % 3]
    return LaneProgress(
        lane=f"mx:{number}.{name}",
        name=name if number < 3 else f"{number}.{name}",
        name_ja="",
        domains=(name,),
        counts=Counts(pending=4, accepted=4, held=1 if number == 3 else 0, unknown=1 if number == 5 else 0),
        pace_allowed=2.0,
        pace_actual=0.01,
        connections=1,
        state=_S.RUNNING,
        reason=_R.PROFILE,
        eta=now + timedelta(minutes=18),
        history=tuple(0.1 for _ in range(39)),
    )


def make_campaign(
    now: datetime = NOW,
    *,
    number: int = CAMPAIGN,
    name: str = "秋の新着コレクション 2026",
    state: CampaignState = CampaignState.SENDING,
    pause_reason: PauseReason = PauseReason.NONE,
    route_kind: RouteKind = RouteKind.SANDBOX,
    small_lanes: int = 38,
) -> CampaignProgress:
    """The campaign half way."""
    lanes = (
        *(_lane(place, now) for place in range(len(_LANES))),
        *(_small_lane(place, now) for place in range(small_lanes)),
    )
    reply = LastReply(
        lane="au",
        address="yoko88@ezweb.ne.jp",
        code=421,
        enhanced="4.7.0",
        text="too many connections, try again later",
        reason=Reason.CONNECTION_LIMIT,
        state=RecipientState.DEFERRED,
        next_attempt=now + timedelta(minutes=11),
        at=now,
    )
    return CampaignProgress(
        campaign=number,
        name=name,
        kind=CampaignKind.CAMPAIGN,
        state=state,
        pause_reason=pause_reason,
        route="sandbox" if route_kind is RouteKind.SANDBOX else "会社のSMTP",
        route_kind=route_kind,
        sender="shop@example.jp",
        speed=20.0 if route_kind is RouteKind.SANDBOX else 1.0,
        counts=Counts.sum(lane.counts for lane in lanes),
        rate=9.4,
        submitted_at=now - timedelta(minutes=40),
        started_at=now - timedelta(minutes=39),
        finished_at=None,
        eta=now + timedelta(minutes=64),
        lanes=lanes,
        last_reply=reply,
    )


def make_progress(*campaigns: CampaignProgress) -> Progress:
    """The engine's snapshot of these campaigns."""
    return Progress(
        pid=1,
        version="0",
        uptime=2400.0,
        memory=90_000_000,
        generation=12,
        campaigns=campaigns or (make_campaign(),),
    )


_P = RecipientState
_PEOPLE = (
    ("misaki.s@docomo.ne.jp", "佐藤 美咲", "docomo", _P.ACCEPTED, 1, 250, "2.0.0", "Ok", Reason.ACCEPTED),
    ("ren..t@docomo.ne.jp", "髙橋 蓮", "docomo", _P.ACCEPTED, 1, 250, "2.0.0", "Ok", Reason.ACCEPTED),
    ("yoko88@ezweb.ne.jp", "伊藤 陽子", "au", _P.DEFERRED, 2, 421, "4.7.0", "too many connections", Reason.CONNECTION_LIMIT),
    ("old-addr@docomo.ne.jp", "鈴木 大輔", "docomo", _P.BOUNCED, 1, 550, "5.1.1", "Unknown user", Reason.UNKNOWN_USER),
    ("full@softbank.ne.jp", "渡辺 健一", "softbank", _P.DEFERRED, 1, 452, "4.2.2", "mailbox full", Reason.MAILBOX_FULL),
    ("watanabe.k@yahoo.co.jp", "渡辺 健一", "yahoo", _P.PENDING, 0, None, None, "", Reason.NONE),
    ("m.sakiyama@icloud.com", "﨑山 誠", "icloud", _P.ACCEPTED, 1, 250, "2.0.0", "Ok", Reason.ACCEPTED),
    ("nakata@example-shop.example", "中田", "mx:2.example-shop.example", _P.UNKNOWN, 1, None, None, "", Reason.LOST_AFTER_DATA),
    ("sakura-y@softbank.ne.jp", "山本 さくら", "softbank", _P.ACCEPTED, 1, 250, "2.0.0", "Ok", Reason.ACCEPTED),
    ("stop@example.jp", "加藤", "mx:1.ocn.example", _P.SUPPRESSED, 0, None, None, "", Reason.SUPPRESSED_UNSUBSCRIBED),
    ("nomemo@example.jp", "", "mx:1.ocn.example", _P.HELD, 0, None, None, "", Reason.NO_CONSENT),
)  # fmt: skip


def _crowd(number: int) -> int:
    """Which of the people a later number is like: most are accepted or wait, few have trouble."""
    place = number * 7919 % 1000
    likes = ((655, (0, 1, 6, 8)), (977, (5,)), (988, (2, 4)), (1000, (3,)))
    some = next(people for limit, people in likes if place < limit)
    return some[number % len(some)]


def make_row(number: int, now: datetime = NOW) -> LedgerRow:
    """A recipient of the campaign; numbers beyond the first few repeat with other addresses."""
    turn = number // len(_PEOPLE)
    pick = number if not turn else _crowd(number)
    address, name, lane, state, attempts, code, enhanced, text, reason = _PEOPLE[pick % len(_PEOPLE)]
    done = now - timedelta(seconds=8 - number % 8)
    return LedgerRow(
        recipient=number + 1,
        address=address if not turn else f"r{number}.{address}",
        name=name,
        lane=lane,
        state=state,
        attempts=attempts,
        code=code,
        enhanced=enhanced,
        text=text,
        reason=reason,
        mx="msmx.au.example:25" if attempts else None,
        tls="TLSv1.3 TLS_AES_256_GCM_SHA384 opportunistic" if attempts else None,
        next_attempt=now + timedelta(minutes=11) if state is _P.DEFERRED else None,
        message_id=f"<{number}@example.jp>",
        accepted_at=done if state is _P.ACCEPTED else None,
        updated_at=done,
    )


def make_attempts(number: int, now: datetime = NOW) -> list[AttemptRow]:
    """The tries of one of the made-up recipients."""
    return attempts_of(make_row(number, now), now)


def attempts_of(row: LedgerRow, now: datetime) -> list[AttemptRow]:
    """The tries of a recipient; the last one with its conversation."""
    lines = (
        "C: MAIL FROM:<shop@example.jp>",
        "S: 250 2.1.0 Ok",
        f"C: RCPT TO:<{row.address}>",
        f"S: {row.code or 250} {row.enhanced or ''} {row.text}".rstrip(),
    )
    return [
        AttemptRow(
            number=attempt,
            started_at=now - timedelta(minutes=19 * (row.attempts - attempt) + 3),
            ended_at=now - timedelta(minutes=19 * (row.attempts - attempt) + 3),
            stage="rcpt",
            code=row.code,
            enhanced=row.enhanced,
            text=row.text,
            reason=row.reason,
            host=row.mx,
            tls=row.tls,
            transcript=lines if attempt == row.attempts else (),
        )
        for attempt in range(1, row.attempts + 1)
    ]
