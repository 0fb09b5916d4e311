"""Brakes, canaries and pace changes are read back as they were written; some recipients stay behind."""

from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_relay.domain.brake import BrakeCause, BrakeFinding, BrakeLevel, BrakeMemory, BrakeTally
from desktop_relay.domain.canary import Canary, CanaryPhase
from desktop_relay.domain.effect import EffectKind
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.pace_change import PaceChange
from desktop_relay.store.spool import Spool
from tests.unit.store.samples import deferred, people, snapshot
from tests.unit.store.standing import total

FINDING = BrakeFinding(BrakeCause.UNKNOWN_USERS, BrakeLevel.STOP, 6, 50, 0.05)


def test_brakes(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(3), now)
    stopped = BrakeMemory(BrakeTally(44, 6), FINDING, now, True, frozenset({BrakeCause.BLOCKS}))
    spool.save_brakes(1, {"docomo": stopped, "au": BrakeMemory()})
    spool.save_brakes(1, {"au": BrakeMemory(BrakeTally(accepted=1))})
    assert spool.load_brakes(1) == {"docomo": stopped, "au": BrakeMemory(BrakeTally(accepted=1))}
    assert spool.load_brakes(2) == {}


def test_canaries(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(3), now)
    assert spool.load_canary(1) is None
    canary = Canary(CanaryPhase.WAITING, 50, {"docomo": 7}, now)
    spool.save_canary(1, canary)
    assert spool.load_canary(1) == canary
    over = Canary(CanaryPhase.STOPPED, 50, {}, None, FINDING)
    spool.save_canary(1, over)
    assert spool.load_canary(1) == over


def test_pace_changes(spool: Spool, now: datetime) -> None:
    change = PaceChange(now, EffectKind.SLOW, Reason.THROTTLED, 421, "4.7.0", "後で", 0.5, None)
    pause = PaceChange(now, EffectKind.SUSPEND, Reason.BLOCKED, until=now + timedelta(hours=1))
    spool.save_pace_changes("account", {"docomo": [change, pause]})
    assert spool.load_pace_changes("account") == {"docomo": (change, pause)}
    assert spool.load_pace_changes("other") == {}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(kept=st.integers(0, 12), limits=st.lists(st.integers(1, 6), min_size=1, max_size=6))
def test_some_stay_behind(spool: Spool, now: datetime, kept: int, limits: list[int]) -> None:
    number = spool.db.number("SELECT coalesce(max(id), 0) + 1 FROM campaigns")
    spool.submit(snapshot(number), people(9), now)
    pending = spool.counts(number)["docomo"].pending
    for limit in limits:
        before = spool.counts(number)["docomo"].pending
        leased = spool.lease(number, "docomo", limit, now, kept)
        assert len(leased) == min(limit, max(0, before - kept))
    assert spool.counts(number)["docomo"].pending >= min(kept, pending)


def test_who_was_tried_before_is_not_kept_behind(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(9), now)
    (first,) = spool.lease(1, "docomo", 1, now, 0)
    spool.apply([first.id], [], now)
    spool.apply([], [deferred(first.id, now)], now)
    assert total(spool).deferred == 1
    due = spool.next_due(1, "docomo", 99)
    assert due is not None
    assert due > now
    later = due + timedelta(seconds=1)
    assert [r.id for r in spool.lease(1, "docomo", 9, later, 99)] == [first.id]
    assert spool.next_due(1, "docomo", 99) is None
