"""Time that jumps, and what it is taken for."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.command import Cancel, Shutdown, Status
from desktop_relay.domain.errors import ErrorCode, Refused
from desktop_relay.engine.clock import ASLEEP_SECONDS, SET_SECONDS, Jump, TimeWatch
from desktop_relay.engine.door import Door
from desktop_relay.engine.wakeups import Wakeups
from tests.fakes.clock import START, FakeClock


@given(
    ticks=st.lists(st.tuples(st.floats(0.5, 15.0), st.floats(-0.9, 0.9)), max_size=50),
    drift=st.floats(-1e-3, 1e-3),
)
def test_ordinary_time_is_no_jump(ticks: list[tuple[float, float]], drift: float) -> None:
    """Waits come late, and clocks are kept right by a little at a time."""
    wall = at = 0.0
    watch = TimeWatch(START, at)
    for seconds, kept_right in ticks:
        at += seconds
        wall += seconds * (1 + drift) + kept_right
        assert watch.look(START + timedelta(seconds=wall), at, 1.0) is None


@pytest.mark.parametrize(
    ("wall", "monotonic", "jump"),
    [
        (3600.0, 3600.0, Jump(3599.0)),
        (3600.0, 1.0, Jump(0.0, timedelta(seconds=3599))),
        (-3600.0, 1.0, Jump(0.0, timedelta(seconds=-3601))),
        (1.0 + SET_SECONDS - 0.1, 1.0, None),
        (1.0 + ASLEEP_SECONDS - 0.1, 1.0 + ASLEEP_SECONDS - 0.1, None),
    ],
)
def test_what_a_jump_is(wall: float, monotonic: float, jump: Jump | None) -> None:
    watch = TimeWatch(START, 0.0)
    assert watch.look(START + timedelta(seconds=wall), monotonic, 1.0) == jump
    assert watch.look(START + timedelta(seconds=wall + 1), monotonic + 1, 1.0) is None, "told once"


def test_a_clock_that_was_set_back_is_known() -> None:
    assert Jump(0.0, timedelta(seconds=-6)).was_set_back
    assert not Jump(0.0, timedelta(seconds=6)).was_set_back
    assert not Jump(100.0).was_set_back


async def test_wake_ups_are_looked_at_again() -> None:
    clock = FakeClock()
    wakeups = Wakeups(clock)
    running = asyncio.create_task(wakeups.run())
    rung: list[bool] = []
    wakeups.after(3600, lambda: rung.append(True))
    await clock.advance(1)
    clock._seconds += 3600  # the clock went on, the wait did not
    await asyncio.sleep(0)
    assert not rung
    wakeups.look_again()
    await clock.advance(0)
    assert rung
    running.cancel()


async def test_the_door_lets_the_last_one_finish() -> None:
    door = Door()
    assert await door.emptied(0.01)
    with door.enter(Cancel(1)):
        door.close()
        assert not await door.emptied(0.01)
        with pytest.raises(Refused) as refused, door.enter(Cancel(1)):
            pytest.fail("it was let in")
        with door.enter(Status()), door.enter(Shutdown()):
            pass
    assert refused.value.code is ErrorCode.ENGINE_STOPPING
    assert await door.emptied(0.01)
