"""The health of one account of a pool: how long it rests after trouble, and that it may work again."""

from __future__ import annotations

from desktop_relay.domain.lane_memory import HealthMemory

FIRST_REST_SECONDS = 15.0
LONGEST_REST_SECONDS = 3600.0

_NEVER = float("-inf")
_WELL = HealthMemory()


class Health:
    """A pure state machine; ``at`` is monotonic seconds.

    Each trouble in a row doubles the rest, from 15 seconds up to an hour; troubles that come while it rests
    already are the same one, told by other connections. A message that is taken ends the row. ``kept`` is
    what an earlier one's ``memory`` answered at ``since``: a restart is no reason to knock again.
    """

    __slots__ = ("_strikes", "_until")

    def __init__(self, kept: HealthMemory = _WELL, since: float = _NEVER) -> None:
        self._strikes = kept.strikes
        self._until = since + kept.left

    @property
    def strikes(self) -> int:
        """Troubles in a row."""
        return self._strikes

    def fail(self, at: float) -> None:
        """The account's server could not be used."""
        if at >= self._until:
            rest = FIRST_REST_SECONDS * 2.0 ** min(self._strikes, 20)
            self._strikes += 1
            self._until = at + min(rest, LONGEST_REST_SECONDS)

    def succeed(self, at: float) -> None:
        """A message was taken; one that was on its way when the trouble began proves nothing."""
        if self._strikes and at >= self._until:
            self._strikes = 0

    def rest(self, at: float) -> float:
        """Seconds that it still rests, 0.0 when it may work."""
        return max(0.0, self._until - at)

    def forgive(self) -> None:
        """Its settings changed: what was is no measure of what will be."""
        self._strikes = 0
        self._until = _NEVER

    def memory(self, at: float) -> HealthMemory:
        """What the next one must know."""
        return HealthMemory(self.rest(at), self._strikes)
