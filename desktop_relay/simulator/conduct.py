"""How lanes are paced: by the engine's governor, or by another for comparison."""

from __future__ import annotations

from typing import Protocol

from desktop_relay.domain.effect import Verdict
from desktop_relay.domain.exchange import Exchange
from desktop_relay.engine.lane import Lane
from desktop_relay.engine.line import Line
from desktop_relay.engine.stream import Parcel


class Conduct(Protocol):
    """Who sets the pace of lanes and what they learn."""

    def prepare(self, lane: Lane, at: float) -> None:
        """A lane was made; its governor may be replaced."""
        ...

    def learn(self, line: Line, parcel: Parcel, exchange: Exchange, verdict: Verdict, at: float) -> Verdict:
        """An attempt was judged; the verdict may come out otherwise."""
        ...


class EngineConduct:
    """As the engine does it."""

    def prepare(self, lane: Lane, at: float) -> None:
        """It is as it should be."""

    def learn(self, line: Line, parcel: Parcel, exchange: Exchange, verdict: Verdict, at: float) -> Verdict:
        """Every reply counts."""
        return line.learn(parcel, exchange, verdict, at)
