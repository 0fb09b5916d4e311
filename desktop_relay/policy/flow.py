"""A flow: when many people in many lanes are through, lanes and the account they share held to their gates.

Messages are taken for a fluid: between two moments at which anything changes (a window is full or has room
again, a day begins, a lane comes back, somebody is through) all paces are steady, so it is enough to go from
one such moment to the next. Lanes that share an account take turns: none gets more than another that wants
more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from desktop_relay.domain.lane import LaneReason
from desktop_relay.policy.accounts_play import Account, AccountsPlay, Held
from desktop_relay.policy.gate import Gate
from desktop_relay.policy.gate_play import GatePlay
from desktop_relay.policy.routing import Choice

FARTHEST = 3650 * 86400.0
"""Seconds; nobody knows what is farther away."""

_MOST_EVENTS = 4000
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Demand:
    """``number`` of messages of the lane with that place, from ``starts_in`` seconds on.

    ``reaches`` is what the way there manages where no rule holds it, in messages a second. ``choice`` is
    which accounts its messages go over, ``None`` for all alike.
    """

    lane: int
    number: float
    starts_in: float = 0.0
    reaches: float = inf
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """All are through after so many seconds; ``held_by`` held them for most of that time.

    ``account`` is the one whose rule that was, where their messages might not go over any of several.
    """

    after: float
    held_by: LaneReason
    account: str = ""


def play_flow(
    demands: Sequence[Demand], lanes: Sequence[Gate], accounts: Sequence[Account] = (), reaches: float = inf
) -> list[Passed | None]:
    """When each demand is through, ``None`` where nobody can tell.

    ``accounts`` share what goes over all lanes, ``reaches`` is what their servers manage together. Without an
    account no lane knows of another.
    """
    if accounts or reaches < inf:
        return _Play(demands, lanes, accounts, reaches).run()
    by_lane: defaultdict[int, list[int]] = defaultdict(list)
    for place, demand in enumerate(demands):
        by_lane[demand.lane].append(place)
    found: list[Passed | None] = [None] * len(demands)
    for places in by_lane.values():
        passed = _Play([demands[place] for place in places], lanes, (), inf).run()
        for place, one in zip(places, passed, strict=True):
            found[place] = one
    return found


class _Play:
    """Mutable; one run."""

    def __init__(
        self, demands: Sequence[Demand], lanes: Sequence[Gate], accounts: Sequence[Account], reaches: float
    ) -> None:
        self._demands = demands
        self._lanes = {place: GatePlay(lanes[place]) for place in {demand.lane for demand in demands}}
        self._accounts = AccountsPlay(accounts, reaches, [demand.choice for demand in demands])
        self._left = [demand.number for demand in demands]
        self._held: list[defaultdict[Held, float]] = [defaultdict(float) for _ in demands]
        self._passed: list[Passed | None] = [None] * len(demands)
        self._open = {place for place, demand in enumerate(demands) if demand.number > _NOTHING}
        for place in set(range(len(demands))) - self._open:
            self._passed[place] = Passed(0.0, LaneReason.DONE)

    def run(self) -> list[Passed | None]:
        """From event to event; what repeats itself for very long is taken to go on like that."""
        at = 0.0
        for _ in range(_MOST_EVENTS):
            if not self._open or at > FARTHEST:
                return self._passed
            at = self._go_on(at)
        for place in self._open:
            done = self._demands[place].number - self._left[place]
            whole = at * self._demands[place].number / done if done > _NOTHING else inf
            self._passed[place] = self._through(place, whole) if whole <= FARTHEST else None
        return self._passed

    def _go_on(self, at: float) -> float:
        """To the next event; its time, ``inf`` when nothing will ever happen."""
        active = [place for place in self._open if self._demands[place].starts_in <= at]
        flows, held, loads = self._flows(active, at)
        for place in [place for place in active if flows[place] == inf]:
            self._open.discard(place)  # nobody knows how fast it goes
            active.remove(place)
        by_lane: defaultdict[int, float] = defaultdict(float)
        for place in active:
            by_lane[self._demands[place].lane] += flows[place]
        step = self._next_change(at, active, flows, by_lane, loads)
        if step == inf:
            return inf
        for lane, gate in self._lanes.items():
            gate.advance(at, step, by_lane[lane])
        self._accounts.advance(at, step, loads)
        for place in active:
            self._held[place][held[place]] += step
            self._left[place] -= flows[place] * step
            if self._left[place] <= _NOTHING * max(1.0, self._demands[place].number):
                self._open.discard(place)
                self._passed[place] = self._through(place, at + step)
        return at + step

    def _flows(
        self, active: Sequence[int], at: float
    ) -> tuple[dict[int, float], dict[int, Held], Sequence[float]]:
        """Messages a second of each demand and what holds it, and what goes over each account."""
        sharing: defaultdict[int, int] = defaultdict(int)
        for place in active:
            sharing[self._demands[place].lane] += 1
        bounds, held = {}, {}
        for place in active:
            demand = self._demands[place]
            allowed, reason = self._lanes[demand.lane].allowed(at)
            allowed /= sharing[demand.lane]
            bounds[place] = min(allowed, demand.reaches)
            held[place] = Held(reason if allowed <= demand.reaches else LaneReason.ANSWERS)
        flows, loads = self._accounts.share(bounds, at)
        for place, flow in flows.items():
            if flow < bounds[place] * (1.0 - _NOTHING):
                held[place] = self._accounts.holder(place, at)
        return flows, held, loads

    def _next_change(
        self,
        at: float,
        active: Sequence[int],
        flows: dict[int, float],
        by_lane: dict[int, float],
        loads: Sequence[float],
    ) -> float:
        """Seconds until anything is different."""
        steps = [self._demands[place].starts_in - at for place in self._open]
        steps = [step for step in steps if step > 0.0]
        steps += [self._left[place] / flows[place] for place in active if flows[place] > 0.0]
        busy = {self._demands[place].lane for place in self._open}
        steps += [self._lanes[lane].changes_in(at, by_lane.get(lane, 0.0)) for lane in busy]
        steps.append(self._accounts.changes_in(at, loads))
        return min(steps)

    def _through(self, place: int, after: float) -> Passed:
        held = self._held[place]
        most = max(held, key=lambda reason: held[reason], default=Held(LaneReason.NONE))
        return Passed(after, most.reason, most.account)
