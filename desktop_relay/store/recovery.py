"""Steps that many recipients take together, in slices: recover, cancel, retry, resend, expire."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.errors import ErrorCode, NotFound, Refused
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.settlement import Recovered
from desktop_relay.store.connection import Database
from desktop_relay.store.contacts import ids_json
from desktop_relay.store.counters import Place, load_places
from desktop_relay.store.slicing import Slices, at_once
from desktop_relay.store.snapshots import load_campaign_row
from desktop_relay.store.times import to_ms
from desktop_relay.store.transitions import EVERYBODY, Clause, find, move_all, slices_of
from desktop_relay.store.usage import add_usage, step_of

_S = RecipientState
_WAITING = (_S.PENDING, _S.READY, _S.DEFERRED)
_BEGUN = (
    "SELECT id FROM campaigns WHERE state IN ('sending', 'paused') "
    "AND (started_at IS NOT NULL OR json_extract(snapshot, '$.start_at') IS NULL)"
)
"""Campaigns whose people do not wait for a start that is still to come."""

RESENDABLE = frozenset({_S.UNKNOWN, _S.HELD, _S.EXPIRED, _S.CANCELLED, _S.DEFERRED})
"""Whom a person may send to again: nothing says that their mail arrived, or that it never will."""


def recover(db: Database, at: datetime) -> Slices[Recovered]:
    """Nobody can say what became of a transaction that was under way; a lease was not used yet.

    A cancellation that broke off is carried to its end.
    """
    ahead = _last_word(db) - to_ms(at)
    if ahead > 0:
        yield from bring_forward(db, timedelta(milliseconds=-ahead), at)
    with db.transaction():
        recovered = _recover_leased(db, at)
    for campaign in _half_cancelled(db):
        yield from cancel(db, campaign, at)
    return recovered


def _recover_leased(db: Database, at: datetime) -> Recovered:
    """In one transaction, since it counts what accounts may have taken; never more than were leased."""
    now = to_ms(at)
    moved: Clause = ("updated_at = ?", [now])
    for campaign in _campaigns(db):
        _mark_attempts(db, campaign)
    add_usage(db, _doubtful(db, step_of(at)))
    in_doubt: Clause = (
        "updated_at = ?, reason = ?, code = NULL, enhanced = NULL, text = '', tls = NULL",
        [now, Reason.ENGINE_STOPPED.value],
    )
    unknown = at_once(move_all(db, None, _S.IN_FLIGHT, _S.UNKNOWN, in_doubt))
    released = at_once(move_all(db, None, _S.READY, _S.PENDING, moved, ("attempts = 0", [])))
    released += at_once(move_all(db, None, _S.READY, _S.DEFERRED, moved))
    return Recovered(unknown, released)


def _half_cancelled(db: Database) -> list[int]:
    waiting = json.dumps(_WAITING)
    rows = db.rows(
        "SELECT DISTINCT campaign FROM counters JOIN campaigns ON id = campaign WHERE campaigns.state = ? "
        "AND n > 0 AND counters.state IN (SELECT value FROM json_each(?))",
        [CampaignState.CANCELLED.value, waiting],
    )
    return [row[0] for row in rows]


def bring_forward(db: Database, by: timedelta, at: datetime) -> Slices[int]:
    """The clock was set back: who waited for a moment waits for the same moment by the new clock.

    ``by`` is below zero, ``at`` what the clock says now. Answers how many recipients. What a person named as
    a time of day — a start, an end — stays as it was named.
    """
    now, shift = to_ms(at), round(by / timedelta(milliseconds=1))
    live = {row[0] for row in db.rows(_BEGUN)}
    moved = 0
    for state in _WAITING:
        for place in load_places(db, state):
            if place[0] in live:
                moved += yield from _bring_forward(db, place, shift, now)
    # what lanes remember is told as so long before that moment, or after it
    db.execute("UPDATE lane_memory SET at = min(at + ?1, ?2) WHERE at > ?2", [shift, now])
    return moved


def _bring_forward(db: Database, place: Place, shift: int, now: int) -> Slices[int]:
    sql = (
        "UPDATE recipients SET due_at = max(due_at + ?, ?) "
        "WHERE id IN (SELECT value FROM json_each(?)) AND state = ?"
    )
    moved = 0
    for ids in slices_of((yield from find(db, place, ("due_at > ?", [now])))):
        moved += db.execute(sql, [shift, now, ids_json(ids), place[2]]).rowcount
        yield
    return moved


def _last_word(db: Database) -> int:
    """Milliseconds of the last moment that an engine wrote down, which it does every few seconds."""
    return db.number("SELECT max(at) FROM lane_memory")


def _doubtful(db: Database, step: int) -> dict[tuple[str, int], int]:
    """What accounts may have taken when the engine died; in a pool any of them, so it counts for all."""
    used: Counter[tuple[str, int]] = Counter()
    rows = db.rows(
        "SELECT campaign, sum(n) FROM counters WHERE state = 'in_flight' AND n > 0 GROUP BY campaign"
    )
    for campaign, number in rows:
        submitted = load_campaign_row(db, campaign)
        if submitted is not None:
            route = submitted.snapshot.route
            for name in (route.name, *route.named):
                used[name, step] += number
    return used


def _campaigns(db: Database) -> list[int]:
    rows = db.rows("SELECT DISTINCT campaign FROM counters WHERE state = 'in_flight' AND n > 0")
    return [row[0] for row in rows]


def _mark_attempts(db: Database, campaign: int) -> None:
    db.execute(
        "UPDATE attempts SET reason = ? WHERE ended_at IS NULL AND (recipient, number) IN "
        "(SELECT id, attempts FROM recipients WHERE campaign = ? AND state = 'in_flight' AND lane IN "
        "(SELECT lane FROM counters WHERE campaign = ? AND state = 'in_flight' AND n > 0))",
        [Reason.ENGINE_STOPPED.value, campaign, campaign],
    )


def cancel(db: Database, campaign: int, at: datetime) -> Slices[int]:
    """Cancel who waits and who is leased; a hold is a person's to decide, and keeps its reason."""
    changes: Clause = ("updated_at = ?, reason = ?", [to_ms(at), Reason.CANCELLED.value])
    cancelled = 0
    for state in _WAITING:
        cancelled += yield from move_all(db, campaign, state, _S.CANCELLED, changes)
    return cancelled


