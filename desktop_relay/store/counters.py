"""Recipients by campaign, lane and state, kept in the transaction that moves them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from desktop_relay.domain.counts import Counts
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.store.connection import Database
from desktop_relay.store.plain import compose_json

Place = tuple[int, str, str]
"""Campaign, lane, state."""

_CHANGES = (
    "SELECT value ->> 0 AS campaign, value ->> 1 AS lane, value ->> 2 AS state, value ->> 3 AS n "
    "FROM json_each(?)"
)
_MEET = (
    "INSERT OR IGNORE INTO counters (campaign, lane, state, n) "
    f"SELECT campaign, lane, state, 0 FROM ({_CHANGES})"
)
_ADD = (
    f"UPDATE counters SET n = counters.n + c.n FROM ({_CHANGES}) AS c "
    "WHERE counters.campaign = c.campaign AND counters.lane = c.lane AND counters.state = c.state"
)


class Moves:
    """How many recipients came to and left each place; ``write`` adds it all up."""

    def __init__(self) -> None:
        self._changes: Counter[Place] = Counter()

    def add(self, campaign: int, lane: str, old: str, new: str, number: int = 1) -> None:
        """``number`` recipients went from ``old`` to ``new``."""
        self._changes[campaign, lane, old] -= number
        self._changes[campaign, lane, new] += number

    def write(self, db: Database) -> None:
        """Add to the counters; one that would fall below zero breaks a constraint and so the transaction."""
        changes = compose_json([(*place, n) for place, n in self._changes.items() if n])
        db.execute(_MEET, [changes])
        db.execute(_ADD, [changes])


def recount(db: Database, campaign: int) -> None:
    """Count a campaign by reading its index, once, at submission."""
    db.execute(
        "INSERT INTO counters (campaign, lane, state, n) "
        "SELECT campaign, lane, state, count(*) FROM recipients WHERE campaign = ? "
        "GROUP BY campaign, lane, state",
        [campaign],
    )


def load_counts(db: Database, campaign: int) -> dict[str, Counts]:
    """The counts of every lane of a campaign."""
    by_lane: dict[str, dict[RecipientState, int]] = {}
    sql = "SELECT lane, state, n FROM counters WHERE campaign = ? ORDER BY lane"
    for lane, state, number in db.rows(sql, [campaign]):
        by_lane.setdefault(lane, {})[RecipientState(state)] = number
    return {lane: Counts.from_states(by_state) for lane, by_state in by_lane.items()}


def load_lanes(db: Database, campaign: int) -> list[str]:
    """The lanes that a campaign has recipients in."""
    rows = db.rows("SELECT DISTINCT lane FROM counters WHERE campaign = ? ORDER BY lane", [campaign])
    return [row[0] for row in rows]


def load_places(db: Database, state: RecipientState, campaign: int | None = None) -> Mapping[Place, int]:
    """Where recipients in a state are, of one campaign or of all."""
    rows = db.rows(
        "SELECT campaign, lane, state, n FROM counters "
        "WHERE state = ?1 AND n > 0 AND (?2 IS NULL OR campaign = ?2)",
        [state.value, campaign],
    )
    return {(number, lane, name): n for number, lane, name, n in rows}
