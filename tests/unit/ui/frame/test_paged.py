from __future__ import annotations

import random
import threading
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.modeltest import ModelTester

from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt

from tests.unit.ui.frame.conftest import TurnUntil

from ui.models.paged import KEPT_PAGES, PAGE_ROWS, Column, Index, PagedModel
from ui.tasks import Tasks
from ui.widgets.data_table import MOST_SEARCHED, DataTable
from ui.widgets.row_delegate import LOADING_ROLE

Settle = Callable[[], None]


@dataclass(frozen=True)
class Person:
    number: int
    name: str


class People(PagedModel[Person]):
    def __init__(self, tasks: Tasks, numbers: Sequence[int]) -> None:
        super().__init__(tasks, (Column("No", lambda p: str(p.number)), Column("Name", lambda p: p.name)))
        self.numbers = list(numbers)
        self.reads: list[int] = []
        self.greeting = "P"

    def load_ids(self) -> array[int]:
        return array("q", self.numbers)

    def load_rows(self, ids: Sequence[int]) -> Sequence[Person]:
        self.reads.append(len(ids))
        return [Person(number, f"{self.greeting}{number}") for number in ids]

    def row_id(self, row: Person) -> int:
        return row.number


def _name(model: People, row: int) -> object:
    return model.data(model.index(row, 1), Qt.ItemDataRole.DisplayRole)


def test_rows_are_placeholders_until_read(tasks: Tasks, settle: Settle) -> None:
    model = People(tasks, range(1000))
    model.reload()
    settle()
    assert model.rowCount() == 1000
    assert model.reads == []
    assert model.data(model.index(600, 0), LOADING_ROLE) is True
    settle()
    assert _name(model, 600) == "P600"
    assert model.data(model.index(600, 0), LOADING_ROLE) is False
    assert model.reads == [PAGE_ROWS]


def test_a_page_is_read_once_for_all_its_cells(tasks: Tasks, settle: Settle) -> None:
    model = People(tasks, range(300))
    model.reload()
    settle()
    for row in range(300):
        _name(model, row)
    settle()
    assert sorted(model.reads) == [300 - PAGE_ROWS, PAGE_ROWS]


def test_memory_is_bounded(tasks: Tasks, settle: Settle) -> None:
    model = People(tasks, range(PAGE_ROWS * KEPT_PAGES * 3))
    model.reload()
    settle()
    for page in range(KEPT_PAGES * 3):
        _name(model, page * PAGE_ROWS)
        if page % 10 == 9:
            settle()
    settle()
    assert len(model._pages) <= KEPT_PAGES
    assert len(model._rows) <= 2 * KEPT_PAGES * PAGE_ROWS


def test_refreshing_keeps_old_rows_until_new_ones_come(tasks: Tasks, settle: Settle) -> None:
    model = People(tasks, range(10))
    model.reload()
    settle()
    _name(model, 0)
    settle()
    model.greeting = "Q"
    model.reload()
    assert _name(model, 0) == "P0"
    settle()
    assert _name(model, 0) == "P0"
    settle()
    assert _name(model, 0) == "Q0"


def test_many_reloads_become_few_reads(tasks: Tasks, settle: Settle) -> None:
    model = People(tasks, range(10))
    loaded: list[int] = []
    model.loaded.connect(loaded.append)
    for _ in range(50):
        model.reload()
    settle()
    assert len(loaded) <= 2
    assert loaded[-1] == 10


class SlowPeople(People):
    """Every reading of the ids waits until it is let go."""

    def __init__(self, tasks: Tasks, numbers: Sequence[int]) -> None:
        super().__init__(tasks, numbers)
        self.begun = 0
        self.go = threading.Semaphore(0)

    def load_ids(self) -> array[int]:
        ids = super().load_ids()
        self.begun += 1
        assert self.go.acquire(timeout=20)
        return ids

    def has_begun(self, times: int) -> bool:
        return self.begun == times

    def has_rows(self, count: int) -> bool:
        return self.rowCount() == count


