from __future__ import annotations

from datetime import timedelta

import pytest

from desktop_relay.simulator.clock import Agenda, VirtualClock

from .worlds import START


def test_things_happen_in_their_order_and_time_stands_still_meanwhile() -> None:
    clock = VirtualClock(START)
    agenda = Agenda(clock)
    seen: list[tuple[str, float]] = []

    def note(name: str) -> None:
        seen.append((name, clock.monotonic()))
        if name == "first":
            agenda.after(0.0, lambda: note("at once"))

    agenda.after(5.0, lambda: note("late"))
    agenda.after(1.0, lambda: note("first"))
    agenda.after(1.0, lambda: note("second"))
    agenda.after(3.0, lambda: note("never")).cancel()
    agenda.run(4.0)
    assert seen == [("first", 1.0), ("second", 1.0), ("at once", 1.0)]
    agenda.run(9.0)
    assert seen[-1] == ("late", 5.0)
    assert clock.now() == START + timedelta(seconds=5)


async def test_nobody_can_wait_for_virtual_time() -> None:
    with pytest.raises(NotImplementedError):
        await VirtualClock(START).sleep(1.0)
