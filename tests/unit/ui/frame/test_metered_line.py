"""A line that is paid by volume is told while mail goes out over it, with a button; it stops nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from PySide6.QtNetwork import QNetworkInformation
from PySide6.QtWidgets import QApplication

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import Pause
from desktop_relay.domain.errors import EngineUnreachable, ErrorCode
from desktop_relay.domain.route import RouteKind
from tests.unit.ui.frame.conftest import FakeLink
from tests.window.sample import make_campaign, make_progress

from ui.context import Context
from ui.metered_line import MeteredLine, follow_system
from ui.network_notice import MeteredNotice

Settle = Callable[..., None]

REAL = replace(make_campaign(), route_kind=RouteKind.SMARTHOST)


@pytest.fixture
def notice(context: Context) -> Iterator[MeteredNotice]:
    made = MeteredNotice(context)
    yield made
    made.deleteLater()


def test_a_line_says_when_it_changes(qapp: QApplication) -> None:
    line = MeteredLine()
    told: list[bool] = []
    line.changed.connect(lambda: told.append(line.is_metered))
    for state in (False, True, True, False):
        line.take(state)
    assert told == [True, False]


def test_the_system_is_asked_and_may_know_nothing(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = MeteredLine()
    monkeypatch.setattr(QNetworkInformation, "loadBackendByFeatures", lambda _feature: False)
    follow_system(line)
    assert not line.is_metered
    monkeypatch.undo()
    follow_system(line)
    told = QNetworkInformation.instance()
    assert line.is_metered == (told is not None and told.isMetered())
    if told is not None:
        told.isMeteredChanged.emit(True)
        assert line.is_metered
        told.isMeteredChanged.emit(False)
        assert not line.is_metered


def test_it_is_told_while_it_matters(context: Context, notice: MeteredNotice) -> None:
    context.engine.progress.emit(make_progress(REAL))
    assert notice.isHidden(), "nothing is known of the line"
    context.line.take(True)
    assert not notice.isHidden()
    assert notice.button.text() == "Pause sending"
    for other in (
        replace(REAL, route_kind=RouteKind.SANDBOX),
        replace(REAL, state=CampaignState.PAUSED),
        replace(REAL, state=CampaignState.FINISHED),
    ):
        context.engine.progress.emit(make_progress(other))
        assert notice.isHidden()
        context.engine.progress.emit(make_progress(REAL))
        assert not notice.isHidden()
    context.engine.state.emit("stopped")
    assert notice.isHidden()
    context.engine.progress.emit(make_progress(REAL))
    context.line.take(False)
    assert notice.isHidden()


def test_who_closed_it_is_left_in_peace_on_this_line(context: Context, notice: MeteredNotice) -> None:
    context.line.take(True)
    context.engine.progress.emit(make_progress(REAL))
    notice.dismiss()
    context.engine.progress.emit(make_progress(REAL))
    assert notice.isHidden()
    context.line.take(False)
    context.line.take(True)
    assert not notice.isHidden()


def test_nothing_stops_until_the_button_is_pressed(
    context: Context, notice: MeteredNotice, settle: Settle, link: FakeLink
) -> None:
    context.line.take(True)
    second = replace(REAL, campaign=REAL.campaign + 1)
    practice = replace(REAL, campaign=REAL.campaign + 2, route_kind=RouteKind.SANDBOX)
    progress = replace(make_progress(REAL), campaigns=(REAL, second, practice))
    context.engine.progress.emit(progress)
    settle()
    assert link.commands == []
    notice.button.click()
    settle()
    assert link.commands == [Pause(REAL.campaign), Pause(second.campaign)]


def test_a_pause_that_failed_is_told(
    context: Context, notice: MeteredNotice, settle: Settle, link: FakeLink
) -> None:
    context.line.take(True)
    context.engine.progress.emit(make_progress(REAL))
    link.refusal = EngineUnreachable(ErrorCode.ENGINE_NOT_RUNNING)
    notice.button.click()
    settle()
    assert notice.text == context.describe(EngineUnreachable(ErrorCode.ENGINE_NOT_RUNNING))
    assert notice.button.isEnabled()
