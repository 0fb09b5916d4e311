from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ui.context import Context
from ui.main_window import MainWindow
from ui.state_dump import VARIABLE, begin_state_dump


def test_it_writes_what_can_be_seen(
    qtbot: QtBot,
    context: Context,
    settle: Callable[[], None],
    campaign: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "state.json"
    monkeypatch.setenv(VARIABLE, str(path))
    window = MainWindow(context)
    qtbot.addWidget(window)
    begin_state_dump(window, context)
    window.show()
    window.show_page("queue", campaign)
    settle()
    qtbot.waitUntil(lambda: path.exists() and "misaki" in path.read_text(encoding="utf-8"))
    state = json.loads(path.read_text(encoding="utf-8"))
    assert (state["page"], state["engine"], state["dark"]) == ("queue", "stopped", False)
    named = {widget["name"]: widget for widget in state["widgets"]}
    assert named["Queue"]["on"]
    assert named["Search address, name, reply"]["rect"][2] > 100
    addresses = [cell for cell in state["cells"] if "misaki.s@docomo.ne.jp" in cell["text"]]
    assert addresses[0]["row"] == 0
    window.hide()


def test_it_writes_nothing_unasked(
    qtbot: QtBot, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    window = MainWindow(context)
    qtbot.addWidget(window)
    begin_state_dump(window, context)
    assert not [child for child in window.children() if type(child).__name__ == "StateDump"]
