"""What a practice carrier answers to one recipient, whoever carries the words: a socket or virtual time."""

from __future__ import annotations

from desktop_relay.transport.sandbox.carriers import Carrier
from desktop_relay.transport.sandbox.desk import Deed, Desk, Treatment
from desktop_relay.transport.sandbox.fate import Fate
from desktop_relay.transport.sandbox.gate import Gate

_TAKEN = Treatment(Deed.TAKE)


class Reception:
    """One carrier's gate and desk together; without them everything is taken. Times are carrier seconds."""

    def __init__(self, carrier: Carrier, gate: Gate | None, desk: Desk | None) -> None:
        self._recipients = carrier.limits.recipients
        self._recipients_reply = carrier.limits.recipients_reply
        self._gate = gate
        self._desk = desk

    def recipient(self, key: str, domain: str, taken: int, at: float) -> str | Treatment:
        """One more recipient after ``taken`` of the same message: the limits' refusal, or its treatment."""
        if self._gate is not None:
            if taken >= self._recipients:
                return self._recipients_reply
            refusal = self._gate.recipient(domain, at)
            if refusal is not None:
                return refusal
        if self._desk is None:
            return _TAKEN
        treatment = self._desk.meet(key, at)
        if self._gate is not None:
            self._gate.learn(unknown=treatment.fate is Fate.UNKNOWN_USER, at=at)
        return treatment
