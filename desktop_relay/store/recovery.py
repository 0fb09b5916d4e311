"""Steps that many recipients take at once: recover, cancel, retry, resend, expire."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from desktop_relay.domain.errors import ErrorCode, NotFound, Refused
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.settlement import Recovered
from desktop_relay.store.connection import Database
from desktop_relay.store.snapshots import load_campaign_row
from desktop_relay.store.times import to_ms
from desktop_relay.store.transitions import move_all
from desktop_relay.store.usage import add_usage, step_of

_S = RecipientState
RESENDABLE = frozenset({_S.UNKNOWN, _S.HELD, _S.EXPIRED, _S.CANCELLED, _S.DEFERRED})
"""Whom a person may send to again: nothing says that their mail arrived, or that it never will."""


def recover(db: Database, at: datetime) -> Recovered:
    """Nobody can say what became of a transaction that was under way; a lease was not used yet."""
    now = to_ms(at)
    moved: tuple[str, list[object]] = ("updated_at = ?", [now])
    with db.transaction():
        ahead = _last_word(db) - now
        if ahead > 0:
            bring_forward(db, timedelta(milliseconds=-ahead), at)
        for campaign in _campaigns(db):
            _mark_attempts(db, campaign)
        add_usage(db, _doubtful(db, step_of(at)))
        unknown = move_all(
            db,
            None,
            _S.IN_FLIGHT,
            _S.UNKNOWN,
            (
                "updated_at = ?, reason = ?, code = NULL, enhanced = NULL, text = '', tls = NULL",
                [now, Reason.ENGINE_STOPPED.value],
            ),
        )
        released = move_all(db, None, _S.READY, _S.PENDING, moved, ("attempts = 0", []))
        released += move_all(db, None, _S.READY, _S.DEFERRED, moved)
    return Recovered(unknown, released)


def bring_forward(db: Database, by: timedelta, at: datetime) -> int:
    """The clock was set back: who waited for a moment waits for the same moment by the new clock.

    ``by`` is below zero, ``at`` what the clock says now. Answers how many recipients. What a person named as
    a time of day — a start, an end — stays as it was named.
    """
    now, shift = to_ms(at), round(by / timedelta(milliseconds=1))
    moved = 0
    with db.transaction():
        for state in (_S.PENDING, _S.READY, _S.DEFERRED):
            moved += db.execute(
                "UPDATE recipients SET due_at = max(due_at + ?1, ?2) WHERE state = ?3 AND due_at > ?2 AND "
                "(campaign, lane) IN (SELECT campaign, lane FROM counters JOIN campaigns ON id = campaign "
                "WHERE counters.state = ?3 AND n > 0 AND campaigns.state IN ('sending', 'paused'))",
                [shift, now, state.value],
            ).rowcount
        # what lanes remember is told as so long before that moment, or after it
        db.execute("UPDATE lane_memory SET at = min(at + ?1, ?2) WHERE at > ?2", [shift, now])
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


def cancel(db: Database, campaign: int, at: datetime) -> int:
    """Cancel who waits and who is leased; a hold is a person's to decide, and keeps its reason."""
    changes: tuple[str, list[object]] = (
        "updated_at = ?, reason = ?",
        [to_ms(at), Reason.CANCELLED.value],
    )
    with db.transaction():
        waiting = (_S.PENDING, _S.READY, _S.DEFERRED)
        return sum(move_all(db, campaign, state, _S.CANCELLED, changes) for state in waiting)


def retry_now(db: Database, campaign: int, recipient: int | None, at: datetime) -> int:
    """Due at once; answers how many were deferred. Raises ``NotFound``."""
    changes: tuple[str, list[object]] = ("updated_at = ?, due_at = ?", [to_ms(at), to_ms(at)])
    with db.transaction():
        if recipient is None:
            return move_all(db, campaign, _S.DEFERRED, _S.PENDING, changes)
        if not db.number(
            "SELECT count(*) FROM recipients WHERE id = ? AND campaign = ?", [recipient, campaign]
        ):
            raise NotFound(ErrorCode.NO_SUCH_RECIPIENT, recipient=recipient)
        return move_all(db, campaign, _S.DEFERRED, _S.PENDING, changes, ("id = ?", [recipient]))


def resend(db: Database, campaign: int, state: RecipientState, at: datetime) -> int:
    """Pending again with the campaign's whole time before them; raises ``Refused``."""
    if state not in RESENDABLE:
        raise Refused(ErrorCode.TRANSITION_REFUSED, campaign=campaign, state=str(state), to=_S.PENDING.value)
    now = to_ms(at)
    with db.transaction():
        moved = move_all(
            db,
            campaign,
            RecipientState(state),
            _S.PENDING,
            ("updated_at = ?, due_at = ?, reason = ''", [now, now]),
        )
        if moved:
            # as long as the campaign was given at first, counted from now
            db.execute(
                "UPDATE campaigns SET expires_at = max(expires_at, ? + json_extract(snapshot, '$.expires_at')"
                " - coalesce(json_extract(snapshot, '$.start_at'), submitted_at)) "
                "WHERE id = ? AND expires_at IS NOT NULL",
                [now, campaign],
            )
    return moved


def expire(db: Database, campaign: int, at: datetime) -> int:
    """Expire who waits once the campaign's time is over."""
    now = to_ms(at)
    changes: tuple[str, list[object]] = ("updated_at = ?, reason = ?", [now, Reason.EXPIRED.value])
    with db.transaction():
        over = db.number("SELECT count(*) FROM campaigns WHERE id = ? AND expires_at <= ?", [campaign, now])
        if not over:
            return 0
        return sum(move_all(db, campaign, state, _S.EXPIRED, changes) for state in (_S.PENDING, _S.DEFERRED))
