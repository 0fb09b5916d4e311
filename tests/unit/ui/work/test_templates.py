from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QApplication, QWidget

from desktop_relay.domain.errors import ErrorCode, RelayError
from desktop_relay.domain.query import ContactQuery
from desktop_relay.domain.template import Template
from desktop_relay.message.template import compile_template
from desktop_relay.operations import contacts, templates

from ui.context import Context
from ui.pages.templates.page import Page
from ui.pages.templates.presenter import Presenter
from ui.pages.templates.source_edit import LONGEST_WORDED_LINE
from ui.widgets.choice_notice import ChoiceNotice
from ui.widgets.notice import Notice

Settle = Callable[..., None]
PLAIN = Template("Plain", "Hello {{ name }}", "", "Dear {{ name }}\n{{ 購入金額 }}\n")


@pytest.fixture
def page(context: Context, show: Callable[[QWidget], QWidget]) -> Page:
    templates.save(context.workspace, PLAIN)
    made = Page(context)
    show(made)
    made.activate("Plain")
    return made


@pytest.fixture
def plain(page: Page, settle: Settle) -> Page:
    """The page with the plain template in it."""
    settle()
    return page


def stored(context: Context, name: str) -> Template:
    return templates.load(context.workspace, name)


def told(page: QWidget) -> list[Notice]:
    return [notice for notice in page.findChildren(Notice) if notice.isVisible()]


def test_the_mail_is_shown_as_the_first_person_gets_it(plain: Page) -> None:
    assert plain.editor.name.text() == "Plain"
    assert plain.reader.who.text() == "伊藤 一郎"
    assert plain.reader.subject.text() == "Hello 伊藤 一郎"
    assert "1100" in plain.reader.text


def test_flipping_goes_through_real_people_both_ways(plain: Page, settle: Settle) -> None:
    plain.reader.next.click()
    settle()
    assert plain.reader.who.text() == "高橋美咲"
    plain.reader.previous.click()
    plain.reader.previous.click()
    settle()
    assert plain.reader.subject.text() == f"Hello {plain.reader.who.text()}"
    assert plain.reader.who.text() != "伊藤 一郎"


