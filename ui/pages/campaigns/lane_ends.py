"""Before sending: how many people each carrier has, when they will be through, and what decides that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop_relay.operations.outlook import LaneOutlook, Outlook

from ui import wording
from ui.context import Context
from ui.limit_words import limit_words
from ui.widgets.labels import label

_SHOWN_LANES = 7


@dataclass(frozen=True, slots=True)
class LaneEnd:
    """One row; ``limit`` is the rule that decides it."""

    name: str
    people: str
    end: str
    limit: str


class LaneEnds(QWidget):
    """A sentence for the whole campaign, and a row for each of the largest carriers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.whole = label("", wrap=True)
        self.elsewhere = label("", "secondary", wrap=True)
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(10)
        self._rows.setVerticalSpacing(3)
        self._rows.setColumnStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.whole)
        column.addLayout(self._rows)
        column.addWidget(self.elsewhere)

    def show_outlook(self, outlook: Outlook, names: Mapping[str, str], context: Context) -> None:
        """Show when each will be through; ``names`` are the carriers' in the window's language."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.whole.setText(self._whole(outlook, names, context))
        self.setVisible(bool(outlook.lanes))
        ends = self._ends(outlook, names, context)
        limits = Counter(end.limit for end in ends if end.limit)
        usual = limits.most_common(1)[0][0] if limits else ""
        for row, end in enumerate(ends):
            self._add_row(2 * row, end, named=end.limit not in ("", usual))
        self.elsewhere.setText(self.tr("Elsewhere: {limit}").format(limit=usual))
        self.elsewhere.setVisible(len(limits) > 1)

    def _whole(self, outlook: Outlook, names: Mapping[str, str], context: Context) -> str:
        last = outlook.last
        if last is None or last.forecast is None:
            return self.tr("Nobody can tell yet when everybody is through.")
        sentence = (
            self.tr("Through about {time}; {lane} comes last ({limit}).")
            if len(outlook.lanes) > 1
            else self.tr("Through about {time} ({limit}).")
        )
        return sentence.format(
            time=wording.day_and_time(last.forecast.end, context.workspace.now()),
            lane=names.get(last.lane, last.lane),
            limit=limit_words(context, last.forecast.limit, last.forecast.account),
        )

    def _ends(self, outlook: Outlook, names: Mapping[str, str], context: Context) -> list[LaneEnd]:
        """The largest lanes that people know by name, and all others together."""
        largest = sorted((x for x in outlook.lanes if x.lane in names), key=lambda x: -x.people)[
            :_SHOWN_LANES
        ]
        others = [lane for lane in outlook.lanes if lane not in largest]
        now = context.workspace.now()
        ends = [_end(names[lane.lane], [lane], context, now) for lane in largest]
        return [*ends, _end(self.tr("Others"), others, context, now)] if others else ends

    def _add_row(self, row: int, end: LaneEnd, *, named: bool) -> None:
        told = self.tr("{lane}: {n} people, through about {time}").format(
            lane=end.name, n=end.people, time=end.end
        )
        name = label(end.name, "secondary")
        name.setAccessibleName(f"{told} ({end.limit})" if end.limit else told)
        self._rows.addWidget(name, row, 0)
        self._rows.addWidget(_figure(end.people), row, 1)
        self._rows.addWidget(_figure(f"→ {end.end}"), row, 2)
        if named:
            self._rows.addWidget(label(end.limit, "secondary"), row + 1, 0, 1, 3, Qt.AlignmentFlag.AlignRight)


def _end(name: str, lanes: Sequence[LaneOutlook], context: Context, now: datetime) -> LaneEnd:
    """``lanes`` are sorted, the last one to end first."""
    last = lanes[0]
    time = wording.day_and_time(last.forecast.end, now) if last.forecast is not None else "—"
    limit = ""
    if last.forecast is not None:
        limit = limit_words(context, last.forecast.limit, last.forecast.account)
    people = wording.number(sum(lane.people for lane in lanes))
    return LaneEnd(name, people, time, limit)


def _figure(text: str) -> QLabel:
    made = label(text)
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made
