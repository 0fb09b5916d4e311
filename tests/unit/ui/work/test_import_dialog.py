from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from PySide6.QtCore import Qt

from desktop_relay.domain.query import ContactQuery
from desktop_relay.operations import contacts
from desktop_relay.operations.import_contacts import FilePreview, ImportReport

from ui.context import Context
from ui.dialogs.import_dialog import ImportDialog, describe_report
from ui.pages.address_book.presenter import Presenter

Settle = Callable[..., None]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(
        "who,where\nTaro,taro@example.jp\nHanako,hanako@example.jp\nBad,two@@at\n", encoding="utf-8"
    )
    return path


@pytest.fixture
def open_dialog(context: Context, settle: Settle) -> Callable[[Path], ImportDialog]:
    def make(path: Path) -> ImportDialog:
        dialog = ImportDialog(context, Presenter(context), path)
        dialog.open()
        settle()
        return dialog

    return make


def choose(dialog: ImportDialog, column: int, field: str) -> None:
    combo = dialog.table.choice(column)
    assert combo is not None
    combo.setCurrentIndex(combo.findData(field))


def test_without_a_column_of_addresses_nothing_can_be_imported(
    open_dialog: Callable[[Path], ImportDialog], tmp_path: Path
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    dialog = open_dialog(path)
    assert not dialog.import_button.isEnabled()
    assert dialog.notice.isVisible()
    choose(dialog, 1, "email")
    assert dialog.import_button.isEnabled()
    assert not dialog.notice.isVisible()
    dialog.deleteLater()


def test_columns_are_mapped_by_hand(
    open_dialog: Callable[[Path], ImportDialog], file: Path, qtbot: QtBot, settle: Settle, context: Context
) -> None:
    dialog = open_dialog(file)
    choose(dialog, 0, "name")
    choose(dialog, 1, "email")
    reports: list[ImportReport] = []
    dialog.imported.connect(reports.append)
    qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    settle()
    assert (reports[0].added, reports[0].invalid) == (2, 1)
    ids = contacts.list_ids(context.workspace, ContactQuery(text="taro@example.jp"))
    assert contacts.get(context.workspace, ids[0]).name == "Taro"
    dialog.deleteLater()


def test_a_column_can_be_left_out_or_kept_under_its_own_name(
    open_dialog: Callable[[Path], ImportDialog], file: Path
) -> None:
    dialog = open_dialog(file)
    choose(dialog, 0, "")
    assert dialog.table.mapping["who"] == ""
    choose(dialog, 0, "who")
    assert dialog.table.mapping["who"] == "who"
    dialog.deleteLater()


def test_the_rehearsal_names_unusable_rows(
    open_dialog: Callable[[Path], ImportDialog], file: Path, settle: Settle
) -> None:
    dialog = open_dialog(file)
    choose(dialog, 1, "email")
    dialog.rehearse_button.click()
    settle()
    assert "2 new" in dialog.notice.text
    assert "Row 4 cannot be used: two@@at" in dialog.notice.text
    dialog.deleteLater()


def test_another_encoding_reads_the_file_anew(
    open_dialog: Callable[[Path], ImportDialog], tmp_path: Path, settle: Settle
) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes("氏名,メールアドレス\n髙橋,a@example.jp\n".encode("cp932"))
    dialog = open_dialog(path)
    assert dialog.table.mapping["氏名"] == "name"
    dialog.encoding.setCurrentIndex(dialog.encoding.findData("utf-8"))
    dialog.encoding.activated.emit(1)
    settle()
    assert dialog.notice.property("tone") == "bad"
    assert not dialog.import_button.isEnabled()
    dialog.encoding.setCurrentIndex(dialog.encoding.findData("cp932"))
    dialog.encoding.activated.emit(2)
    settle()
    assert dialog.import_button.isEnabled()
    dialog.deleteLater()


def test_a_file_that_is_gone_is_told(open_dialog: Callable[[Path], ImportDialog], tmp_path: Path) -> None:
    dialog = open_dialog(tmp_path / "gone.csv")
    assert "gone.csv" in dialog.notice.text
    dialog.deleteLater()


class SlowImport:
    """Imports until it is told to stop, and looks whether the window goes on meanwhile."""

    def __init__(self, presenter: Presenter) -> None:
        self._presenter = presenter
        self.stop: Callable[[], None] | None = None

    async def preview_file(
        self, path: Path, encoding: str | None, mapping: Mapping[str, str] | None
    ) -> FilePreview:
        return await self._presenter.preview_file(path, encoding, mapping)

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
        def look(done: int, total: int) -> None:
            progress(done, total)

        assert self.stop is not None
        self.stop()
        return await self._presenter.import_file(
            path,
            list_name=list_name,
            encoding=encoding,
            mapping=mapping,
            dry_run=dry_run,
            progress=look,
            cancelled=cancelled,
        )


def test_cancel_stops_and_leaves_nothing_behind(context: Context, settle: Settle, file: Path) -> None:
    slow = SlowImport(Presenter(context))
    dialog = ImportDialog(context, slow, file)
    slow.stop = dialog.cancel_button.click
    dialog.open()
    settle()
    choose(dialog, 1, "email")
    before = contacts.count(context.workspace, ContactQuery())
    dialog.import_button.click()
    settle()
    assert contacts.count(context.workspace, ContactQuery()) == before
    assert dialog.isVisible()
    assert "Nothing was changed" in dialog.notice.text
    assert dialog.import_button.isEnabled()
    dialog.reject()
    assert not dialog.isVisible()
    dialog.deleteLater()


def test_progress_reaches_the_bar(context: Context, settle: Settle, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("email\n" + "\n".join(f"p{n}@example.jp" for n in range(3000)), encoding="utf-8")
    dialog = ImportDialog(context, Presenter(context), path)
    seen: list[int] = []
    dialog.bar.valueChanged.connect(seen.append)
    dialog.open()
    settle()
    dialog.import_button.click()
    settle()
    settle()
    assert max(seen) == 3000
    assert len(set(seen)) >= 3
    dialog.deleteLater()


def test_the_report_leaves_out_what_is_nought() -> None:
    report = ImportReport(10, 8, 0, 1, 1, 0, 0, 3, 0, "utf-8", ",", 1, 0.1)
    assert describe_report(report) == "8 new · 1 twice in the file · 1 unusable · 3 without consent"


def test_a_file_that_is_still_being_read_can_be_left(
    context: Context, settle: Settle, file: Path, qtbot: QtBot
) -> None:
    dialog = ImportDialog(context, Presenter(context), file)
    dialog.finished.connect(dialog.deleteLater)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.open()
        dialog.reject()
    settle()  # the fixture fails when anybody speaks to what is gone


@pytest.mark.parametrize("language", ["ja"])
def test_columns_without_a_name_have_one_in_japanese(
    open_dialog: Callable[[Path], ImportDialog], tmp_path: Path
) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("taro@example.jp,東京\nhanako@example.jp,大阪\n", encoding="utf-8")
    dialog = open_dialog(path)
    header = dialog.table.horizontalHeaderItem(1)
    choice = dialog.table.choice(1)
    assert header is not None
    assert choice is not None
    assert (header.text(), choice.currentText()) == ("2 列目", "独自の項目「2 列目」")
    assert dialog.table.mapping["column 2"] == "column 2"
    dialog.deleteLater()


@pytest.mark.parametrize(
    ("encoding", "name"), [("euc_jp", "EUC-JP"), ("iso2022_jp", "ISO-2022-JP"), ("utf-16-le", "UTF-16")]
)
def test_the_encoding_found_is_named_as_it_is_offered(
    open_dialog: Callable[[Path], ImportDialog], tmp_path: Path, encoding: str, name: str
) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes("氏名,メールアドレス\n高橋,a@example.jp\n".encode(encoding))
    dialog = open_dialog(path)
    assert f"written in {name}." in dialog.facts.text()
    dialog.deleteLater()