def test_typing_shows_at_once_and_saving_keeps(
    plain: Page, qtbot: QtBot, settle: Settle, context: Context
) -> None:
    assert not plain.save_button.isEnabled()
    plain.editor.subject.setFocus()
    plain.editor.subject.selectAll()
    qtbot.keyClicks(plain.editor.subject, "News")
    assert plain.save_button.isEnabled()
    settle(0.5)
    assert plain.reader.subject.text() == "News"
    qtbot.keyClick(plain, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert stored(context, "Plain").subject == "News"
    assert not plain.save_button.isEnabled()


def test_a_mistake_is_told_and_leads_to_its_line(plain: Page, settle: Settle) -> None:
    plain.editor.text.setPlainText("one\ntwo\n{{ name")
    settle(0.5)
    problem = plain.reader.problem
    assert problem.isVisible()
    assert "line 3" in problem.text
    assert "not closed" in problem.text
    problem.button.click()
    assert plain.editor.text.textCursor().blockNumber() == 2
    assert plain.editor.text.extraSelections()
    plain.save()
    settle()
    assert len(told(plain)) == 2
    plain.editor.text.setPlainText("one\ntwo\n{{ name }}")
    settle(0.5)
    assert not problem.isVisible()
    plain.save()
    settle()
    assert told(plain) == []


def test_a_broken_template_stays_in_view(plain: Page, settle: Settle) -> None:
    plain.editor.text.setPlainText("{% if %}")
    other = next(value for value in plain.list.values if value != "Plain")
    plain.list.choose(other)
    plain.list.chosen.emit(other)
    settle()
    assert plain.list.value == "Plain"
    assert plain.editor.text.toPlainText() == "{% if %}"
    plain.editor.text.setPlainText("mended")


def test_going_to_another_one_keeps_what_was_written(plain: Page, settle: Settle, context: Context) -> None:
    plain.editor.text.setPlainText("kept")
    other = next(value for value in plain.list.values if value != "Plain")
    plain.list.chosen.emit(other)
    settle()
    assert stored(context, "Plain").text == "kept"
    assert plain.editor.name.text() == other


def test_leaving_the_page_keeps_what_was_written(plain: Page, settle: Settle, context: Context) -> None:
    plain.editor.text.setPlainText("kept")
    plain.hide()
    settle()
    assert stored(context, "Plain").text == "kept"


def test_a_starter_becomes_a_template_of_its_own(plain: Page, settle: Settle, context: Context) -> None:
    starter = plain.new_menu.actions()[0]
    starter.trigger()
    settle()
    starter.trigger()
    settle()
    names = {row.name for row in templates.overview(context.workspace)}
    assert plain.list.value in names
    assert str(plain.list.value).endswith(" 2")
    assert plain.editor.name.hasSelectedText()


def test_renaming_deleting_and_undo(plain: Page, qtbot: QtBot, settle: Settle, context: Context) -> None:
    plain.editor.name.selectAll()
    qtbot.keyClicks(plain.editor.name, "Simple")
    plain.save()
    settle()
    assert stored(context, "Simple").text == PLAIN.text
    qtbot.mouseClick(plain.delete_button, Qt.MouseButton.LeftButton)
    settle()
    assert "Simple" not in {row.name for row in templates.overview(context.workspace)}
    assert plain.list.value is not None
    qtbot.mouseClick(plain.frame.undo_bar.button, Qt.MouseButton.LeftButton)
    settle()
    assert stored(context, "Simple").text == PLAIN.text
    assert plain.editor.name.text() == "Simple"


def test_a_name_that_is_taken_is_told(plain: Page, settle: Settle) -> None:
    plain.editor.name.setText(str(next(value for value in plain.list.values if value != "Plain")))
    plain.editor.name.textEdited.emit(plain.editor.name.text())
    plain.save()
    settle()
    assert len(told(plain)) == 1
    plain.editor.name.setText("Plain")


def test_merge_fields_are_written_where_the_cursor_was(plain: Page, settle: Settle) -> None:
    menu = plain.editor.fields_button.menu()
    names = {action.data(): action for action in menu.actions() if action.data()}
    assert {"name", "購入金額", "unsubscribe_url"} <= set(names)
    plain.editor.subject.setFocus()
    plain.editor.subject.setCursorPosition(0)
    names["購入金額"].trigger()
    assert plain.editor.subject.text().startswith("{{ 購入金額 }}")
    plain.editor.insert_field("購入 金額")
    plain.editor.text.setFocus()
    plain.editor.text.clear()
    plain.editor.insert_field("name")
    assert plain.editor.text.toPlainText() == "{{ name }}"
    settle(0.5)


def test_a_field_with_a_space_can_be_merged(plain: Page, settle: Settle, context: Context) -> None:
    person = contacts.list_ids(context.workspace, ContactQuery())[0]
    values = dict(contacts.get(context.workspace, person).fields) | {"car type": "van"}
    contacts.save(context.workspace, person, values)
    plain.editor.text.setFocus()
    plain.editor.text.clear()
    plain.editor.insert_field("car type")
    settle(0.5)
    assert plain.reader.text.strip() == "van"


def test_attachments_are_added_and_taken_off(plain: Page, settle: Settle, tmp_path: Path) -> None:
    file = tmp_path / "price list.txt"
    file.write_text("1")
    plain.editor.attach([str(file)])
    settle(0.5)
    assert plain.editor.template.attachments == (str(file),)
    chip = plain.editor._chip_flow.itemAt(0)
    assert chip is not None
    plain.editor._detach(str(file))
    assert plain.editor.template.attachments == ()
    settle(0.5)


def test_a_missing_attachment_is_told(plain: Page, settle: Settle, tmp_path: Path) -> None:
    plain.editor.attach([str(tmp_path / "gone.pdf")])
    settle(0.5)
    assert "gone.pdf" in plain.reader.problem.text


def test_without_a_browser_engine_the_text_is_shown(
    plain: Page, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ui.widgets.mail_view", None)
    plain.editor.html.setPlainText("<p>Hello <b>{{ name }}</b></p>")
    plain.editor.text.setPlainText("")
    settle(0.5)
    plain.reader.tabs.setCurrentIndex(0)
    assert plain.reader.blind.isVisible()
    assert "伊藤 一郎" in plain.reader.text
    assert not plain.reader.tabs.isTabVisible(0)


class Slow(Presenter):
    """Reads a template only once it may."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.go = asyncio.Event()

    async def load(self, name: str) -> Template:
        await self.go.wait()
        return await super().load(name)


def test_letters_written_while_it_is_read_again_stay(
    page: Page, context: Context, qtbot: QtBot, settle: Settle, loop: asyncio.AbstractEventLoop
) -> None:
    page._presenter = slow = Slow(context)
    page.activate(None)
    loop.run_until_complete(asyncio.sleep(0.3))
    page.editor.subject.setCursorPosition(0)
    qtbot.keyClicks(page.editor.subject, "typed ")
    slow.go.set()
    settle(0.6)
    assert page.editor.subject.text().startswith("typed ")
    assert page.save_button.isEnabled()


def torn(page: Page) -> ChoiceNotice:
    notice = page.findChild(ChoiceNotice, "save")
    assert isinstance(notice, ChoiceNotice)
    return notice


@pytest.mark.parametrize(("mine", "subject"), [(True, "mine"), (False, "theirs")])
def test_who_wrote_into_one_template_in_two_windows_chooses(
    plain: Page,
    qtbot: QtBot,
    settle: Settle,
    loop: asyncio.AbstractEventLoop,
    context: Context,
    mine: bool,
    subject: str,
) -> None:
    templates.save(context.workspace, replace(PLAIN, subject="theirs"))
    plain.editor.subject.selectAll()
    qtbot.keyClicks(plain.editor.subject, "mine")
    assert not loop.run_until_complete(plain.kept())
    assert stored(context, "Plain").subject == "theirs"
    plain.activate()
    settle()
    assert plain.editor.subject.text() == "mine"
    notice = torn(plain)
    (notice.button if mine else notice.second).click()
    settle()
    assert stored(context, "Plain").subject == subject
    assert plain.editor.subject.text() == subject
    assert told(plain) == []
    assert loop.run_until_complete(plain.kept())


@pytest.mark.parametrize("mine", [True, False])
@pytest.mark.parametrize("others", [True, False])
def test_a_template_that_was_deleted_elsewhere_while_it_was_changed(
    plain: Page, qtbot: QtBot, settle: Settle, context: Context, mine: bool, others: bool
) -> None:
    for row in templates.overview(context.workspace):
        if row.name == "Plain" or not others:
            templates.delete(context.workspace, row.name)
    plain.editor.subject.selectAll()
    qtbot.keyClicks(plain.editor.subject, "mine")
    plain.activate()
    settle()
    assert plain.editor.subject.text() == "mine"
    assert plain.editor.isVisibleTo(plain)
    plain.save()
    settle()
    notice = torn(plain)
    (notice.button if mine else notice.second).click()
    settle()
    rows = templates.overview(context.workspace)
    assert [row.subject for row in rows if row.name == "Plain"] == ["mine"] * mine
    assert plain.empty.isVisibleTo(plain) is not bool(rows)
    assert told(plain) == []


def test_a_template_that_is_gone_cannot_be_chosen_or_deleted_again(
    plain: Page, settle: Settle, context: Context
) -> None:
    other = next(value for value in plain.list.values if value != "Plain")
    assert isinstance(other, str)
    templates.delete(context.workspace, other)
    plain.list.chosen.emit(other)
    settle()
    assert plain.editor.name.text() == plain.list.value
    templates.delete(context.workspace, str(plain.list.value))
    plain.delete_button.click()
    settle()
    assert plain.editor.name.text() == plain.list.value


def test_a_picture_written_out_on_one_line_is_not_searched_for_words(plain: Page) -> None:
    source = plain.editor.html
    words = source.wordWrapMode()
    pasted = QMimeData()
    pasted.setText(f"<p>\n<img src='data:image/png;base64,{'A' * LONGEST_WORDED_LINE}'>")
    source.insertFromMimeData(pasted)
    assert source.wordWrapMode() is QTextOption.WrapMode.WrapAnywhere
    plain.editor.show_template(PLAIN)
    assert source.wordWrapMode() is words
    plain.editor.show_template(replace(PLAIN, html=pasted.text()))
    assert source.wordWrapMode() is QTextOption.WrapMode.WrapAnywhere


def test_what_is_pasted_into_the_subject_stands_on_one_line(
    plain: Page, qapp: QApplication, settle: Settle, context: Context
) -> None:
    qapp.clipboard().setText("秋の\r\n新着\tセール\n")
    plain.editor.subject.selectAll()
    plain.editor.subject.paste()
    plain.save()
    settle()
    assert stored(context, "Plain").subject == "秋の 新着 セール"


def test_spaces_that_do_not_break_stay(plain: Page, settle: Settle, context: Context) -> None:
    plain.editor.html.setPlainText("<p>10\u00a0%\r\n</p>")
    plain.save()
    settle()
    assert stored(context, "Plain").html == "<p>10\u00a0%\n</p>"


@pytest.mark.parametrize("name", ['"大"サイズ', "a\\b", "in", "None", "購入 日"])
def test_a_field_of_any_name_can_be_inserted(plain: Page, name: str) -> None:
    plain.editor.text.setPlainText("")
    plain.editor.tabs.setCurrentWidget(plain.editor.text)
    plain.editor.insert_field(name)
    assert compile_template(plain.editor.template).fields == {name, "name"}


def test_who_leaves_with_what_cannot_be_saved_is_told_there(
    plain: Page, settle: Settle, context: Context
) -> None:
    found: list[RelayError] = []
    context.tasks.failed.disconnect()
    context.tasks.failed.connect(found.append)
    plain.editor.text.setPlainText("{% if %}")
    plain.hide()
    settle()
    assert [(error.code, error.params["name"]) for error in found] == [(ErrorCode.TEMPLATE_UNSAVED, "Plain")]
    plain.show()
    assert plain.editor.text.toPlainText() == "{% if %}"
    plain.editor.text.setPlainText("mended")


def test_saved_twice_at_once_is_no_change_of_somebody_else(
    plain: Page, qtbot: QtBot, settle: Settle, context: Context
) -> None:
    qtbot.keyClicks(plain.editor.subject, "!")
    plain.save()
    plain.save()
    plain.hide()
    settle(0.5)
    assert told(plain) == []
    assert stored(context, "Plain").subject.startswith("!")


def test_the_choice_about_one_template_goes_with_it(
    plain: Page, qtbot: QtBot, settle: Settle, context: Context
) -> None:
    templates.save(context.workspace, replace(PLAIN, name="Other"))
    plain.activate("Plain")
    settle()
    qtbot.keyClicks(plain.editor.subject, "!")
    templates.save(context.workspace, replace(PLAIN, text="elsewhere"))
    plain.save()
    settle(0.5)
    assert plain.findChildren(ChoiceNotice)
    qtbot.keyClick(plain.editor.subject, Qt.Key.Key_Backspace)  # taken back, so there is nothing to choose
    settle(0.5)
    plain._choose("Other")
    settle(0.5)
    assert plain.editor.name.text() == "Other"
    assert told(plain) == []
