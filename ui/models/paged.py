"""A table model over very many rows: all ids in order, rows read in pages on a worker when painted."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from ui.tasks import Tasks
from ui.widgets.row_delegate import CHIP_ROLE, LOADING_ROLE, STRONG_ROLE, ChipData

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

PAGE_ROWS = 256
KEPT_PAGES = 64
_NOBODY = -1
ROW_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)  # no slots: Python 3.11 cannot make a Column[Row](…) with them
class Column(Generic[Row]):
    """One column: heading, what it says of a row, and how. ``sort`` is the query's word for it, if any."""

    title: str
    text: Callable[[Row], str]
    chip: Callable[[Row], ChipData | None] | None = None
    sort: str = ""
    right: bool = False
    strong: bool = False
    tip: Callable[[Row], str] | None = None


class PagedModel(QAbstractTableModel, Generic[Row]):
    """Subclasses give ``load_ids``, ``load_rows`` (both called on a worker) and the columns.

    ``reload()`` reads the ids again; rows already shown stay until their successors arrive, so that a
    table refreshed four times a second neither flickers nor jumps. ``loaded(int)`` tells the number
    of rows, ``rows_changed`` that shown rows were read again.
    """

    loaded = Signal(int)
    rows_changed = Signal()

    # Python's collector empties a model that lies in a cycle, and the view that dies with it may still ask:
    # what Qt asks of a model without its fields reads as of an empty one
    columns: tuple[Column[Row], ...] = ()
    _ids: array[int] = array("q")

    def __init__(self, tasks: Tasks, columns: Sequence[Column[Row]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._tasks = tasks
        self._ids = array("q")
        self._rows: dict[int, Row] = {}
        self._pages: OrderedDict[int, tuple[int, ...]] = OrderedDict()
        self._stale: set[int] = set()
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._reading: set[int] = set()
        self._generation = 0
        self._is_reading_ids = False
        self._again = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._read_wanted)

    # -- what subclasses give

    def load_ids(self) -> array[int]:
        """All ids in the order of the table; runs on a worker thread."""
        raise NotImplementedError

    def load_rows(self, ids: Sequence[int]) -> Sequence[Row]:
        """The rows of these ids in the order given; runs on a worker thread."""
        raise NotImplementedError

    def row_id(self, row: Row) -> int:
        """The id of a row that ``load_rows`` gave."""
        raise NotImplementedError

    # -- what views and pages ask

    def rowCount(self, parent: Index | None = None) -> int:
        """All rows, read or not."""
        return 0 if parent is not None and parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index | None = None) -> int:
        """The columns given at birth."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Headings."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[section].right:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        """A cell; asks for the row's page when it was not read yet."""
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        row = self.row_at(index.row())
        if role == LOADING_ROLE:
            return row is None
        if row is None:
            return None
        return self._cell(self.columns[index.column()], row, role)

    @staticmethod
    def _cell(column: Column[Row], row: Row, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == CHIP_ROLE:
            return column.chip(row) if column.chip is not None else None
        if role == STRONG_ROLE:
            return column.strong
        if role == Qt.ItemDataRole.ToolTipRole:
            return (column.tip or column.text)(row) or None
        if role == Qt.ItemDataRole.TextAlignmentRole and column.right:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == ROW_ROLE:
            return row
        return None

    def row_at(self, number: int) -> Row | None:
        """The row in that place, or ``None`` while it is being read."""
        if not 0 <= number < len(self._ids):
            return None
        page = number // PAGE_ROWS
        if page in self._pages:
            self._pages.move_to_end(page)
        if page not in self._pages or page in self._stale:
            self._want(page)
        return self._rows.get(self._ids[number])

    def id_at(self, number: int) -> int | None:
        """The id in that place."""
        return self._ids[number] if 0 <= number < len(self._ids) else None

    def place_of(self, row_id: int) -> int:
        """Where an id stands, or −1."""
        try:
            return self._ids.index(row_id)
        except ValueError:
            return -1

    @property
    def ids(self) -> array[int]:
        """All ids in order; not to be changed."""
        return self._ids

    # -- reading

    def reload(self, *, anew: bool = False) -> None:
        """Read the ids again; calls that come while one is under way are answered by one more.

        ``anew`` when other rows are asked for or in another order: what is being read is not shown then.
        """
        if anew:
            self._generation += 1
        if self._is_reading_ids:
            self._again = True
            return
        self._is_reading_ids = True
        self._tasks.start(self._read_ids(self._generation))

    def forget(self) -> None:
        """Show nothing, as before the first reload."""
        self._generation += 1
        self.beginResetModel()
        self._ids = array("q")
        self._rows.clear()
        self._pages.clear()
        self._stale.clear()
        self._wanted.clear()
        self.endResetModel()

    def refresh_rows(self) -> None:
        """Read the rows shown again, keep the order."""
        self._stale.update(self._pages)
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, len(self.columns) - 1))

    async def _read_ids(self, generation: int) -> None:
        try:
            ids = await self._tasks.in_worker(self.load_ids)
        finally:
            self._is_reading_ids = False
            again, self._again = self._again, False
        # also when there is more to read by now: news may come faster than it can be read
        if generation == self._generation:
            self._show(ids)
        if again:
            self.reload()

    def _show(self, ids: array[int]) -> None:
        if ids == self._ids:
            self.refresh_rows()
        else:
            self._move_to(ids)
        self.loaded.emit(len(ids))

    def _move_to(self, ids: array[int]) -> None:
        """Change the order while persistent indexes (selection, current row) stay with their ids.

        Qt wants rows to come or go in one step and to change places in another: rows come at the end
        before the change, and those that go are at the end after it.
        """
        old_count, new_count = len(self._ids), len(ids)
        if new_count > old_count:
            self.beginInsertRows(QModelIndex(), old_count, new_count - 1)
            self._ids = self._ids + ids[old_count:]
            self.endInsertRows()
        self._permute(ids + array("q", [_NOBODY]) * (old_count - new_count))
        if new_count < old_count:
            self.beginRemoveRows(QModelIndex(), new_count, old_count - 1)
            self._ids = ids
            self.endRemoveRows()

    def _permute(self, ids: array[int]) -> None:
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        owners = [self._ids[index.row()] for index in held]
        self._ids = ids
        places = {owner: self.place_of(owner) for owner in set(owners)}
        moved = [
            self.index(places[owner], index.column()) if places[owner] >= 0 else QModelIndex()
            for owner, index in zip(owners, held, strict=True)
        ]
        self.changePersistentIndexList(held, moved)
        self._pages.clear()
        self._stale.clear()
        self._wanted.clear()
        self.layoutChanged.emit()

    def _want(self, page: int) -> None:
        if page in self._reading or page in self._wanted:
            return
        self._wanted[page] = None
        while len(self._wanted) > KEPT_PAGES // 4:
            # whoever scrolls past does not need what flew by
            self._wanted.popitem(last=False)
        self._soon.start()

    def _read_wanted(self) -> None:
        for page in list(self._wanted):
            self._reading.add(page)
            self._tasks.start(self._read_page(page, self._ids))
        self._wanted.clear()

    async def _read_page(self, page: int, order: array[int]) -> None:
        ids = order[page * PAGE_ROWS : (page + 1) * PAGE_ROWS]
        try:
            rows = await self._tasks.in_worker(self.load_rows, ids)
        finally:
            self._reading.discard(page)
        if order is self._ids:
            self._keep_page(page, ids, rows)
        elif page * PAGE_ROWS < len(self._ids):
            self._announce(page)

    def _keep_page(self, page: int, ids: array[int], rows: Sequence[Row]) -> None:
        for row in rows:
            self._rows[self.row_id(row)] = row
        self._pages[page] = tuple(ids)
        self._pages.move_to_end(page)
        self._stale.discard(page)
        if len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        if len(self._rows) > 2 * KEPT_PAGES * PAGE_ROWS:
            kept = {number for numbers in self._pages.values() for number in numbers}
            self._rows = {number: row for number, row in self._rows.items() if number in kept}
        self._announce(page)
        self.rows_changed.emit()

    def _announce(self, page: int) -> None:
        last = min(len(self._ids), (page + 1) * PAGE_ROWS) - 1
        self.dataChanged.emit(self.index(page * PAGE_ROWS, 0), self.index(last, len(self.columns) - 1))
