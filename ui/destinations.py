"""Where a page may send the user to: arguments of ``navigate`` that more than one page understands."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_relay.domain.recipient import RecipientState


@dataclass(frozen=True, slots=True)
class QueueView:
    """The queue of a campaign, with a filter, with a person selected."""

    campaign: int
    state: RecipientState | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class MonitorView:
    """The monitor of a campaign."""

    campaign: int
