"""A button that opens a list of carriers to tick; none ticked means all."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QMouseEvent, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

_NARROWEST = 120
_LEFT, _RIGHT = 11, 28


class CarrierChoice(QPushButton):
    """``names`` are the carriers by lane; ``changed`` with every tick, at which the menu stays open."""

    changed = Signal()

    def __init__(self, names: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = names
        self._lanes: tuple[str, ...] = ()
        self._said = ""
        self.actions_by_lane: dict[str, QAction] = {}
        self._menu = _StayingMenu(self)
        self.setMenu(self._menu)
        self.setAutoDefault(False)
        self.setProperty("hasMenu", "true")
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Ignored, policy.Fixed)
        self.setMinimumWidth(_NARROWEST)
        for lane in names:
            self._add(lane)
        self._follow()

    def _add(self, lane: str) -> None:
        action = self._menu.addAction(self._names.get(lane, lane).replace("&", "&&"))
        action.setCheckable(True)
        action.setData(lane)
        action.triggered.connect(self._tick)
        self.actions_by_lane[lane] = action

    def show_lanes(self, lanes: tuple[str, ...]) -> None:
        """As they are kept, in their order; one that is no carrier's is offered under its own name."""
        self._lanes = lanes
        for lane in lanes:
            if lane not in self.actions_by_lane:
                self._add(lane)
        for lane, action in self.actions_by_lane.items():
            action.setChecked(lane in lanes)
        self._follow()

    @property
    def lanes(self) -> tuple[str, ...]:
        """As they are ticked: those that were there first, then the others as they came."""
        return self._lanes

    def _tick(self) -> None:
        ticked = [lane for lane, action in self.actions_by_lane.items() if action.isChecked()]
        stayed = [lane for lane in self._lanes if lane in ticked]
        self._lanes = (*stayed, *(lane for lane in ticked if lane not in stayed))
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        names = [self._names.get(lane, lane) for lane in self._lanes]
        self._said = self.tr(", ").join(names) if names else self.tr("all carriers")
        self.setText(self._said.replace("&", "&&"))
        self.setToolTip(self._said if len(names) > 1 else "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Like a field: what stands in it begins on the left, and ends in an ellipsis if it must."""
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        room = self.rect().adjusted(_LEFT, 0, -_RIGHT, 0)
        shown = self.fontMetrics().elidedText(self._said, Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(self.palette().color(QPalette.ColorRole.ButtonText))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class _StayingMenu(QMenu):
    """Ticking one entry does not close it: there are more to tick."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick, and stay."""
        place = event.position().toPoint()
        for action in self.actions():
            if self.actionGeometry(action).contains(place):
                action.trigger()
