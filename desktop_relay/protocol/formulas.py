"""Cells that a spreadsheet would run as formulas, made harmless and back again."""

from __future__ import annotations

_STARTS = ("=", "+", "-", "@", "\t", "\r")
_HARMLESS = tuple(f"'{start}" for start in ("'", *_STARTS))


def neutralise(text: str) -> str:
    """The text with an apostrophe before it when it would be a formula or read as one made harmless."""
    return f"'{text}" if text.startswith(_STARTS) or text.startswith(_HARMLESS) else text


def restore(text: str) -> str:
    """The text as it was before ``neutralise``."""
    return text[1:] if text.startswith(_HARMLESS) else text