def retry_now(db: Database, campaign: int, recipient: int | None, at: datetime) -> Slices[int]:
    """Due at once; answers how many were deferred. Raises ``NotFound``."""
    condition = EVERYBODY
    if recipient is not None:
        if not db.row("SELECT 1 FROM recipients WHERE id = ? AND campaign = ?", [recipient, campaign]):
            raise NotFound(ErrorCode.NO_SUCH_RECIPIENT, recipient=recipient)
        condition = ("id = ?", [recipient])
    changes: Clause = ("updated_at = ?, due_at = ?", [to_ms(at), to_ms(at)])
    return (yield from move_all(db, campaign, _S.DEFERRED, _S.PENDING, changes, condition))


def resend(db: Database, campaign: int, state: RecipientState, at: datetime) -> Slices[int]:
    """Pending again with the campaign's whole time before them; raises ``Refused``."""
    now = to_ms(at)
    if count_resendable(db, campaign, state):
        # as long as the campaign was given at first, counted from now; before anybody could expire
        db.execute(
            "UPDATE campaigns SET expires_at = max(expires_at, ? + json_extract(snapshot, '$.expires_at')"
            " - coalesce(json_extract(snapshot, '$.start_at'), submitted_at)) "
            "WHERE id = ? AND expires_at IS NOT NULL",
            [now, campaign],
        )
    changes: Clause = ("updated_at = ?, due_at = ?, reason = ''", [now, now])
    return (yield from move_all(db, campaign, RecipientState(state), _S.PENDING, changes))


def count_resendable(db: Database, campaign: int, state: RecipientState) -> int:
    """How many ended in ``state``; raises ``Refused`` for one that nobody is sent to again from."""
    if state not in RESENDABLE:
        raise Refused(ErrorCode.TRANSITION_REFUSED, campaign=campaign, state=str(state), to=_S.PENDING.value)
    return sum(load_places(db, state, campaign).values())


def expire(db: Database, campaign: int, at: datetime) -> Slices[int]:
    """Expire who waits once the campaign's time is over."""
    now = to_ms(at)
    if not db.row("SELECT 1 FROM campaigns WHERE id = ? AND expires_at <= ?", [campaign, now]):
        return 0
    changes: Clause = ("updated_at = ?, reason = ?", [now, Reason.EXPIRED.value])
    expired = 0
    for state in (_S.PENDING, _S.DEFERRED):
        expired += yield from move_all(db, campaign, state, _S.EXPIRED, changes)
    return expired
