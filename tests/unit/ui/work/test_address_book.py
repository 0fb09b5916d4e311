from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from desktop_relay.domain.command import Suppress
from desktop_relay.domain.contact import Contact
from desktop_relay.domain.errors import EngineUnreachable, ErrorCode
from desktop_relay.domain.query import ContactQuery
from desktop_relay.domain.suppression import SuppressionReason
from desktop_relay.operations import contacts, lists, suppressions
from resources import locate
from tests.unit.ui.work.fakes import FakeEngine

from ui.context import Context
from ui.pages.address_book.list_panel import View
from ui.pages.address_book.page import Page
from ui.widgets.notice import Notice

Settle = Callable[..., None]
SAMPLE = locate("samples", "contacts-ja.csv")


@pytest.fixture
def page(context: Context, show: Callable[[QWidget], QWidget]) -> Page:
    made = Page(context)
    show(made)
    return made


def find(context: Context, address: str) -> Contact | None:
    ids = contacts.list_ids(context.workspace, ContactQuery(text=address))
    return contacts.get(context.workspace, ids[0]) if ids else None


def choose_list(page: Page, settle: Settle, name: str) -> int:
    for value in page.lists.list.values:
        assert isinstance(value, View)
        if value.list_id is not None and page.lists._names[value.list_id] == name:
            page.lists.list.choose(value)
            page.lists.list.chosen.emit(value)
            settle()
            return value.list_id
    raise AssertionError(name)


def told(page: QWidget) -> list[str]:
    return [notice.text for notice in page.findChildren(Notice) if notice.isVisible()]


# -- finding


def test_everybody_is_there_with_the_lists_beside(page: Page) -> None:
    assert page.people.model.rowCount() == 1796
    assert page.lists.list.item(0).text() == "Everybody"
    assert not page.empty.isVisible()


def test_typing_narrows_and_clearing_brings_back(page: Page, qtbot: QtBot, settle: Settle) -> None:
    qtbot.keyClicks(page.filters.search, "cana3@docomo.ne.jp")
    settle(0.2)
    assert page.people.model.rowCount() == 1
    page.filters.search.clear()
    settle(0.2)
    assert page.people.model.rowCount() == 1796


def test_japanese_finds_people(page: Page, settle: Settle, context: Context) -> None:
    page.filters.search.setText("美咲")
    settle(0.2)
    count = page.people.model.rowCount()
    assert count == contacts.count(context.workspace, ContactQuery(text="美咲"))
    assert 0 < count < 1796


def test_nobody_found_offers_everybody(page: Page, qtbot: QtBot, settle: Settle) -> None:
    page.filters.search.setText("nobody at all has this name")
    settle(0.2)
    button = page.people._nobody.button
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(0.2)
    assert page.people.model.rowCount() == 1796


def test_chips_and_the_carrier_narrow(page: Page, qtbot: QtBot, settle: Settle, context: Context) -> None:
    qtbot.mouseClick(page.filters.without_consent, Qt.MouseButton.LeftButton)
    settle()
    assert page.people.model.rowCount() == 53
    page.filters.clear()
    docomo = next(a for a in page.filters._carriers.actions() if a.text() == "NTT docomo")
    docomo.trigger()
    settle()
    query = ContactQuery(domains=tuple(docomo.data()))
    assert page.people.model.rowCount() == contacts.count(context.workspace, query) > 300


def test_a_list_shows_its_people(page: Page, settle: Settle) -> None:
    choose_list(page, settle, "本店のお客様")
    assert page.people.model.rowCount() == 10


# -- one person


def test_the_person_chosen_is_shown(page: Page, settle: Settle) -> None:
    page.people.table.selectRow(3)
    settle()
    assert page.person.person is not None
    assert page.person._name.text().startswith("山本 美咲")
    assert page.person._consent.text() == "agreed 2025-04-01"


