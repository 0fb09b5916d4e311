"""How many share a few ways out: all get alike, as far as the ways out that each may use reach."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

Places = frozenset[int]
"""Which ways out, by their places."""

_MOST_SETS = 64
_GRAIN = 1e-9


@dataclass(frozen=True, slots=True)
class Claim:
    """Up to ``bound`` messages a second over the ways out at ``places``."""

    bound: float
    places: Places


@dataclass(frozen=True, slots=True)
class Shares:
    """``flows`` of the claims and ``loads`` of the ways out, in messages a second.

    A claim that got less than its bound was held by its ways out, or, where ``is_spent``, by the whole.
    """

    flows: tuple[float, ...]
    loads: tuple[float, ...]
    is_spent: bool


def share_out(
    claims: Sequence[Claim], rooms: Sequence[float], weights: Sequence[int], whole: float = inf
) -> Shares:
    """Who gets how much, where the ways out have these ``rooms`` and all of them together the ``whole``.

    No claim gets more than its bound, nor more than another that wants more and may use the same ways out:
    what may go several ways leaves the narrow ones to those that have no other. Ways out are used by their
    weights as far as they reach.
    """
    wanting = Counter((claim.bound, claim.places) for claim in claims)
    levels = _levels(wanting, rooms)
    highest = _level(wanting.items(), whole, levels)
    is_spent = any(highest < min(levels[places], bound) for bound, places in wanting)
    flows = [min(claim.bound, levels[claim.places], highest) for claim in claims]
    by_places: defaultdict[Places, float] = defaultdict(float)
    for claim, flow in zip(claims, flows, strict=True):
        by_places[claim.places] += flow if flow < inf else 0.0
    return Shares(tuple(flows), tuple(_loads(by_places, rooms, weights)), is_spent)


def _levels(wanting: Mapping[tuple[float, Places], int], rooms: Sequence[float]) -> dict[Places, float]:
    """How much any one claim with these places gets at most: the tightest set of ways out says so first."""
    left = {places: places for _, places in wanting}
    found: dict[Places, float] = {}
    while left:
        tightest, level = Places(), inf
        for ways in _unions(left.values()):
            inside = [
                (key, number) for key, number in wanting.items() if key[1] in left and left[key[1]] <= ways
            ]
            if (reached := _level(inside, sum(rooms[way] for way in ways))) < level:
                tightest, level = ways, reached
        full = [places for places, usable in left.items() if usable <= tightest or level == inf]
        for places in full:
            found[places] = level
            del left[places]
        left = {places: usable - tightest for places, usable in left.items()}
    return found


def _unions(sets: Iterable[Places]) -> set[Places]:
    """Of some of them, together; a pool with more rules than that is told less exactly."""
    found: set[Places] = set()
    for one in set(sets):
        found |= {one, *(one | other for other in list(found)[:_MOST_SETS])}
    return found


def _level(
    wanting: Iterable[tuple[tuple[float, Places], int]],
    room: float,
    most: Mapping[Places, float] | None = None,
) -> float:
    """What each may get for all together to fit into the ``room``; infinite where they do anyway."""
    bounds = sorted(
        (bound if most is None else min(bound, most[places]), number) for (bound, places), number in wanting
    )
    number = sum(each for _, each in bounds)
    for bound, each in bounds:
        if bound * number >= room * (1.0 - _GRAIN) and bound * number > 0.0:
            return room / number
        room -= bound * each
        number -= each
    return inf


def _loads(flows: Mapping[Places, float], rooms: Sequence[float], weights: Sequence[int]) -> list[float]:
    """Those with the fewest ways to go choose first."""
    loads = [0.0] * len(rooms)
    for places, flow in sorted(flows.items(), key=lambda item: len(item[0])):
        left, open_ = flow, set(places)
        while open_ and left > 0.0:
            weight = sum(weights[place] for place in open_)
            full = {p for p in open_ if rooms[p] - loads[p] <= left * weights[p] / weight}
            for place in full or open_:
                part = rooms[place] - loads[place] if full else left * weights[place] / weight
                loads[place] += part
                left -= part if full else 0.0
            open_ = open_ - full if full else set()
    return loads
