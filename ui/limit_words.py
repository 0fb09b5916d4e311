"""The rule that decides when a lane will be through, in the window's language."""

from __future__ import annotations

from desktop_relay.domain.lane import LaneReason

from ui.context import Context


def limit_words(context: Context, limit: LaneReason, account: str) -> str:
    """In a few words, with the account of a pool whose rule it is."""
    words = context.phrase("limit_words", limit.value)
    return context.phrase("limit_of", "account", limit=words, account=account) if account else words
