"""An import: how the file is read, what each column becomes, a rehearsal, then the import with progress."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_relay.domain.errors import RelayError
from desktop_relay.operations.import_contacts import FilePreview, ImportReport

from ui import wording
from ui.context import Context
from ui.dialogs.column_table import ColumnTable
from ui.widgets.labels import label
from ui.widgets.notice import Notice
from ui.widgets.steady_combo_box import SteadyComboBox

_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "cp932": "Shift_JIS (CP932)",
    "euc-jp": "EUC-JP",
    "iso-2022-jp": "ISO-2022-JP",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
_OFFERED = ("utf-8", "cp932", "euc-jp", "iso-2022-jp", "utf-16")
_SHOWN_INVALID = 4


class Importing(Protocol):
    """What the dialog needs done."""

    async def preview_file(
        self, path: Path, encoding: str | None, mapping: Mapping[str, str] | None
    ) -> FilePreview:
        """How the file would be read; raises ``RelayError``."""
        ...

    async def import_file(
        self,
        path: Path,
        *,
        list_name: str | None,
        encoding: str | None,
        mapping: Mapping[str, str],
        dry_run: bool,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> ImportReport:
        """Import, or rehearse; raises ``RelayError``."""
        ...


class ImportDialog(QDialog):
    """``imported(ImportReport)`` after an import; opened, never executed. Cancel leaves nothing behind."""

    imported = Signal(object)

    def __init__(
        self, context: Context, importing: Importing, path: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._importing = importing
        self._path = path
        self._stop = threading.Event()
        self._running = False
        self._known = False
        self._reading: asyncio.Task[None] | None = None
        self.setWindowTitle(self.tr("Import {file}").format(file=path.name))
        self.resize(880, 580)
        self._make_fields()
        self._lay_out()
        self._set_usable(False)
        self.list_name.setFocus()
        self.finished.connect(self._stop_reading)
        self._begin_reading(None)

    # -- making

    def _make_fields(self) -> None:
        self.list_name = QLineEdit(self._path.stem)
        self.list_name.setPlaceholderText(self.tr("no list"))
        self.encoding = SteadyComboBox()
        self.encoding.addItem(self.tr("found by itself"), None)
        for name in _OFFERED:
            self.encoding.addItem(_ENCODINGS[name], name)
        self.encoding.activated.connect(self._reread)
        self.facts = label("", "secondary", wrap=True)
        self.table = ColumnTable()
        self.table.mapping_changed.connect(self._follow_mapping)
        self.notice = Notice("", closable=False)
        self.notice.hide()
        self.bar = QProgressBar()
        self.bar.setAccessibleName(self.tr("Progress of the import"))
        self.bar.setTextVisible(False)
        self.bar.hide()
        self.progress_words = label("", "secondary")
        self.progress_words.hide()
        self.rehearse_button = QPushButton(self.tr("&Try it first"))
        self.rehearse_button.setToolTip(self.tr("Counts what would happen and changes nothing"))
        self.rehearse_button.clicked.connect(self._want_rehearsal)
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.cancel_button.clicked.connect(self.reject)
        self.import_button = QPushButton(self.tr("&Import"))
        self.import_button.setProperty("role", "primary")
        self.import_button.clicked.connect(self._want_import)
        for button in (self.rehearse_button, self.cancel_button, self.import_button):
            button.setAutoDefault(False)  # Return in a field must not import by accident

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.addRow(self.tr("Put them into the &list"), self.list_name)
        form.addRow(self.tr("&Encoding"), self.encoding)
        progress = QHBoxLayout()
        progress.addWidget(self.bar, 1)
        progress.addWidget(self.progress_words)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.rehearse_button)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.import_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        column.addLayout(form)
        column.addWidget(self.facts)
        column.addWidget(self.table, 1)
        column.addWidget(self.notice)
        column.addLayout(progress)
        column.addLayout(buttons)

    # -- reading

    def _reread(self, _index: int) -> None:
        self._begin_reading(self.encoding.currentData())

    def _begin_reading(self, encoding: str | None) -> None:
        self._stop_reading()
        self._reading = self._context.tasks.start(self._read(encoding))

    def _stop_reading(self) -> None:
        """The newest wish wins, and nobody may speak to a dialog that is gone."""
        if self._reading is not None:
            self._reading.cancel()

    async def _read(self, encoding: str | None) -> None:
        self._set_usable(False)
        self.facts.setText(self.tr("The file is being read…"))
        try:
            found = await self._importing.preview_file(self._path, encoding, None)
        except RelayError as error:
            self._known = False
            self.facts.setText("")
            self.table.clear_file()
            self.notice.show_text(self._context.describe(error), "bad")
            return
        rows = wording.number(found.total_rows)
        name = _ENCODINGS.get(found.encoding, found.encoding)
        self.facts.setText(
            self.tr("{rows} rows, written in {encoding}. Choose above each column what it is.").format(
                rows=rows, encoding=name
            )
        )
        self._known = True
        self.table.show_file(found)

    def _set_usable(self, usable: bool) -> None:
        self.import_button.setEnabled(usable)
        self.rehearse_button.setEnabled(usable)

    def _follow_mapping(self) -> None:
        has_address = self._known and "email" in self.table.mapping.values()
        self._set_usable(has_address)
        if has_address:
            self.notice.hide()
        else:
            self.notice.show_text(self.tr("Say which column holds the mail addresses."), "warn")

    # -- importing

    def _want_import(self) -> None:
        self._context.tasks.start(self._run(dry_run=False))

    def _want_rehearsal(self) -> None:
        self._context.tasks.start(self._run(dry_run=True))

    async def _run(self, *, dry_run: bool) -> None:
        self._set_running(True)
        try:
            report = await self._importing.import_file(
                self._path,
                list_name=self.list_name.text().strip() or None,
                encoding=self.encoding.currentData(),
                mapping=self.table.mapping,
                dry_run=dry_run,
                progress=self._show_progress,
                cancelled=self._stop.is_set,
            )
        except RelayError as error:
            self.notice.show_text(self._context.describe(error), "bad")
            return
        finally:
            self._set_running(False)
        if report.cancelled:
            self.notice.show_text(self.tr("Stopped. Nothing was changed."), "info")
        elif dry_run:
            self.notice.show_text(self._describe_rehearsal(report), "info")
        else:
            self.imported.emit(report)
            self.accept()

    def _set_running(self, running: bool) -> None:
        self._running = running
        self._stop.clear()
        self.bar.setVisible(running)
        self.bar.setRange(0, 0)
        self.progress_words.setVisible(running)
        self.progress_words.setText("")
        self.cancel_button.setEnabled(True)
        if running:
            self.notice.hide()
        self._set_usable(not running)
        for widget in (self.table, self.list_name, self.encoding):
            widget.setEnabled(not running)

    def _show_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.progress_words.setText(f"{wording.number(done)} / {wording.number(total)}")

    def _describe_rehearsal(self, report: ImportReport) -> str:
        lines = [self.tr("It would be: {counts}").format(counts=describe_report(report))]
        unusable = self.tr("Row {row} cannot be used: {address}")
        lines += [
            unusable.format(row=bad.row, address=_printable(bad.address))
            for bad in report.invalid_rows[:_SHOWN_INVALID]
        ]
        if report.invalid > _SHOWN_INVALID:
            lines.append(self.tr("and {n} more").format(n=wording.number(report.invalid - _SHOWN_INVALID)))
        return "\n".join(lines)

    def reject(self) -> None:
        """While an import runs, Cancel stops it and leaves nothing behind; else the dialog closes."""
        if self._running:
            self._stop.set()
            self.cancel_button.setEnabled(False)
            return
        super().reject()


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "·" for letter in text) or "—"


def describe_report(report: ImportReport) -> str:
    """The counts of an import as one line; what is nought is left out, but for those new."""
    counts = (
        (QCoreApplication.translate("ImportDialog", "{n} new"), report.added, True),
        (QCoreApplication.translate("ImportDialog", "{n} changed"), report.updated, False),
        (QCoreApplication.translate("ImportDialog", "{n} twice in the file"), report.duplicates, False),
        (QCoreApplication.translate("ImportDialog", "{n} unusable"), report.invalid, False),
        (QCoreApplication.translate("ImportDialog", "{n} repaired"), report.repaired, False),
        (QCoreApplication.translate("ImportDialog", "{n} without consent"), report.without_consent, False),
        (QCoreApplication.translate("ImportDialog", "{n} suppressed"), report.suppressed, False),
    )
    return " · ".join(
        words.format(n=wording.number(number)) for words, number, always in counts if number or always
    )
