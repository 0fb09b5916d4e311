from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.simulator.windows import most_in

from .emptiest import least_in

TIMES = st.lists(st.integers(0, 400), max_size=60).map(lambda values: [float(v) for v in sorted(values)])
SPANS = st.integers(1, 120).map(float)


@given(TIMES, SPANS)
def test_most_is_what_counting_everywhere_finds(times: list[float], span: float) -> None:
    counted = [sum(1 for other in times if at <= other < at + span) for at in times]
    assert most_in(times, span) == max(counted, default=0)


@given(TIMES, SPANS)
def test_least_is_what_counting_everywhere_finds(times: list[float], span: float) -> None:
    least = least_in(times, span)
    if least is None:
        assert not times or times[-1] - times[0] < span
        return
    begins = [at / 4 for at in range(int(times[0] * 4), int((times[-1] - span) * 4) + 1)]
    counted = [sum(1 for other in times if begin < other < begin + span) for begin in begins]
    # a stretch that begins just after a message may hold the one at its very end
    assert min(counted) <= least <= min(counted) + times.count(max(times))
