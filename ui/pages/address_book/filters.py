"""The row above the people: search, carrier, and conditions that are on or off."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from desktop_relay.domain.query import ContactQuery

from ui.widgets.chip import FilterChip
from ui.widgets.search_field import SearchField

Carriers = tuple[tuple[str, tuple[str, ...]], ...]
"""Names with their domains."""


class Filters(QWidget):
    """``changed`` when the user changed anything of it."""

    changed = Signal()

    def __init__(self, carriers: Carriers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._domains: tuple[str, ...] = ()
        self.search = SearchField(self.tr("Search name, reading, company, address"))
        self.search.searched.connect(self._tell)
        self.carrier = QPushButton(self.tr("&Carrier"))
        self.carrier.setProperty("hasMenu", "true")
        self.carrier.setMenu(self._make_menu(carriers))
        self.without_consent = FilterChip(self.tr("No consent on record"))
        self.legacy = FilterChip(self.tr("Old mobile address"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.search, 1)
        row.addWidget(self.carrier)
        for chip in (self.without_consent, self.legacy):
            chip.clicked.connect(self._tell)
            row.addWidget(chip)

    def _make_menu(self, carriers: Carriers) -> QMenu:
        menu = QMenu(self)
        self._carriers = QActionGroup(self)
        for name, domains in ((self.tr("Any carrier"), ()), *carriers):
            action = QAction(name.replace("&", "&&"), menu, checkable=True)
            action.setData(domains)
            action.setChecked(not domains)
            self._carriers.addAction(action)
            menu.addAction(action)
        self._carriers.triggered.connect(self._choose_carrier)
        return menu

    def _choose_carrier(self, action: QAction) -> None:
        self._domains = tuple(action.data() or ())
        self.carrier.setText(action.text() if self._domains else self.tr("&Carrier"))
        self.changed.emit()

    def _tell(self, *_what: object) -> None:
        self.changed.emit()

    @property
    def active(self) -> bool:
        """Whether anything is narrowed."""
        return self.narrow(ContactQuery()) != ContactQuery()

    def narrow(self, query: ContactQuery) -> ContactQuery:
        """The query with these conditions."""
        return replace(
            query,
            text=self.search.text().strip(),
            domains=self._domains,
            without_consent=self.without_consent.isChecked(),
            legacy=self.legacy.isChecked(),
        )

    def clear(self, *, without_consent: bool = False) -> None:
        """No condition, or only the one named; tells nobody."""
        with QSignalBlocker(self.search):
            self.search.clear()
        self._domains = ()
        self._carriers.actions()[0].setChecked(True)
        self.carrier.setText(self.tr("&Carrier"))
        self.without_consent.setChecked(without_consent)
        self.legacy.setChecked(False)
