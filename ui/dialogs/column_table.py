"""The first rows of a file, with a choice above each column of what it becomes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QFrame, QTableWidget, QTableWidgetItem, QWidget

from desktop_relay.domain.contact import STANDARD_FIELDS
from desktop_relay.operations.import_contacts import FilePreview

from ui.field_words import column_word, field_word
from ui.theme import colours
from ui.widgets.steady_combo_box import SteadyComboBox

_LEAVE_OUT = ""
_COLUMN_WIDTH = 158
_CHOICE_HEIGHT = 40
_ROW_HEIGHT = 28


class ColumnTable(QTableWidget):
    """``mapping_changed`` after a file was shown and after every choice."""

    mapping_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headers: tuple[str, ...] = ()
        self.setAccessibleName(self.tr("The first rows"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.horizontalHeader().setHighlightSections(False)

    def clear_file(self) -> None:
        """Show nothing."""
        self._headers = ()
        self.clear()
        self.setRowCount(0)
        self.setColumnCount(0)

    def show_file(self, found: FilePreview) -> None:
        """Show how the file is read."""
        self.clear_file()
        self._headers = found.headers
        self.setColumnCount(len(found.headers))
        self.setRowCount(len(found.sample_rows) + 1)
        self.setHorizontalHeaderLabels([column_word(header) for header in found.headers])
        self.setRowHeight(0, _CHOICE_HEIGHT)
        for column, header in enumerate(found.headers):
            self.setCellWidget(0, column, self._make_choice(header, found.mapping.get(header, _LEAVE_OUT)))
            self.setColumnWidth(column, _COLUMN_WIDTH)
            for row, cells in enumerate(found.sample_rows, start=1):
                item = QTableWidgetItem(" ".join(cells[column].split("\n")))
                item.setToolTip(cells[column])
                self.setItem(row, column, item)
        self._follow()

    def _make_choice(self, header: str, chosen: str) -> QComboBox:
        combo = SteadyComboBox()
        combo.setAccessibleName(self.tr("What {column} is").format(column=column_word(header)))
        combo.addItem(self.tr("(leave out)"), _LEAVE_OUT)
        for name in STANDARD_FIELDS:
            combo.addItem(field_word(name), name)
        own = chosen if chosen and chosen not in STANDARD_FIELDS else header
        if own not in STANDARD_FIELDS:
            combo.addItem(self.tr("own field “{name}”").format(name=column_word(own)), own)
        combo.setCurrentIndex(max(0, combo.findData(chosen)))
        combo.setMinimumContentsLength(6)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.currentIndexChanged.connect(self._follow)
        return combo

    def choice(self, column: int) -> QComboBox | None:
        """The choice above a column."""
        combo = self.cellWidget(0, column)
        return combo if isinstance(combo, QComboBox) else None

    @property
    def mapping(self) -> dict[str, str]:
        """What each column shall be."""
        chosen: dict[str, str] = {}
        for column, header in enumerate(self._headers):
            combo = self.choice(column)
            if combo is not None:
                chosen[header] = str(combo.currentData())
        return chosen

    def _follow(self, _index: int = 0) -> None:
        """Columns left out are greyed."""
        faint, usual = QColor(colours().neutral_fill), QColor(colours().text)
        for column, field in enumerate(self.mapping.values()):
            for row in range(1, self.rowCount()):
                item = self.item(row, column)
                if item is not None:
                    item.setForeground(usual if field else faint)
        self.mapping_changed.emit()
