"""Attempts that were begun ahead and whose transactions never started: taken back without a trace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from desktop_relay.domain.recipient import RecipientState
from desktop_relay.store import leases
from desktop_relay.store.connection import Database
from desktop_relay.store.contacts import ids_json
from desktop_relay.store.counters import Moves
from desktop_relay.store.times import to_ms
from desktop_relay.store.transitions import check_transition

_IN_FLIGHT, _READY = RecipientState.IN_FLIGHT, RecipientState.READY

_FORGET_ATTEMPT = (
    "DELETE FROM attempts WHERE (recipient, number) IN "
    "(SELECT id, attempts FROM recipients WHERE id IN (SELECT value FROM json_each(?)))"
)
_UNDO = (
    "UPDATE recipients SET state = 'ready', attempts = attempts - 1, updated_at = ? "
    "WHERE id IN (SELECT value FROM json_each(?))"
)


def hand_back(db: Database, ids: Sequence[int], at: datetime) -> int:
    """They are given back as leases are, whether their begin came to be written or not; answers how many.

    Only whoever knows that nothing of them was sent may ask for it: after a crash nobody does.
    """
    check_transition(0, _IN_FLIGHT, _READY)
    moves = Moves()
    with db.transaction():
        rows = db.rows(
            "SELECT id, campaign, lane FROM recipients "
            "WHERE state = ? AND id IN (SELECT value FROM json_each(?))",
            [_IN_FLIGHT.value, ids_json(ids)],
        )
        begun = ids_json([number for number, _, _ in rows])
        for _, campaign, lane in rows:
            moves.add(campaign, lane, _IN_FLIGHT.value, _READY.value)
        db.execute(_FORGET_ATTEMPT, [begun])
        db.execute(_UNDO, [to_ms(at), begun])
        moves.write(db)
        return leases.release(db, ids, at)
