"""The accounts behind a line at play: which of them each demand goes over at a moment, and how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from desktop_relay.domain.lane import LaneReason
from desktop_relay.policy.gate import Gate
from desktop_relay.policy.gate_play import GatePlay
from desktop_relay.policy.routing import Choice
from desktop_relay.policy.sharing import Claim, share_out


@dataclass(frozen=True, slots=True)
class Account:
    """An account behind a line; ``weight`` is its share of a pool's turns."""

    gate: Gate
    name: str = ""
    weight: int = 1


class Held(NamedTuple):
    """What holds a demand: a rule, and the account whose rule it is, where others would not do."""

    reason: LaneReason
    account: str = ""


class AccountsPlay:
    """The accounts that carry everything together, each as much as it allows; ``reaches`` as for a flow.

    Demands are named by the places of their ``choices``. A choice's first account is waited for while only
    its pace holds it, and once it is closed the others go on: as ``engine.spread`` has it.
    """

    def __init__(self, accounts: Sequence[Account], reaches: float, choices: Sequence[Choice | None]) -> None:
        self._accounts = accounts or ((Account(Gate()),) if reaches < inf else ())
        self._gates = [GatePlay(account.gate) for account in self._accounts]
        self._weights = [account.weight for account in self._accounts]
        self._reaches = reaches
        self._choices = choices
        self._places = {account.name: place for place, account in enumerate(self._accounts)}
        self._keeps = {choice.keep for choice in choices if choice is not None} | {0}
        self._is_spent = False

    def share(self, bounds: Mapping[int, float], at: float) -> tuple[dict[int, float], Sequence[float]]:
        """Messages a second of each demand that wants so many, and over each account."""
        if not self._accounts:
            return dict(bounds), ()
        found: dict[Choice | None, tuple[int, ...]] = {}
        for demand in bounds:
            choice = self._choices[demand]
            if choice not in found:
                found[choice] = self._usable(choice, at)
        claims = [Claim(bound, frozenset(found[self._choices[demand]])) for demand, bound in bounds.items()]
        rooms = [gate.allowed(at)[0] for gate in self._gates]
        shares = share_out(claims, rooms, self._weights, self._reaches)
        self._is_spent = shares.is_spent
        return dict(zip(bounds, shares.flows, strict=True)), shares.loads

    def holder(self, demand: int, at: float) -> Held:
        """What holds a demand that was given less than it wants: the account that allows it most."""
        if self._is_spent:
            return Held(LaneReason.ANSWERS)
        choice = self._choices[demand]
        places = self._usable(choice, at) or self._named(choice)
        keep = 0 if choice is None else choice.keep
        allowed = [(*self._gates[place].allowed(at, keep), place) for place in places]
        _, reason, place = max(allowed, key=lambda one: one[0], default=(inf, LaneReason.ACCOUNTS_RESTING, 0))
        is_bound = choice is not None and bool(choice.first) and places == self._named(choice)[:1]
        return Held(reason, self._accounts[place].name if is_bound else "")

    def changes_in(self, at: float, loads: Sequence[float]) -> float:
        """Seconds until something is different, under these flows over them."""
        changes = (
            gate.changes_in(at, load, self._keeps) for gate, load in zip(self._gates, loads, strict=True)
        )
        return min(changes, default=inf)

    def advance(self, at: float, seconds: float, loads: Sequence[float]) -> None:
        """So much time passes."""
        for gate, load in zip(self._gates, loads, strict=True):
            gate.advance(at, seconds, load)

    def _named(self, choice: Choice | None) -> tuple[int, ...]:
        """All accounts that it may ever go over, the first one first."""
        if choice is None:
            return tuple(range(len(self._accounts)))
        names = (choice.first, *choice.others)
        return tuple(self._places[name] for name in names if name in self._places)

    def _usable(self, choice: Choice | None, at: float) -> tuple[int, ...]:
        """Those that it goes over now."""
        named = self._named(choice)
        if choice is None or choice.first not in self._places:
            return named
        first, *others = named
        if self._gates[first].is_open(at, choice.keep):
            return (first,)
        has_some = self._gates[first].allowed(at, choice.keep)[0] > 0.0
        return (first, *others) if has_some else tuple(others)
