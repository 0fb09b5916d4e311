"""A lane of a running campaign is chosen, slowed, stopped and let go again, with mouse and keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from desktop_relay.domain.lane import LaneOverride
from desktop_relay.ipc.launcher import Link
from desktop_relay.operations import lanes
from desktop_relay.operations.workspace import Workspace
from tests.e2e.program import Program
from tests.window.real_window import RealWindow, check_quiet, open_window, prepare
from tests.window.screen import Hand

pytestmark = [pytest.mark.window, pytest.mark.real]

ROUTE, LANE = "sandbox", "docomo"


def until_set(program: Program, true: Callable[[LaneOverride], bool]) -> LaneOverride:
    """What is set on the lane once that is true."""
    end = time.monotonic() + 10
    with Workspace(program.directory, Link(program.directory)) as ws:
        while time.monotonic() < end:
            found = lanes.load(ws, ROUTE, LANE).override or LaneOverride()
            if true(found):
                return found
            time.sleep(0.01)
    raise AssertionError(f"never set so: {found}")


def test_a_lane_is_steered(program: Program, display: str) -> None:
    prepare(program, people=3000, speed=20, send=True)
    with open_window(program, Hand(display), display) as window:
        window.show_page("monitor", "送信モニター")
        window.until(lambda state: state.figure("受け付け済み") > 5, "it sends")
        window.click("NTTドコモ", "ElidedLabel")
        window.find("NTTドコモ がこの速さで送る理由")
        slow_with_the_keyboard(window, program)
        window.click("元に戻す", "PushButton")
        until_set(program, lambda found: found == LaneOverride())
        stop_until_later(window, program)
        window.click("いつもの速さに戻す", "PushButton")
        until_set(program, lambda found: found == LaneOverride())
        window.find("このレーンを停止", "PushButton")
        check_quiet(window, program)


def slow_with_the_keyboard(window: RealWindow, program: Program) -> None:
    slider = window.find("NTTドコモ への速さ", "Slider")
    x, _, width, _ = slider.rect
    window.hand.click(
        x + width - 8, slider.middle[1]
    )  # its handle; beside it a click changes the pace itself
    window.hand.key("Home")
    found = until_set(program, lambda found: found.rate is not None)
    with Workspace(program.directory, Link(program.directory)) as ws:
        usual = lanes.load(ws, ROUTE, LANE).profile.limits.rate
    assert usual is not None
    assert found.rate == pytest.approx(usual * 0.01, rel=0.1)
    window.until(lambda state: "あなたが決めた上限" in state.words, "it says so")


def stop_until_later(window: RealWindow, program: Program) -> None:
    choose_an_hour(window)
    window.click("このレーンを停止", "PushButton")
    found = until_set(program, lambda found: found.paused)
    assert found.paused_until is not None
    with Workspace(program.directory, Link(program.directory)) as ws:
        left = found.paused_until - ws.now()
    assert timedelta(minutes=59) < left <= timedelta(hours=1)
    window.until(lambda state: "再開します" in state.words, "it says until when")


def choose_an_hour(window: RealWindow) -> None:
    window.click("いつまで", "ComboBox")
    window.hand.key("Home", "Down", "Down", "Return")
    window.find("1時間", "ComboBox")
