"""In which order the lanes stand, and which are grouped."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_relay.domain.progress import LaneProgress

LARGEST_LANES = 8
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
