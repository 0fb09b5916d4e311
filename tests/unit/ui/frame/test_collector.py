from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from pytestqt.qtbot import QtBot

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from ui.collector import Collector


class Knot(QWidget):
    """Cannot go but by the collector; a timer is what Qt minds most on another thread."""

    def __init__(self, gone: list[str]) -> None:
        super().__init__()
        self.itself = self
        self.ticks = QTimer(self, interval=1)
        self.ticks.start()
        self.destroyed.connect(lambda: gone.append(threading.current_thread().name))


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    gc.unfreeze()


def litter(_number: int) -> None:
    """More than Python leaves lying about by itself."""
    for _ in range(20 * gc.get_threshold()[0]):
        loop: list[object] = []
        loop.append(loop)


def test_widgets_are_destroyed_on_the_thread_of_the_window(collector: Collector, qtbot: QtBot) -> None:
    gone: list[str] = []
    Knot(gone)
    with ThreadPoolExecutor(2, thread_name_prefix="worker") as threads:
        list(threads.map(litter, range(4)))
    assert gone == [], "no worker collects"
    for _ in range(3):
        collector.look()
    assert gone == [threading.main_thread().name]


def test_it_looks_by_itself(collector: Collector, qtbot: QtBot) -> None:
    gone: list[str] = []
    Knot(gone)
    litter(0)
    collector._looks.setInterval(1)
    qtbot.waitUntil(lambda: gone == [threading.main_thread().name])


def test_where_nothing_is_due_nothing_is_looked_through(
    collector: Collector, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = count()
    gc.collect()
    monkeypatch.setattr(gc, "collect", lambda _generation: next(looks))
    collector.look()
    assert next(looks) == 0
