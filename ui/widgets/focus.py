"""Where the keyboard is at work."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QWidget


def has_focus_within(part: QWidget) -> bool:
    """Whether something inside it has the focus of its window, or will when that is in front again."""
    focus = cast("QWidget | None", part.window().focusWidget())
    return focus is not None and part.isAncestorOf(focus)
