from __future__ import annotations

import random
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.modeltest import ModelTester

from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt

from ui.models.paged import KEPT_PAGES, PAGE_ROWS, Column, PagedModel
from ui.tasks import Tasks
from ui.widgets.data_table import DataTable
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