def test_editing_by_the_keyboard(page: Page, qtbot: QtBot, settle: Settle, context: Context) -> None:
    page.people.table.selectRow(3)
    qtbot.keyClick(page.people.table, Qt.Key.Key_Return)
    settle()
    dialog = page.editing.dialog
    assert dialog is not None
    field = dialog.fields["name"]
    assert isinstance(field, QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, "Yamamoto")
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    settle()
    assert page.editing.dialog is None
    changed = find(context, "cana3@docomo.ne.jp")
    assert changed is not None
    assert changed.name == "Yamamoto"
    assert page.person._name.text() == "Yamamoto"


def test_a_wrong_address_is_told_in_the_dialog(page: Page, qtbot: QtBot, settle: Settle) -> None:
    qtbot.mouseClick(page.new_button, Qt.MouseButton.LeftButton)
    settle()
    dialog = page.editing.dialog
    assert dialog is not None
    field = dialog.fields["email"]
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "not an address")
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    settle()
    assert dialog.notice.isVisible()
    assert "not an address" in dialog.notice.text
    dialog.reject()


def test_what_came_while_the_dialog_was_open_stays(page: Page, settle: Settle, context: Context) -> None:
    person = find(context, "cana3@docomo.ne.jp")
    assert person is not None
    page.editing.edit(person.id)
    settle()
    dialog = page.editing.dialog
    assert dialog is not None
    field = dialog.fields["name"]
    assert isinstance(field, QLineEdit)
    field.setText("山本 花子")
    contacts.save(context.workspace, person.id, {**person.fields, "company": "例社", "趣味": "山"})
    dialog.save_button.click()
    settle()
    kept = contacts.get(context.workspace, person.id).fields
    assert (kept["name"], kept["company"], kept["趣味"]) == ("山本 花子", "例社", "山")


def test_a_new_person_goes_into_the_list_that_shows(
    page: Page, qtbot: QtBot, settle: Settle, context: Context
) -> None:
    list_id = choose_list(page, settle, "本店のお客様")
    page.editing.enter()
    settle()
    assert page.editing.dialog is not None
    email = page.editing.dialog.fields["email"]
    assert isinstance(email, QLineEdit)
    qtbot.keyClicks(email, "new@example.jp")
    qtbot.mouseClick(page.editing.dialog.save_button, Qt.MouseButton.LeftButton)
    settle()
    assert contacts.count(context.workspace, ContactQuery(list_id=list_id)) == 11
    assert page.person.person is not None
    assert page.person.person.contact.email == "new@example.jp"


# -- those selected


def test_deleting_and_undo(page: Page, qtbot: QtBot, settle: Settle, context: Context) -> None:
    page.people.table.selectRow(3)
    page.people.table.setFocus()
    qtbot.keyClick(page.people.table, Qt.Key.Key_Delete)
    settle()
    assert find(context, "cana3@docomo.ne.jp") is None
    assert page.person.person is None
    assert page.frame.undo_bar.isVisible()
    qtbot.mouseClick(page.frame.undo_bar.button, Qt.MouseButton.LeftButton)
    settle()
    assert find(context, "cana3@docomo.ne.jp") is not None
    assert page.people.model.rowCount() == 1796


def test_delete_in_the_search_field_deletes_letters_only(page: Page, qtbot: QtBot, settle: Settle) -> None:
    page.people.table.selectRow(3)
    page.filters.search.setFocus()
    qtbot.keyClick(page.filters.search, Qt.Key.Key_Delete)
    settle()
    assert page.people.model.rowCount() == 1796


def test_selected_people_into_a_list_and_back(page: Page, settle: Settle, context: Context) -> None:
    page.people.table.selectAll()
    assert len(page.people.selected_ids) == 1796
    action = next(a for a in page.chosen._into.actions() if a.text() == "本店のお客様")
    action.trigger()
    settle()
    shop = lists.overview(context.workspace)
    assert {row.name: row.count for row in shop}["本店のお客様"] == 1796
    page.frame.undo_bar.button.click()
    settle()
    assert {row.name: row.count for row in lists.overview(context.workspace)}["本店のお客様"] == 10


