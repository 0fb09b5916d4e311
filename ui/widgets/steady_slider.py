"""A slider that the mouse wheel does not change: it is there to scroll what the slider stands in."""

from __future__ import annotations

from PySide6.QtWidgets import QSlider

from ui.widgets.steady import Steady


class SteadySlider(Steady, QSlider):
    """Changed by dragging, a click or the keyboard only."""
