"""The list above all lists, kept in memory so that it can be asked just before each RCPT.

It may be long and many may bounce: a change never reads all of it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop_relay.domain.clock import Clock
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.suppression import Suppression, SuppressionReason
from desktop_relay.engine.writer import Writer
from desktop_relay.policy.suppress import SuppressionSet, parse_pattern
from desktop_relay.store.spool import Spool

REASONS: Mapping[SuppressionReason, Reason] = {
    SuppressionReason.BY_HAND: Reason.SUPPRESSED_BY_HAND,
    SuppressionReason.UNSUBSCRIBED: Reason.SUPPRESSED_UNSUBSCRIBED,
    SuppressionReason.BOUNCED: Reason.SUPPRESSED_BOUNCED,
    SuppressionReason.COMPLAINT: Reason.SUPPRESSED_COMPLAINT,
}
"""What the ledger says of a recipient that an entry kept from getting mail."""


class Suppressions:
    """The set in force, and its changes."""

    def __init__(self, writer: Writer, spool: Spool, clock: Clock) -> None:
        self._writer = writer
        self._spool = spool
        self._clock = clock
        self._set = SuppressionSet({})

    async def load(self) -> None:
        """Read what the spool has."""
        entries = await self._writer.call(self._spool.load_suppressions)
        self._set = SuppressionSet({entry.pattern: entry.reason for entry in entries})

    def reason_for(self, address_key: str) -> Reason | None:
        """Why this address gets no mail, or ``None``."""
        found = self._set.match(address_key)
        if found is None:
            return None
        return REASONS[found]

    async def add(self, patterns: Iterable[str], reason: SuppressionReason, source: str) -> int:
        """Put patterns on the list; answers how many are new. Raises ``BadInput`` (``address_invalid``)."""
        now = self._clock.now()
        entries = [Suppression(parse_pattern(pattern), reason, source, now) for pattern in patterns]
        added = await self._writer.call(self._spool.add_suppressions, entries)
        for entry in entries:
            self._set.add(entry.pattern, entry.reason)
        return added

    async def remove(self, patterns: Iterable[str]) -> int:
        """Take patterns off; answers how many were there. Raises ``BadInput`` (``address_invalid``)."""
        wanted = [parse_pattern(pattern) for pattern in patterns]
        removed = await self._writer.call(self._spool.remove_suppressions, wanted)
        for pattern in wanted:
            self._set.remove(pattern)
        return removed
