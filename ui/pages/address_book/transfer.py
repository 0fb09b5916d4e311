"""Files in and out of the address book: the import with its undo, and the export."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.query import ContactQuery
from desktop_relay.operations.import_contacts import ImportReport

from ui import wording
from ui.context import Context
from ui.dialogs.file_choice import ask_for_files, ask_for_target
from ui.dialogs.import_dialog import ImportDialog, describe_report
from ui.dialogs.sentences import join_sentences
from ui.pages.address_book.people import People
from ui.pages.address_book.presenter import Presenter
from ui.widgets.page_frame import PageFrame

UNDO_SECONDS = 60
_OLD_EXCEL = "cp932"
_ANY_PROGRAM = "utf-8-sig"


class Transfer(QObject):
    """Opens the dialogs; nothing of it blocks."""

    def __init__(self, context: Context, presenter: Presenter, frame: PageFrame, people: People) -> None:
        super().__init__(frame)
        self._context = context
        self._presenter = presenter
        self._frame = frame
        self._people = people
        self.dialog: ImportDialog | None = None

    # -- in

    def choose_file(self) -> None:
        """Ask for the file to import."""
        filters = [self.tr("Tables (*.csv *.tsv *.txt)"), self.tr("All files (*)")]
        dialog = ask_for_files(self._window, self.tr("Import contacts"), filters)
        dialog.fileSelected.connect(self.begin_import)
        dialog.open()

    def begin_import(self, path: str) -> None:
        """Show how the file would be read."""
        dialog = self.dialog = ImportDialog(self._context, self._presenter, Path(path), self._window)
        dialog.imported.connect(self._tell_imported)
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self, _result: int) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _tell_imported(self, report: ImportReport) -> None:
        if report.import_id is not None:
            text = self.tr("Imported: {counts}").format(counts=describe_report(report))
            self._frame.undo_bar.offer(text, partial(self._take_back, report.import_id), seconds=UNDO_SECONDS)

    def _take_back(self, import_id: int) -> None:
        self._context.tasks.start(self._taken_back(import_id))

    async def _taken_back(self, import_id: int) -> None:
        removed, restored = await self._presenter.undo_import(import_id)
        text = self.tr("The import was taken back.")
        if removed or restored:
            text = self.tr("The import was taken back: {removed} removed, {restored} as before.").format(
                removed=wording.number(removed), restored=wording.number(restored)
            )
        self._frame.tell(text, "good", name="import")

    # -- out

    def choose_target(self) -> None:
        """Ask where to write what the table shows."""
        filters = [self.tr("CSV for any program (*.csv)"), self.tr("CSV for old Excel (*.csv)")]
        dialog = ask_for_target(self._window, self.tr("Export contacts"), filters, "csv")
        dialog.fileSelected.connect(partial(self._export_from, dialog))
        dialog.open()

    def _export_from(self, dialog: QFileDialog, path: str) -> None:
        old = dialog.selectedNameFilter() == dialog.nameFilters()[1]
        self.export_to(path, _OLD_EXCEL if old else _ANY_PROGRAM)

    def export_to(self, path: str, encoding: str = _ANY_PROGRAM) -> None:
        """Write the people the table shows."""
        self._start_export(Path(path), self._people.model.query, encoding)

    def _start_export(self, path: Path, query: ContactQuery, encoding: str) -> None:
        self._context.tasks.start(self._exported(path, query, encoding))

    async def _exported(self, path: Path, query: ContactQuery, encoding: str) -> None:
        try:
            written = await self._presenter.export(path, query, encoding)
        except RelayError as error:
            self._frame.tell(self._context.describe(error), "bad", name="export")
            return
        text = self.tr("%n person(s) written to {file}.", "", written.rows).format(file=path.name)
        if not written.damaged:
            self._frame.tell(text, "good", name="export")
            return
        lacking = self.tr(
            "In %Ln of them “?” stands for characters that old Excel lacks.", "", written.damaged
        )
        button = self.tr("Write it for any program")
        told = join_sentences(self._context.language, text, lacking)
        notice = self._frame.tell(told, "warn", button, name="export")
        notice.acted.connect(partial(self._start_export, path, query, _ANY_PROGRAM))

    @property
    def _window(self) -> QWidget:
        return self._frame.window()
