"""What a table shows: filters and order, never a position."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_relay.domain.recipient import RecipientState


@dataclass(frozen=True, slots=True)
class ContactQuery:
    """Contacts by free text (every word must be found), list, address domains, prefecture or consent.

    ``sort`` is one of ``name kana email company prefecture consent_at updated_at created_at``.
    """

    text: str = ""
    list_id: int | None = None
    domains: tuple[str, ...] = ()
    prefecture: str = ""
    without_consent: bool = False
    legacy: bool = False
    sort: str = "created_at"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class LedgerQuery:
    """Recipients of a campaign by state, lane and free text (address, name, reply).

    ``sort`` is one of ``recipient address lane state attempts next_attempt updated_at``.
    """

    campaign: int
    state: RecipientState | None = None
    lane: str | None = None
    text: str = ""
    sort: str = "recipient"
    descending: bool = False
