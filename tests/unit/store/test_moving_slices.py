"""Steps of very many recipients, slice by slice, with other work in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.outcome import Disposition
from desktop_relay.domain.recipient import RecipientState as S
from desktop_relay.store.slicing import SLICE, Slices, at_once
from desktop_relay.store.spool import Spool
from tests.unit.store.samples import ended, people, snapshot
from tests.unit.store.standing import states

NUMBER = 2 * SLICE + 500
LATER = timedelta(seconds=1)


def put(spool: Spool, state: S) -> None:
    """Everybody into a state, as if it had come to that."""
    spool.db.execute("UPDATE recipients SET state = ?", [state.value])
    spool.db.execute("DELETE FROM counters")
    spool.db.execute("INSERT INTO counters VALUES (1, 'docomo', ?, ?)", [state.value, NUMBER])


def counts_agree(spool: Spool) -> bool:
    counted = dict(spool.db.rows("SELECT state, n FROM counters WHERE n > 0"))
    return counted == dict(spool.db.rows("SELECT state, count(*) FROM recipients GROUP BY state"))


@pytest.fixture
def full(spool: Spool, now: datetime) -> Spool:
    spool.submit(snapshot(expires_at=now + LATER), people(NUMBER, ["docomo"]), now)
    spool.move_campaign(1, CampaignState.SENDING, PauseReason.NONE, now)
    return spool


STEPS: list[tuple[S, S, Callable[[Spool, datetime], Slices[int]]]] = [
    (S.PENDING, S.CANCELLED, lambda spool, at: spool.cancel(1, at)),
    (S.DEFERRED, S.CANCELLED, lambda spool, at: spool.cancel(1, at)),
    (S.DEFERRED, S.PENDING, lambda spool, at: spool.retry_now(1, None, at)),
    (S.UNKNOWN, S.PENDING, lambda spool, at: spool.resend(1, S.UNKNOWN, at)),
    (S.PENDING, S.EXPIRED, lambda spool, at: spool.expire(1, at)),
    (S.DEFERRED, S.EXPIRED, lambda spool, at: spool.expire(1, at)),
]


@pytest.mark.parametrize(("old", "new", "step"), STEPS)
def test_a_slice_at_a_time(
    old: S, new: S, step: Callable[[Spool, datetime], Slices[int]], full: Spool, now: datetime
) -> None:
    put(full, old)
    slices = step(full, now + LATER)
    moved = [0]
    while next(slices, "over") != "over":
        assert counts_agree(full)
        moved.append(full.db.number("SELECT count(*) FROM recipients WHERE state = ?", [new.value]))
    assert max(after - before for before, after in pairwise(moved)) == SLICE
    assert moved[-1] == NUMBER
    put(full, old)
    assert at_once(step(full, now + LATER)) == NUMBER


def test_who_comes_back_in_its_midst_is_not_moved_twice(full: Spool, now: datetime) -> None:
    """Sent again, in doubt again: nobody said that they should be sent to a third time."""
    put(full, S.UNKNOWN)
    slices = full.resend(1, S.UNKNOWN, now)
    next(slices)
    (first,) = full.lease(1, "docomo", 1, now)
    full.apply([first.id], [], now)
    full.apply([], [ended(first.id, Disposition.UNKNOWN, now)], now)
    while next(slices, "over") != "over":
        pass
    assert full.counts(1) == {"docomo": Counts(pending=NUMBER - 1, unknown=1)}
    assert counts_agree(full)


def test_who_leaves_in_its_midst_stays_where_they_went(full: Spool, now: datetime) -> None:
    put(full, S.DEFERRED)
    slices = full.retry_now(1, None, now)
    next(slices)
    last = full.db.number("SELECT max(id) FROM recipients")
    full.db.execute("UPDATE recipients SET due_at = 0 WHERE id = ?", [last])
    assert [r.id for r in full.lease(1, "docomo", 1, now)] == [last]
    while next(slices, "over") != "over":
        pass
    assert states(full)[S.READY] == 1
    assert counts_agree(full)


def test_a_cancellation_that_broke_off_is_carried_to_its_end(full: Spool, now: datetime) -> None:
    full.move_campaign(1, CampaignState.CANCELLED, PauseReason.NONE, now)
    next(full.cancel(1, now))
    assert full.counts(1)["docomo"].pending
    at_once(full.recover(now))
    assert full.counts(1) == {"docomo": Counts(cancelled=NUMBER)}
    assert counts_agree(full)


def test_bringing_forward_is_done_once_for_each(full: Spool, now: datetime) -> None:
    put(full, S.DEFERRED)
    full.db.execute("UPDATE recipients SET due_at = due_at + 600000")
    slices = full.bring_forward(timedelta(seconds=-60), now)
    done = 0
    while next(slices, "over") != "over":
        done += 1
    assert done > 2
    assert full.db.rows("SELECT DISTINCT due_at - updated_at FROM recipients") == [(540000,)]