def test_news_that_come_faster_than_they_are_read_are_shown(tasks: Tasks, turn_until: TurnUntil) -> None:
    model = SlowPeople(tasks, range(10))
    model.reload()
    for reading in range(1, 4):
        turn_until(partial(model.has_begun, reading))
        model.numbers.append(100 + reading)
        model.reload()  # the engine tells the next news while these are being read
        model.go.release()
        turn_until(partial(model.has_rows, 9 + reading))
    model.go.release()
    turn_until(lambda: not tasks.running)
    assert model.rowCount() == 13


def test_what_was_read_for_another_question_is_not_shown(tasks: Tasks, turn_until: TurnUntil) -> None:
    model = SlowPeople(tasks, range(10))
    loaded: list[int] = []
    model.loaded.connect(loaded.append)
    model.reload(anew=True)
    turn_until(lambda: model.begun == 1)
    model.numbers = [1, 2]
    model.reload(anew=True)
    model.reload()
    model.go.release(2)
    turn_until(lambda: not tasks.running)
    assert loaded == [2]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(st.integers(0, 60), unique=True, max_size=40),
    after=st.lists(st.integers(0, 60), unique=True, max_size=40),
)
def test_selection_stays_with_its_person(
    tasks: Tasks, settle: Settle, before: list[int], after: list[int]
) -> None:
    model = People(tasks, before)
    model.reload()
    settle()
    held = {number: QPersistentModelIndex(model.index(row, 0)) for row, number in enumerate(before)}
    model.numbers = after
    model.reload()
    settle()
    assert list(model.ids) == after
    for number, index in held.items():
        if number in after:
            assert index.row() == after.index(number)
        else:
            assert not index.isValid()


def test_model_keeps_qts_rules(tasks: Tasks, settle: Settle, qtmodeltester: ModelTester) -> None:
    model = People(tasks, range(700))
    qtmodeltester.check(model)
    chance = random.Random(4)
    for _ in range(12):
        model.numbers = chance.sample(range(2000), chance.randint(0, 900))
        model.reload()
        settle()
        for row in range(0, model.rowCount(), 97):
            _name(model, row)
        settle()


def test_letters_typed_among_very_many_rows_ask_none_of_them(tasks: Tasks, settle: Settle) -> None:
    asked: list[int] = []

    class Watched(People):
        def data(self, index: Index, role: int = 0) -> Any:
            asked.append(index.row())
            return super().data(index, role)

    model = Watched(tasks, range(MOST_SEARCHED + 1))
    table = DataTable("People")
    table.setModel(model)
    model.reload()
    settle()
    asked.clear()
    table.keyboardSearch("9")
    assert asked == []
    model.numbers = list(range(MOST_SEARCHED))
    model.reload()
    settle()
    model.row_at(9)
    settle()
    table.keyboardSearch("9")
    assert table.currentIndex().row() == 9


def test_select_all_of_very_many_rows_is_quick(
    tasks: Tasks, settle: Settle, benchmark_seconds: Callable[[Callable[[], object]], float]
) -> None:
    model = People(tasks, range(1_000_000))
    table = DataTable("People", many=True)
    table.setModel(model)
    table.resize(600, 400)
    table.show()
    model.reload()
    settle()
    assert benchmark_seconds(table.selectAll) < 5
    assert len(table.selected_rows()) == 1_000_000
    table.selectionModel().setCurrentIndex(
        model.index(3, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect
    )
    table.close()


@pytest.fixture
def benchmark_seconds() -> Callable[[Callable[[], object]], float]:
    import time  # noqa: PLC0415  (only this fixture measures)

    def measure(call: Callable[[], object]) -> float:
        started = time.perf_counter()
        call()
        return time.perf_counter() - started

    return measure


def test_a_model_that_the_collector_emptied_is_an_empty_one(tasks: Tasks, settle: Settle) -> None:
    model = People(tasks, range(3))
    model.reload()
    settle()
    cell = model.index(0, 0)
    vars(model).clear()  # as the collector does with one that lies in a cycle, while its view still lives
    horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    assert (model.rowCount(), model.columnCount()) == (0, 0)
    assert model.headerData(0, horizontal, Qt.ItemDataRole.DisplayRole) is None
    assert model.headerData(0, vertical, Qt.ItemDataRole.DisplayRole) is None
    assert model.data(cell, Qt.ItemDataRole.DisplayRole) is None
