"""Moving many recipients at once, only along the table of states."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NoReturn

from desktop_relay.domain.errors import ErrorCode, Refused
from desktop_relay.domain.recipient import RECIPIENT_TRANSITIONS, RecipientState
from desktop_relay.store.connection import Database
from desktop_relay.store.contacts import ids_json
from desktop_relay.store.counters import Moves, Place, load_places
from desktop_relay.store.slicing import SLICE, Slices

Clause = tuple[str, list[object]]
"""A piece of SQL, and the values of its places."""

EVERYBODY: Clause = ("1", [])
_PAGE = 50_000


def check_transition(recipient: int, old: RecipientState, new: RecipientState) -> None:
    """Raise ``Refused`` (``transition_refused``) for what the table does not have."""
    if new not in RECIPIENT_TRANSITIONS[old]:
        refuse(recipient, old.value, new.value)


def refuse(recipient: int, old: str, new: str) -> NoReturn:
    """Raise ``Refused`` (``transition_refused``)."""
    raise Refused(ErrorCode.TRANSITION_REFUSED, recipient=recipient, state=old, to=new)


def move_all(
    db: Database,
    campaign: int | None,
    old: RecipientState,
    new: RecipientState,
    changes: Clause,
    condition: Clause = EVERYBODY,
) -> Slices[int]:
    """Move everybody who is in ``old`` now and meets ``condition``, of one campaign or of all; how many.

    ``changes`` are the assignments beside the state. Who leaves ``old`` before their turn comes stays where
    they went, and who comes back to it is not moved twice.
    """
    check_transition(0, old, new)
    assignments, values = changes
    sql = (
        f"UPDATE recipients SET state = ?, {assignments} "
        "WHERE id IN (SELECT value FROM json_each(?)) AND state = ?"
    )
    total = 0
    for place in load_places(db, old, campaign):
        for ids in slices_of((yield from find(db, place, condition))):
            with db.transaction():
                moved = db.execute(sql, [new.value, *values, ids_json(ids), old.value]).rowcount
                moves = Moves()
                moves.add(*place, new=new.value, number=moved)
                moves.write(db)
            total += moved
            yield
    return total


def find(db: Database, place: Place, condition: Clause = EVERYBODY) -> Slices[array[int]]:
    """The ids of everybody in a place, in the order in which they are due."""
    where, values = condition
    sql = (
        "SELECT due_at, id FROM recipients WHERE campaign = ? AND lane = ? AND state = ? "
        f"AND (due_at, id) > (?, ?) AND {where} ORDER BY due_at, id LIMIT ?"
    )
    ids, last = array("q"), (-(1 << 62), 0)
    while True:
        rows = db.rows(sql, [*place, *last, *values, _PAGE])
        ids.extend(number for _, number in rows)
        if len(rows) < _PAGE:
            return ids
        last = rows[-1]
        yield


def slices_of(ids: array[int]) -> list[Sequence[int]]:
    """Ids in portions of one slice each."""
    return [ids[start : start + SLICE] for start in range(0, len(ids), SLICE)]
