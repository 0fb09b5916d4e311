"""Clocks, wake-ups and paces."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.engine.clock import ScaledClock, SystemClock, follow_zone
from desktop_relay.engine.pace import Pace
from desktop_relay.engine.wakeups import Wakeups
from tests.fakes.clock import FakeClock
from tests.unit.engine.desk import Desk


async def test_a_scaled_clock_is_faster_and_tells_the_real_time() -> None:
    base = FakeClock()
    clock = ScaledClock(base, 20.0)
    before, sleeping = clock.monotonic(), asyncio.create_task(clock.sleep(40))
    await base.advance(1)
    assert clock.monotonic() - before == pytest.approx(20)
    assert clock.now() == base.now()
    assert not sleeping.done()
    await base.advance(1)
    assert sleeping.done()


async def test_the_system_clock_knows_its_zone() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    await clock.sleep(0)
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() >= before


@pytest.mark.skipif(sys.platform == "win32", reason="a process keeps its zone there")
async def test_days_are_those_of_the_zone_that_the_machine_came_to(
    timed_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timed_desk.clock.now()
    try:
        for zone, hours in (("<+09>-9", 9), ("<-10>10", -10)):
            monkeypatch.setenv("TZ", zone)
            await timed_desk.clock.advance(2.0)  # type: ignore[attr-defined]
            assert now.astimezone().utcoffset() == timedelta(hours=hours)
    finally:
        monkeypatch.undo()
        follow_zone()


async def test_wake_ups_come_in_order_and_not_early() -> None:
    clock = FakeClock()
    wakeups = Wakeups(clock)
    running = asyncio.create_task(wakeups.run())
    rung: list[tuple[str, float]] = []
    start = clock.monotonic()
    for name, seconds in (("late", 10.0), ("soon", 2.0), ("gone", 3.0), ("now", -1.0)):
        alarm = wakeups.after(seconds, lambda name=name: rung.append((name, clock.monotonic() - start)))
        if name == "gone":
            alarm.cancel()
    await clock.advance(5)
    wakeups.after(1.0, lambda: rung.append(("between", clock.monotonic() - start)))
    await clock.advance(20)
    assert [name for name, _ in rung] == ["now", "soon", "between", "late"]
    due = {"now": 0, "soon": 2, "between": 6, "late": 10}
    assert all(at >= due[name] - 0.002 for name, at in rung)
    running.cancel()


@pytest.mark.expect_warnings
async def test_a_wake_up_that_fails_does_not_silence_the_others() -> None:
    clock = FakeClock()
    wakeups = Wakeups(clock)
    running = asyncio.create_task(wakeups.run())
    rung: list[bool] = []

    def fail() -> None:
        raise ValueError("a bug")

    wakeups.after(1, fail)
    wakeups.after(2, lambda: rung.append(True))
    await clock.advance(3)
    assert rung == [True]
    running.cancel()


@given(st.lists(st.floats(0, 59), max_size=200))
def test_the_pace_of_a_minute_is_what_came_in_it(times: list[float]) -> None:
    pace = Pace(1000.0)
    for at in sorted(times):
        pace.add(1000.0 + at)
    assert pace.rate(1059.5, 60) * 59.5 == pytest.approx(len(times))
    assert sum(pace.history(1059.0)) == len(times)


def test_the_pace_forgets_and_the_history_does_not() -> None:
    pace = Pace(0.0)
    for second in range(600, 720):
        pace.add(float(second))
    assert pace.rate(719.9, 10) == pytest.approx(1.0)
    assert pace.rate(719.9, 60) == pytest.approx(1.0)
    assert pace.rate(800.0, 10) == 0.0
    assert pace.history(840.0) == (60.0, 60.0, 0.0, 0.0, 0.0)
    assert len(Pace(0.0).history(100.0)) == 0


def test_a_long_history_has_sixty_minutes() -> None:
    pace = Pace(0.0)
    for minute in range(200):
        pace.add(minute * 60.0)
    assert pace.history(200 * 60.0) == (*(1.0,) * 59, 0.0)
