"""The left column: everybody, the lists, and those who get no mail."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QLineEdit, QPushButton, QSizePolicy, QWidget

from desktop_relay.domain.contact_list import ListRow

from ui import wording
from ui.widgets.side_list import Entry, SideList
from ui.widgets.side_panel import SidePanel

_NARROWEST = 186


@dataclass(frozen=True, slots=True)
class View:
    """What the middle shows: everybody, one list, or those who get no mail."""

    list_id: int | None = None
    suppressed: bool = False


class ListPanel(SidePanel):
    """``chosen(View)``; ``creation_wanted(name)``, ``renaming_wanted(id, name)``, ``deletion_wanted(id)``."""

    chosen = Signal(object)
    creation_wanted = Signal(str)
    renaming_wanted = Signal(int, str)
    deletion_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Lists"), on_left=True, parent=parent)
        self.setMinimumWidth(_NARROWEST)
        self.body.setContentsMargins(5, 0, 5, 4)
        self.body.setSpacing(6)
        self._names: dict[int, str] = {}
        self.list = SideList(self.tr("Lists"))
        self.list.chosen.connect(self._tell)
        self.new = QPushButton(self.tr("New &list…"))
        self.new.clicked.connect(self._ask_name)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self._make_list_buttons())
        self.body.addWidget(self.new)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self._want_deletion)

    def _make_list_buttons(self) -> QWidget:
        self._list_buttons = QWidget()
        row = QHBoxLayout(self._list_buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.rename = QPushButton(self.tr("&Rename…"))
        self.rename.clicked.connect(self._ask_new_name)
        self.delete = QPushButton(self.tr("Delete"))
        self.delete.setAccessibleName(self.tr("Delete this list"))
        self.delete.setToolTip(self.tr("The people stay in the address book"))
        self.delete.setProperty("role", "danger")
        self.delete.clicked.connect(self._want_deletion)
        for button in (self.rename, self.delete):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            row.addWidget(button)
        self._list_buttons.hide()
        return self._list_buttons

    @property
    def view(self) -> View:
        """What is chosen."""
        value = self.list.value
        return value if isinstance(value, View) else View()

    @property
    def name(self) -> str:
        """The name of the list that is chosen, or nothing."""
        return self._names.get(self.view.list_id or 0, "")

    def show_lists(self, total: int, rows: list[ListRow], suppressed: int) -> bool:
        """Fill anew and keep what was chosen; false when that is gone."""
        before = self.view
        self._names = {row.id: row.name for row in rows}
        entries = [Entry(self.tr("Everybody"), View(), wording.number(total))]
        if rows:
            entries.append(Entry(self.tr("Lists"), heading=True))
            entries += [Entry(row.name, View(row.id), wording.number(row.count)) for row in rows]
        entries.append(Entry(self.tr("No mail to them"), heading=True))
        entries.append(Entry(self.tr("Suppressed"), View(suppressed=True), wording.number(suppressed)))
        self.list.fill(entries, before)
        kept = self.list.value is not None or self.list.choose(before)
        if not kept:
            self.list.choose(View())
        self._list_buttons.setVisible(self.view.list_id is not None)
        return kept

    def _tell(self, view: View) -> None:
        self._list_buttons.setVisible(view.list_id is not None)
        self.chosen.emit(view)

    def _ask_name(self) -> None:
        self._open_question(self.tr("New list"), "").textValueSelected.connect(self.creation_wanted)

    def _ask_new_name(self) -> None:
        self._open_question(self.tr("Rename the list"), self.name).textValueSelected.connect(self._want_name)

    def _open_question(self, title: str, text: str) -> QInputDialog:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(title)
        dialog.setLabelText(self.tr("Name of the list"))
        dialog.setTextValue(text)
        field = dialog.findChild(QLineEdit)
        if field is not None:
            field.setMinimumWidth(340)
            field.setAccessibleName(self.tr("Name of the list"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def _want_name(self, name: str) -> None:
        if self.view.list_id is not None:
            self.renaming_wanted.emit(self.view.list_id, name)

    def _want_deletion(self) -> None:
        if self.view.list_id is not None:
            self.deletion_wanted.emit(self.view.list_id)