def test_taking_out_of_a_list(page: Page, settle: Settle, context: Context) -> None:
    list_id = choose_list(page, settle, "本店のお客様")
    page.people.table.selectRow(0)
    page.chosen._out.trigger()
    settle()
    assert contacts.count(context.workspace, ContactQuery(list_id=list_id)) == 9
    page.frame.undo_bar.button.click()
    settle()
    assert contacts.count(context.workspace, ContactQuery(list_id=list_id)) == 10


# -- no mail


def test_no_mail_and_mail_again(page: Page, settle: Settle, context: Context, engine: FakeEngine) -> None:
    page.people.table.selectRow(3)
    settle()
    page.person._suppress.click()
    settle()
    assert Suppress(("cana3@docomo.ne.jp",)) in engine.commands
    assert page.person._kept_away.isVisible()
    assert page.lists.list.item(page.lists.list.count() - 1).data(0) == "Suppressed"
    page.person._allow.click()
    settle()
    assert suppressions.overview(context.workspace) == []


def test_undo_lets_no_mail_through_to_whom_it_was_kept_from_before(
    page: Page, settle: Settle, context: Context
) -> None:
    suppressions.add(context.workspace, ["cana3@docomo.ne.jp"], SuppressionReason.UNSUBSCRIBED)
    choose_list(page, settle, "本店のお客様")
    page.people.table.selectAll()
    page.chosen._no_mail.trigger()
    settle()
    assert len(suppressions.overview(context.workspace)) == 10
    page.frame.undo_bar.button.click()
    settle()
    (left,) = suppressions.overview(context.workspace)
    assert (left.pattern, left.reason) == ("cana3@docomo.ne.jp", SuppressionReason.UNSUBSCRIBED)


def test_those_who_get_no_mail_already_are_told(page: Page, settle: Settle, context: Context) -> None:
    suppressions.add(context.workspace, ["cana3@docomo.ne.jp"])
    page.people.table.selectRow(3)
    page.chosen._no_mail.trigger()
    settle()
    assert not page.frame.undo_bar.isVisible()
    assert told(page) == ["None of those selected gets mail as it is."]


def test_a_domain_without_mail_shows_at_its_people(page: Page, settle: Settle, context: Context) -> None:
    suppressions.add(context.workspace, ["@docomo.ne.jp"])
    page.people.table.selectRow(3)
    settle()
    assert page.person._kept_away.text() == "gets no mail: @docomo.ne.jp"
    assert page.person._kept_away.isVisible()
    assert not page.person._suppress.isVisible()
    assert not page.person._allow.isVisible(), "it would let mail through to everybody of the domain"


def test_an_engine_that_does_not_start_is_told(page: Page, settle: Settle, engine: FakeEngine) -> None:
    page.people.table.selectRow(3)
    settle()
    engine.refusal = EngineUnreachable(ErrorCode.ENGINE_DID_NOT_START, detail="no reason")
    page.person._suppress.click()
    settle()
    assert len(told(page)) == 1


def test_the_suppressed_are_a_table_of_their_own(
    page: Page, qtbot: QtBot, settle: Settle, context: Context
) -> None:
    page.lists.list.choose(View(suppressed=True))
    page.lists.list.chosen.emit(View(suppressed=True))
    settle()
    view = page.suppressed
    assert view.isVisible()
    assert not page.filters.isVisible()
    qtbot.keyClicks(view.address, "@example.net")
    qtbot.keyClick(view.address, Qt.Key.Key_Return)
    settle()
    assert [entry.pattern for entry in suppressions.overview(context.workspace)] == ["@example.net"]
    view.table.selectRow(0)
    view.table.setFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_Delete)
    settle()
    assert suppressions.overview(context.workspace) == []
    page.frame.undo_bar.button.click()
    settle()
    assert len(suppressions.overview(context.workspace)) == 1


def test_who_is_put_back_among_the_suppressed_keeps_the_reason(
    page: Page, settle: Settle, context: Context
) -> None:
    suppressions.add(context.workspace, ["a@example.jp"], SuppressionReason.COMPLAINT, "loop")
    page.lists.list.choose(View(suppressed=True))
    page.lists.list.chosen.emit(View(suppressed=True))
    settle()
    page.suppressed.table.selectRow(0)
    page.suppressed.remove.click()
    settle()
    assert suppressions.overview(context.workspace) == []
    page.frame.undo_bar.button.click()
    settle()
    (entry,) = suppressions.overview(context.workspace)
    assert (entry.reason, entry.source) == (SuppressionReason.COMPLAINT, "loop")


