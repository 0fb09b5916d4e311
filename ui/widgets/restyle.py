"""Dynamic properties that the style sheet reads, set so that the widget repaints."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def set_style_property(widget: QWidget, name: str, value: str | bool) -> None:
    """Set a property and let the style sheet look again; does nothing when it is already so."""
    wanted = ("true" if value else "false") if isinstance(value, bool) else value
    if widget.property(name) == wanted:
        return
    widget.setProperty(name, wanted)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()
