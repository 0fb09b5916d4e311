from __future__ import annotations

from desktop_relay.simulator.waiting import Waiting


def test_the_untried_first_then_what_is_due() -> None:
    waiting = Waiting(3)
    assert waiting.lease(2, 0.0) == [(0, 0), (1, 0)]
    waiting.defer(0, 1, 60.0)
    waiting.defer(1, 1, 30.0)
    assert waiting.left == 3
    assert waiting.lease(9, 10.0) == [(2, 0)]
    assert (waiting.lease(9, 10.0), waiting.next_due) == ([], 30.0)
    assert waiting.lease(9, 60.0) == [(1, 1), (0, 1)]
    assert (waiting.left, waiting.next_due) == (0, None)
