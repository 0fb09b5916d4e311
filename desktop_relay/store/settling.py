"""Beginning attempts and settling them, many in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from desktop_relay.domain.errors import ErrorCode, NotFound
from desktop_relay.domain.outcome import Disposition
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.settlement import Settlement
from desktop_relay.store.connection import Database
from desktop_relay.store.contacts import ids_json
from desktop_relay.store.counters import Moves
from desktop_relay.store.plain import compose_json
from desktop_relay.store.times import to_ms
from desktop_relay.store.transitions import check_transition, refuse
from desktop_relay.store.usage import add_usage, step_of

_READY, _IN_FLIGHT = RecipientState.READY.value, RecipientState.IN_FLIGHT.value
_STATE_OF = {disposition: RecipientState(disposition.value) for disposition in Disposition}
_NO_TIME = timedelta()

# One step for all rows of a batch, in and out as JSON: every step of a statement gives the interpreter's
# lock up, and on a busy engine getting it back costs more than the row.
_PLACES = (
    "SELECT json_group_array(json_array(id, campaign, lane, state)) FROM recipients "
    "WHERE id IN (SELECT value FROM json_each(?))"
)
_BEGIN = (
    "UPDATE recipients SET state = 'in_flight', attempts = attempts + 1, updated_at = ?1 "
    "WHERE id IN (SELECT value FROM json_each(?2)) AND state = 'ready'"
)
_BEGIN_ATTEMPT = (
    "INSERT INTO attempts (recipient, number, started_at) "
    "SELECT id, attempts, ?1 FROM recipients WHERE id IN (SELECT value FROM json_each(?2))"
)
_SETTLED = (
    "recipient",
    "old",
    "state",
    "due_at",
    "at",
    "accepted_at",
    "reason",
    "code",
    "enhanced",
    "text",
    "host",
    "tls",
    "stage",
    "transcript",
)
_SETTLEMENTS = "SELECT {} FROM json_each(?1)".format(
    ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(_SETTLED))
)
_SETTLE = (
    "UPDATE recipients SET state = s.state, due_at = coalesce(s.due_at, recipients.due_at), "
    "updated_at = s.at, accepted_at = coalesce(s.accepted_at, recipients.accepted_at), "
    "reason = s.reason, code = s.code, enhanced = s.enhanced, text = s.text, host = s.host, tls = s.tls "
    f"FROM ({_SETTLEMENTS}) AS s WHERE recipients.id = s.recipient AND recipients.state = s.old"
)
_SETTLE_ATTEMPT = (
    "UPDATE attempts SET ended_at = s.at, stage = s.stage, reason = s.reason, code = s.code, "
    "enhanced = s.enhanced, text = s.text, host = s.host, tls = s.tls, transcript = s.transcript "
    f"FROM ({_SETTLEMENTS}) AS s JOIN recipients AS r ON r.id = s.recipient "
    "WHERE attempts.recipient = s.recipient AND attempts.number = r.attempts AND s.old = 'in_flight'"
)


def apply(db: Database, begins: Sequence[int], settlements: Sequence[Settlement], at: datetime) -> None:
    """Begin the transactions of ready recipients and settle others, all or nothing.

    An attempt is on the disk before its transaction starts, so that a crash leaves a trace of it. Raises
    ``Refused`` (``transition_refused``) and changes nothing when one of them may not take its step.
    """
    if not begins and not settlements:
        return
    with db.transaction():
        places = _load_places(db, [*begins, *(settlement.recipient for settlement in settlements)])
        moves = Moves()
        _begin(db, begins, places, moves, to_ms(at))
        _settle(db, settlements, places, moves)
        moves.write(db)


Places = dict[int, tuple[int, str, str]]


def _load_places(db: Database, ids: Sequence[int]) -> Places:
    rows = db.json_rows(_PLACES, [ids_json(ids)])
    places = {number: (campaign, lane, state) for number, campaign, lane, state in rows}
    for number in ids:
        if number not in places:
            raise NotFound(ErrorCode.NO_SUCH_RECIPIENT, recipient=number)
    return places


def _begin(db: Database, begins: Sequence[int], places: Places, moves: Moves, now: int) -> None:
    for number in begins:
        campaign, lane, state = places[number]
        if state != _READY:
            refuse(number, state, _IN_FLIGHT)
        places[number] = (campaign, lane, _IN_FLIGHT)
        moves.add(campaign, lane, _READY, _IN_FLIGHT)
    if begins:
        ids = ids_json(begins)
        db.execute(_BEGIN, [now, ids])
        db.execute(_BEGIN_ATTEMPT, [now, ids])


def _settle(db: Database, settlements: Sequence[Settlement], places: Places, moves: Moves) -> None:
    rows: list[tuple[object, ...]] = []
    used: Counter[tuple[str, int]] = Counter()
    for settlement in settlements:
        number = settlement.recipient
        campaign, lane, old = places[number]
        new = _STATE_OF[settlement.outcome.disposition]
        check_transition(number, RecipientState(old), new)
        places[number] = (campaign, lane, new.value)
        moves.add(campaign, lane, old, new.value)
        rows.append(_row(settlement, old, new))
        if settlement.account:
            used[settlement.account, step_of(settlement.at)] += 1
    if rows:
        settled = compose_json(rows)
        db.execute(_SETTLE, [settled])
        db.execute(_SETTLE_ATTEMPT, [settled])
        add_usage(db, used)


def _row(settlement: Settlement, old: str, new: RecipientState) -> tuple[object, ...]:
    """In the order of ``_SETTLED``."""
    outcome, at = settlement.outcome, to_ms(settlement.at)
    due = None
    if new is RecipientState.DEFERRED:
        due = to_ms(settlement.at + (outcome.retry_after or _NO_TIME))
    return (
        settlement.recipient,
        old,
        new.value,
        due,
        at,
        at if new is RecipientState.ACCEPTED else None,
        outcome.reason.value,
        outcome.code,
        outcome.enhanced,
        outcome.text,
        outcome.host,
        outcome.tls,
        outcome.stage.value if outcome.stage else "",
        compose_json(outcome.transcript) if outcome.transcript else None,
    )
