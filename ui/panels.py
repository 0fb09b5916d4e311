"""Moving between the panels of a window by keyboard: F6 cycles, Esc puts away what can be put away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from ui.widgets.notice import Notice
from ui.widgets.side_panel import SidePanel


def cycle_panels(window: QWidget, *, forward: bool) -> None:
    """Focus the next visible panel (a widget with the property ``panel``), from left to right."""
    panels = _panels(window)
    if not panels:
        return
    focused = QApplication.focusWidget() or window.focusWidget()
    here = next((place for place, panel in enumerate(panels) if _holds(panel, focused)), -1)
    for step in range(1, len(panels) + 1):
        target = panels[(here + (step if forward else -step)) % len(panels)]
        if _focus_into(target):
            return


def close_topmost(page: QWidget) -> bool:
    """Put away the newest message that can be, else fold the rightmost column; false when nothing was."""
    notices = [n for n in page.findChildren(Notice) if n.isVisibleTo(page) and n.closable]
    if notices:
        notices[-1].dismiss()
        return True
    columns = [
        panel for panel in page.findChildren(SidePanel) if panel.isVisibleTo(page) and not panel.folded
    ]
    if columns:
        columns[-1].set_folded(True)
        return True
    return False


def _panels(window: QWidget) -> list[QWidget]:
    found = [w for w in window.findChildren(QWidget) if w.property("panel") == "true" and w.isVisible()]
    return sorted(found, key=_place)


def _place(widget: QWidget) -> tuple[int, int]:
    point = widget.mapTo(widget.window(), widget.rect().topLeft())
    return point.x(), point.y()


def _holds(panel: QWidget, focused: QWidget | None) -> bool:
    return focused is not None and (panel is focused or panel.isAncestorOf(focused))


def _focus_into(panel: QWidget) -> bool:
    reason = Qt.FocusReason.ShortcutFocusReason
    if panel.focusPolicy() is not Qt.FocusPolicy.NoFocus and panel.isEnabled():
        panel.setFocus(reason)
        return True
    for child in panel.findChildren(QWidget):
        if (
            child.focusPolicy() & Qt.FocusPolicy.TabFocus
            and child.isVisible()
            and child.isEnabled()
            and child.focusProxy() is None
        ):
            child.setFocus(reason)
            return True
    return False
