"""A list of choices that the mouse wheel does not change: it is there to scroll what the list stands in."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox

from ui.widgets.steady import Steady


class SteadyComboBox(Steady, QComboBox):
    """Changed by a click or the keyboard only."""
