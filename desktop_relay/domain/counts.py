"""How many recipients are in each state, kept by settle and never counted by scanning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from desktop_relay.domain.recipient import RecipientState


@dataclass(frozen=True, slots=True)
class Counts:
    """Recipients by state; the sum is the total."""

    pending: int = 0
    ready: int = 0
    in_flight: int = 0
    accepted: int = 0
    deferred: int = 0
    bounced: int = 0
    suppressed: int = 0
    held: int = 0
    expired: int = 0
    cancelled: int = 0
    unknown: int = 0

    @classmethod
    def from_states(cls, by_state: Mapping[RecipientState, int]) -> Counts:
        """Counts from a mapping that may leave states out."""
        return cls(**{state.value: n for state, n in by_state.items()})

    @classmethod
    def sum(cls, parts: Iterable[Counts]) -> Counts:
        """The sum over lanes."""
        parts = list(parts)
        return cls(**{f.name: sum(getattr(part, f.name) for part in parts) for f in fields(cls)})

    @property
    def total(self) -> int:
        """All recipients."""
        done = self.accepted + self.bounced + self.expired + self.cancelled + self.unknown
        return self.open + done + self.suppressed + self.held

    @property
    def sendable(self) -> int:
        """Recipients whom nothing kept from being sent to."""
        return self.total - self.suppressed - self.held

    @property
    def open(self) -> int:
        """Recipients the engine still has work with."""
        return self.pending + self.ready + self.in_flight + self.deferred