# -- lists


def test_a_list_is_made_renamed_deleted_and_brought_back(
    page: Page, qtbot: QtBot, settle: Settle, context: Context
) -> None:
    qtbot.mouseClick(page.lists.new, Qt.MouseButton.LeftButton)
    dialog = page.lists.findChild(QInputDialog)
    assert dialog is not None
    dialog.setTextValue("春の便り")
    dialog.accept()
    settle()
    assert page.lists.name == "春の便り"
    page.lists.renaming_wanted.emit(page.lists.view.list_id or 0, "夏の便り")
    settle()
    assert page.lists.name == "夏の便り"
    choose_list(page, settle, "本店のお客様")
    page.activateWindow()
    settle(0.1)
    page.lists.list.setFocus()
    qtbot.keyClick(page.lists.list, Qt.Key.Key_Delete)
    settle()
    assert "本店のお客様" not in {row.name for row in lists.overview(context.workspace)}
    assert page.people.model.rowCount() == 1796
    page.frame.undo_bar.button.click()
    settle()
    assert {row.name: row.count for row in lists.overview(context.workspace)}["本店のお客様"] == 10


def test_a_name_that_is_taken_is_told(page: Page, settle: Settle) -> None:
    page.lists.creation_wanted.emit("本店のお客様")
    settle()
    assert len(told(page)) == 1


# -- files


def test_import_with_rehearsal_and_undo(page: Page, qtbot: QtBot, settle: Settle, context: Context) -> None:
    file = SAMPLE.parent / SAMPLE.name
    page.people.table.selectAll()
    page.chosen.delete()
    settle()
    page.transfer.begin_import(str(file))
    settle()
    dialog = page.transfer.dialog
    assert dialog is not None
    assert "Shift_JIS" in dialog.facts.text()
    assert dialog.table.mapping["氏名"] == "name"
    qtbot.mouseClick(dialog.rehearse_button, Qt.MouseButton.LeftButton)
    settle()
    assert "1,796 new" in dialog.notice.text
    assert contacts.count(context.workspace, ContactQuery()) == 0
    dialog.list_name.setText("試し")
    qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    settle()
    assert page.transfer.dialog is None
    assert page.people.model.rowCount() == 1796
    page.frame.undo_bar.button.click()
    settle()
    assert contacts.count(context.workspace, ContactQuery()) == 0
    assert "1,796" in told(page)[0]


def test_export_writes_what_the_table_shows(page: Page, settle: Settle, tmp_path: Path) -> None:
    choose_list(page, settle, "本店のお客様")
    target = tmp_path / "out.csv"
    page.transfer.export_to(str(target))
    settle()
    assert len(target.read_text(encoding="utf-8-sig").splitlines()) >= 11
    assert told(page) == ["10 people written to out.csv."]


def test_what_old_excel_lacks_is_told_and_can_be_written_whole(
    page: Page, settle: Settle, context: Context, tmp_path: Path
) -> None:
    list_id = choose_list(page, settle, "本店のお客様")
    person, _ = contacts.save(context.workspace, None, {"email": "new@example.jp", "name": "𠮷田"})
    lists.add_members(context.workspace, list_id, [person.id])
    target = tmp_path / "out.csv"
    page.transfer.export_to(str(target), "cp932")
    settle()
    assert "?田" in target.read_text(encoding="cp932")
    notice = page.frame.findChild(Notice, "export")
    assert isinstance(notice, Notice)
    assert "In 1 of them" in notice.text
    notice.button.click()
    settle()
    assert "𠮷田" in target.read_text(encoding="utf-8-sig")
    assert told(page) == ["11 people written to out.csv."]


def test_export_to_nowhere_is_told(page: Page, settle: Settle, tmp_path: Path) -> None:
    page.transfer.export_to(str(tmp_path / "nowhere" / "out.csv"))
    settle()
    assert len(told(page)) == 1
