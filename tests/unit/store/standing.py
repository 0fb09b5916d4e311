"""Short ways to what a spool holds, with its counters checked against a scan."""

from collections import Counter
from datetime import datetime

from desktop_relay.domain.counts import Counts
from desktop_relay.domain.recipient import RecipientState as S
from desktop_relay.store.spool import Spool


def states(spool: Spool, campaign: int = 1) -> Counter[str]:
    rows = spool.db.rows("SELECT state FROM recipients WHERE campaign = ?", [campaign])
    return Counter(row[0] for row in rows)


def total(spool: Spool, campaign: int = 1) -> Counts:
    counted = Counts.sum(spool.counts(campaign).values())
    assert counted == Counts.from_states({S(name): n for name, n in states(spool, campaign).items()})
    return counted


def leased(spool: Spool, now: datetime, number: int = 100, lane: str = "docomo") -> list[int]:
    return [recipient.id for recipient in spool.lease(1, lane, number, now)]


def begun(spool: Spool, now: datetime, number: int = 100) -> list[int]:
    ids = leased(spool, now, number)
    spool.apply(ids, [], now)
    return ids
