"""Moving many recipients at once, only along the table of states."""

from __future__ import annotations

from typing import NoReturn

from desktop_relay.domain.errors import ErrorCode, Refused
from desktop_relay.domain.recipient import RECIPIENT_TRANSITIONS, RecipientState
from desktop_relay.store.connection import Database
from desktop_relay.store.counters import Moves, Place, load_places


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
    changes: tuple[str, list[object]],
    condition: tuple[str, list[object]] = ("1", []),
) -> int:
    """Move everybody in ``old`` who meets ``condition``, of one campaign or of all; answers how many.

    ``changes`` are the assignments beside the state. Runs inside the caller's transaction.
    """
    check_transition(0, old, new)
    assignments, change_values = changes
    where, where_values = condition
    sql = (
        f"UPDATE recipients SET state = ?, {assignments} "
        f"WHERE campaign = ? AND lane = ? AND state = ? AND {where}"
    )
    moves, total = Moves(), 0
    for place in load_places(db, old, campaign):
        total += _move_place(db, sql, place, [new.value, *change_values, *place, *where_values], moves)
    moves.write(db)
    return total


def _move_place(db: Database, sql: str, place: Place, values: list[object], moves: Moves) -> int:
    moved = db.execute(sql, values).rowcount
    moves.add(*place, new=str(values[0]), number=moved)
    return moved
