"""How a progress bar divides."""

from __future__ import annotations

from desktop_relay.domain.counts import Counts

from ui.colours import Tone


def segments(counts: Counts) -> list[tuple[float, Tone]]:
    """How the bar divides: accepted, bounced and the like, waiting to retry, in doubt."""
    lost = counts.bounced + counts.expired
    return [
        (counts.accepted, "info"),
        (lost, "bad"),
        (counts.unknown, "bad"),
        (counts.deferred, "warn"),
        (counts.suppressed + counts.held + counts.cancelled, "neutral"),
    ]
