"""A notice for each thing that needs a person, with the button that leads to where it is mended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.progress import LaneProgress
from desktop_relay.domain.recipient import RecipientState

from ui import wording
from ui.brake_words import brake_view
from ui.colours import Tone
from ui.context import Context
from ui.destinations import MonitorView, QueueView
from ui.pages.home.attention import Attention, Trouble
from ui.widgets.notice import Notice

_TONES: dict[Trouble, Tone] = {
    Trouble.SIGN_IN: "warn",
    Trouble.PAUSED: "warn",
    Trouble.BRAKED: "bad",
    Trouble.CLOSED: "warn",
    Trouble.RESTING: "warn",
    Trouble.UNKNOWN: "bad",
    Trouble.BOUNCES: "bad",
    Trouble.HELD: "warn",
}
_STATES = {
    Trouble.UNKNOWN: RecipientState.UNKNOWN,
    Trouble.HELD: RecipientState.HELD,
    Trouble.BOUNCES: RecipientState.BOUNCED,
}
_NAMED_LANES = 3


class AttentionList(QWidget):
    """``navigate(page, argument)`` for every button in it."""

    navigate = Signal(str, object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._notices: dict[Notice, Attention] = {}
        self.hide()

    @property
    def notices(self) -> list[Notice]:
        """What is shown, in its order."""
        return list(self._notices)

    def show_items(self, items: Sequence[Attention], now: datetime) -> None:
        """All of them; notices that say the same stay as they are."""
        told = [(self._sentence(item, now), item) for item in items]
        if [text for text, _ in told] == [notice.text for notice in self._notices]:
            self._notices = dict(zip(self._notices, items, strict=True))
            return
        for notice in self._notices:
            notice.hide()
            notice.deleteLater()
        self._notices = {}
        for text, item in told:
            notice = Notice(text, _TONES[item.trouble], self._remedy(item), closable=False)
            notice.acted.connect(self._mend)
            self._column.addWidget(notice)
            notice.show()  # at once; left to the layout it would be later
            self._notices[notice] = item
        self.setVisible(bool(items))

    def _sentence(self, item: Attention, now: datetime) -> str:
        match item.trouble:
            case Trouble.PAUSED if item.pause_reason not in (PauseReason.NONE, PauseReason.USER):
                why = self._context.phrase("pause_reasons", item.pause_reason.value, route=item.route)
                return self._joined(item.name, why)
            case Trouble.SIGN_IN if item.campaign:
                text = self.tr("“{route}” wants you to sign in again; {name} waits for it.")
            case Trouble.SIGN_IN:
                text = self.tr("Nobody has signed in to “{route}” yet, so no mail can go over it.")
            case Trouble.BRAKED:
                return self._why_braked(item)
            case Trouble.CLOSED:
                return self._joined(item.route, self._why_closed(item, now))
            case Trouble.RESTING:
                return self._why_resting(item, now)
            case _:
                text = self._counted(item)
        return text.format(name=item.name, route=item.route)

    def _counted(self, item: Attention) -> str:
        match item.trouble:
            case Trouble.UNKNOWN:
                return self.tr("{name}: it is unknown whether %Ln people got the mail.", "", item.count)
            case Trouble.HELD:
                return self.tr(
                    "{name}: %Ln people are held back, for example without consent.", "", item.count
                )
            case Trouble.BOUNCES:
                return self.tr("{name}: unusually many bounced (%Ln). Look through the list.", "", item.count)
            case _:
                return self.tr("{name} is paused; %Ln people still wait.", "", item.count)

    def _why_braked(self, item: Attention) -> str:
        if item.found is not None:
            name = f"{item.name} · {self._lane(item.lanes[0])}"
            return self._joined(name, brake_view(self._context, item.found).row)
        names = " · ".join(self._lane(lane) for lane in item.lanes[:_NAMED_LANES])
        more = " …" if len(item.lanes) > _NAMED_LANES else ""
        text = self.tr("{name}: %Ln lanes were stopped and need you ({lanes}).", "", len(item.lanes))
        return text.format(name=item.name, lanes=names + more)

    def _joined(self, name: str, sentence: str) -> str:
        return self.tr("{name}: {sentence}").format(name=name, sentence=sentence)

    def _lane(self, lane: LaneProgress) -> str:
        return (lane.name_ja or lane.name) if self._context.language == "ja" else lane.name

    def _why_closed(self, item: Attention, now: datetime) -> str:
        until = wording.day_and_time(item.until, now) if item.until is not None else "—"
        return self._context.phrase("lane_reasons", item.lane_reason.value, until=until, rate="—")

    def _why_resting(self, item: Attention, now: datetime) -> str:
        until = wording.day_and_time(item.until, now) if item.until is not None else ""
        if item.lane_reason is LaneReason.QUOTA_USED:
            text = self.tr("Account “{account}” has used up its quota until {time}.")
        elif item.lane_reason is LaneReason.WARMING_UP:
            text = self.tr("The warm-up of “{account}” allows no more mail until {time}.")
        elif until:
            text = self.tr("Account “{account}” rests until {time}.")
        else:
            text = self.tr("Account “{account}” cannot be used.")
        told = [text.format(account=item.route, time=until)]
        if item.cause is not Reason.NONE:
            told.append(self._context.phrase("reasons", item.cause.value))
        if item.others:
            text = self.tr("Meanwhile mail goes over {others}.")
            told.append(text.format(others=self.tr(", ").join(item.others)))
        return ("" if self._context.language == "ja" else " ").join(told)

    def _remedy(self, item: Attention) -> str:
        if item.trouble is Trouble.SIGN_IN:
            return self.tr("Sign in")
        if item.route:
            return self.tr("To the route")
        return self.tr("See who") if item.trouble in _STATES else self.tr("To the monitor")

    def _mend(self) -> None:
        notice = self.sender()
        if not isinstance(notice, Notice):
            return
        item = self._notices[notice]
        if item.route:
            self.navigate.emit("settings", ("route", item.route))
        elif item.trouble in _STATES:
            self.navigate.emit("queue", QueueView(item.campaign, _STATES[item.trouble]))
        else:
            self.navigate.emit("monitor", MonitorView(item.campaign))
