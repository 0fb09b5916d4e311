"""In which order the lanes stand, and which are grouped."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_relay.domain.lane import LaneState
from desktop_relay.domain.progress import LaneProgress

LARGEST_LANES = 8
OPENED_LANES = 100
"""As many of the small ones get a row of their own when they are opened: nobody reads thousands."""
OTHERS = "\0others"
"""The lane name under which the small ones are grouped."""


def arrange_lanes(
    lanes: Sequence[LaneProgress], held: Sequence[str]
) -> tuple[list[LaneProgress], list[LaneProgress]]:
    """Those with a row of their own, largest first, and the small ones that share one.

    ``held`` are the rows from top to bottom that must stay where they are, because a hand is on them;
    what is new then comes after them.
    """
    places = {lane: place for place, lane in enumerate(held)}

    def rank(lane: LaneProgress) -> tuple[int, int, str]:
        return places.get(lane.lane, len(places)), -lane.counts.total, lane.lane

    ordered = sorted(lanes, key=rank)
    grouped = OTHERS in places if places else len(ordered) > LARGEST_LANES + 1
    return (ordered[:LARGEST_LANES], ordered[LARGEST_LANES:]) if grouped else (ordered, [])


def opened_lanes(small: Sequence[LaneProgress]) -> list[LaneProgress]:
    """The small ones that get a row when they are opened, in their order; who needs a person does."""
    if len(small) <= OPENED_LANES:
        return list(small)
    places = sorted(range(len(small)), key=lambda place: small[place].state is not LaneState.STOPPED)
    return [small[place] for place in sorted(places[:OPENED_LANES])]
