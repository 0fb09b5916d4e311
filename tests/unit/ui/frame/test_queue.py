from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QPlainTextEdit

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import Resend, RetryNow
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.progress import Changed
from desktop_relay.domain.query import LedgerQuery
from desktop_relay.domain.recipient import AttemptRow, RecipientState
from tests.unit.ui.frame.conftest import FakeLink
from tests.window.sample import make_campaign, make_progress
from tests.window.stocked import submit_sample

from ui.context import Context
from ui.destinations import QueueView
from ui.pages.queue.filters import LISTED_LANES
from ui.pages.queue.page import Page
from ui.pages.queue.presenter import Presenter, open_letter
from ui.widgets.empty_state import EmptyState
from ui.widgets.notice import CountdownNotice, Notice

Settle = Callable[[], None]


def _open(qtbot: QtBot, context: Context, settle: Settle, argument: object = None) -> Page:
    page = Page(context)
    qtbot.addWidget(page)
    page.resize(1080, 700)
    page.show()
    page.activate(argument)
    settle()
    return page


def _cells(page: Page, settle: Settle, column: int) -> list[str]:
    model = page.content.model
    for row in range(model.rowCount()):
        model.row_at(row)
    settle()
    return [
        str(model.data(model.index(row, column), Qt.ItemDataRole.DisplayRole))
        for row in range(model.rowCount())
    ]


def _pick(page: Page, settle: Settle, address: str) -> None:
    page.content.table.selectRow(_cells(page, settle, 0).index(address))
    settle()


def test_without_a_campaign_it_says_what_goes_here(qtbot: QtBot, context: Context, settle: Settle) -> None:
    page = _open(qtbot, context, settle)
    (empty,) = [e for e in page.findChildren(EmptyState) if e.isVisibleTo(page)]
    with qtbot.waitSignal(page.navigate) as heard:
        empty.button.click()
    assert heard.args == ["campaigns", None]


def test_everybody_stands_in_it_with_live_counts(
    qtbot: QtBot, context: Context, settle: Settle, campaign: int
) -> None:
    page = _open(qtbot, context, settle, campaign)
    assert len(_cells(page, settle, 0)) == 11
    chips = page.content.filters.chips
    assert chips[None].text() == "All 11"
    assert chips[RecipientState.DEFERRED].text() == "Will retry 2"
    assert not chips[RecipientState.EXPIRED].isVisibleTo(page)


def test_chip_search_and_lane_narrow_together(
    qtbot: QtBot, context: Context, settle: Settle, campaign: int
) -> None:
    page = _open(qtbot, context, settle, campaign)
    filters = page.content.filters
    filters.chips[RecipientState.ACCEPTED].click()
    settle()
    assert set(_cells(page, settle, 2)) == {"Accepted"}
    filters.search.setText("sakura")
    filters.search.returnPressed.emit()
    settle()
    assert _cells(page, settle, 0) == ["sakura-y@softbank.ne.jp"]
    lanes = {action.data(): action for action in filters.lane_button.menu().actions()}
    lanes["docomo"].trigger()
    settle()
    assert _cells(page, settle, 0) == []
    assert page.content.model.query == LedgerQuery(
        campaign, RecipientState.ACCEPTED, "docomo", "sakura", "recipient"
    )


def test_other_pages_can_ask_for_a_filter(
    qtbot: QtBot, context: Context, settle: Settle, campaign: int
) -> None:
    page = _open(qtbot, context, settle, QueueView(campaign, RecipientState.BOUNCED))
    assert _cells(page, settle, 0) == ["old-addr@docomo.ne.jp"]
    assert page.content.filters.chips[RecipientState.BOUNCED].isChecked()


def test_the_column_explains_and_shows_the_conversation(
    qtbot: QtBot, context: Context, settle: Settle, campaign: int
) -> None:
    page = _open(qtbot, context, settle, campaign)
    _pick(page, settle, "yoko88@ezweb.ne.jp")
    panel = page.content.panel
    assert panel.accessible_title == "yoko88@ezweb.ne.jp"
    assert panel.retry.isVisibleTo(page)
    conversation = panel.findChild(QPlainTextEdit).toPlainText()
    assert "S: 421 4.7.0 too many connections" in conversation
    assert "encrypted (TLSv1.3 TLS_AES_256_GCM_SHA384)" in conversation
    _pick(page, settle, "misaki.s@docomo.ne.jp")
    assert not panel.retry.isVisibleTo(page)


def test_a_try_says_how_it_was_protected(context: Context) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    plain = AttemptRow(1, at, at, "rcpt", 550, None, "no", Reason.UNKNOWN_USER, "mx.example:25", None)
    told = Presenter(context).conversation([plain])
    assert told.splitlines()[0].endswith(" · mx.example:25 · not encrypted")
    # before the first command nobody has sent anything that could have been read
    busy = replace(plain, stage="banner", code=421)
    assert "encrypted" not in Presenter(context).conversation([busy])
    vouched = replace(plain, tls="TLSv1.3 TLS_AES_256_GCM_SHA384 mta-sts")
    assert "vouched for by the domain (MTA-STS) (TLSv1.3 " in Presenter(context).conversation([vouched])
    tried_out = replace(plain, tls="TLSv1.3 TLS_AES_256_GCM_SHA384 opportunistic mta-sts-testing-fails")
    told = Presenter(context).conversation([tried_out])
    assert "encrypted (TLSv1.3 TLS_AES_256_GCM_SHA384); the domain’s policy (MTA-STS), which it only" in told


def test_record_goes_to_the_clipboard(qtbot: QtBot, context: Context, settle: Settle, campaign: int) -> None:
    page = _open(qtbot, context, settle, campaign)
    _pick(page, settle, "old-addr@docomo.ne.jp")
    page.content.panel.copy.click()
    record = QGuiApplication.clipboard().text()
    assert record.startswith("old-addr@docomo.ne.jp\n")
    assert "550" in record


def test_one_is_sent_to_now(
    qtbot: QtBot, context: Context, settle: Settle, campaign: int, link: FakeLink
) -> None:
    page = _open(qtbot, context, settle, campaign)
    _pick(page, settle, "yoko88@ezweb.ne.jp")
    selected = page.content.model.row_at(page.content.table.currentIndex().row())
    page.content.panel.retry.click()
    settle()
    assert selected is not None
    assert link.commands[-1] == RetryNow(campaign, selected.recipient)


def test_resending_counts_down_and_can_be_called_off(
    qtbot: QtBot, context: Context, settle: Settle, campaign: int, link: FakeLink
) -> None:
    page = _open(qtbot, context, settle, campaign)
    menu = page._actions.menu
    action = next(a for a in menu.actions() if a.data() == "unknown")
    action.trigger()
    notice = page.findChild(CountdownNotice)
    assert notice.isVisibleTo(page)
    notice.call_off.click()
    settle()
    assert not [c for c in link.commands if isinstance(c, Resend)]
    action.trigger()
    page.findChildren(CountdownNotice)[-1].button.click()
    settle()
    assert link.commands[-1] == Resend(campaign, "unknown")


def test_entries_that_would_reach_nobody_are_grey(
    qtbot: QtBot, context: Context, settle: Settle, campaign: int
) -> None:
    page = _open(qtbot, context, settle, campaign)
    enabled = {str(a.data()): a.isEnabled() for a in page._actions.menu.actions() if a.data()}
    assert enabled == {"unknown": True, "held": True, "expired": False, "cancelled": False}


def test_mail_can_be_read(qtbot: QtBot, context: Context, settle: Settle, campaign: int) -> None:
    page = _open(qtbot, context, settle, campaign)
    _pick(page, settle, "misaki.s@docomo.ne.jp")
    page.content.panel.letter.click()
    settle()
    dialog = next(d for d in page.findChildren(QDialog) if d.isVisible())
    text = "\n".join(reader.toPlainText() for reader in dialog.findChildren(QPlainTextEdit))
    assert "佐藤 美咲 様" in text
    assert "Message-ID" in text
    dialog.reject()


def test_export_writes_what_is_shown(
    qtbot: QtBot, context: Context, settle: Settle, campaign: int, tmp_path: Path
) -> None:
    page = _open(qtbot, context, settle, QueueView(campaign, RecipientState.DEFERRED))
    target = tmp_path / "out.csv"
    page._acting._export_to(str(target))
    settle()
    rows = list(csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines()))
    assert sorted(row["address"] for row in rows) == ["full@softbank.ne.jp", "yoko88@ezweb.ne.jp"]
    assert any("2 rows" in notice.text for notice in page.findChildren(Notice))


def test_news_of_the_engine_is_coalesced(
    qtbot: QtBot, context: Context, settle: Settle, campaign: int
) -> None:
    page = _open(qtbot, context, settle, campaign)
    loads: list[int] = []
    page.content.model.loaded.connect(loads.append)
    for generation in range(200):
        context.engine.changed.emit(Changed(generation, recipients=True))
    page._refresh.timeout.emit()
    settle()
    assert loads == [11]


def test_the_order_of_very_many_rows_is_read_less_often_than_those_shown(
    qtbot: QtBot, context: Context, settle: Settle, campaign: int
) -> None:
    page = _open(qtbot, context, settle, campaign)
    page._refresh.setInterval(600_000)
    huge = replace(make_campaign(number=campaign), counts=Counts(pending=299_999))
    context.engine.progress.emit(make_progress(huge))
    ordered: list[int] = []
    read: list[None] = []
    page.content.model.loaded.connect(ordered.append)
    page.content.model.rows_changed.connect(lambda: read.append(None))
    for seconds in range(1, 7):
        if seconds == 1:
            context.engine.changed.emit(Changed(seconds, recipients=True))
        assert page._refresh.isActive(), "it goes on by itself until the order was read"
        page._refresh.stop()
        page._refresh.timeout.emit()
        settle()
        if seconds == 3:
            context.engine.changed.emit(Changed(seconds, recipients=True))
        page.content.table.viewport().repaint()
        settle()
        assert len(read) >= seconds
        assert len(ordered) == seconds // 3


def test_of_thousands_of_lanes_the_menu_has_the_largest(
    qtbot: QtBot, context: Context, settle: Settle, campaign: int
) -> None:
    page = _open(qtbot, context, settle, campaign)
    shown = make_campaign(number=campaign, small_lanes=2000)
    context.engine.progress.emit(make_progress(shown))
    entries = page.content.filters._menu.actions()
    assert [action.data() for action in entries[1:4]] == ["gmail", "docomo", "yahoo"]
    assert len(entries) == 1 + LISTED_LANES + 1
    assert entries[-1].text() == f"For {len(shown.lanes) - LISTED_LANES:,} smaller ones, search"
    assert not entries[-1].isEnabled()


def test_the_first_campaign_comes_by_itself(qtbot: QtBot, context: Context, settle: Settle) -> None:
    page = _open(qtbot, context, settle)
    assert page._campaign is None
    campaign = submit_sample(context.workspace)
    context.engine.changed.emit(Changed(1, campaigns=True))
    settle()
    assert page._campaign == campaign
    assert len(_cells(page, settle, 0)) == 11
    submit_sample(context.workspace, people=3, name="二つ目")
    context.engine.changed.emit(Changed(2, campaigns=True))
    settle()
    assert page._campaign == campaign
    assert [page._actions.chooser.itemText(place) for place in range(2)] == [
        "二つ目",
        "秋の新着コレクション 2026",
    ]


def test_another_campaign_can_be_chosen(
    qtbot: QtBot, context: Context, settle: Settle, campaign: int
) -> None:
    other = submit_sample(context.workspace, people=3, name="二つ目")
    page = _open(qtbot, context, settle, campaign)
    chooser = page._actions.chooser
    assert chooser.isVisibleTo(page)
    chooser.setCurrentIndex(chooser.findData(other))
    chooser.activated.emit(chooser.currentIndex())
    settle()
    assert len(_cells(page, settle, 0)) == 3


def test_letters_of_one_part_open() -> None:
    letter = open_letter(
        "Subject: =?utf-8?B?44GC?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nい\r\n".encode()
    )
    assert (letter.subject, letter.text) == ("あ", "い\n")


@pytest.mark.parametrize(
    ("state", "count", "told"),
    [
        (CampaignState.SENDING, 3, "3 people are being sent to now."),
        (CampaignState.PAUSED, 3, "3 people are sent to when the campaign goes on."),
        (CampaignState.SUBMITTED, 3, "3 people are sent to when the campaign goes on."),
        (CampaignState.SENDING, 0, "Nobody is left to send to."),
    ],
)
def test_whether_they_are_sent_to_now_is_told_as_it_is(
    qtbot: QtBot,
    context: Context,
    settle: Settle,
    campaign: int,
    link: FakeLink,
    state: CampaignState,
    count: int,
    told: str,
) -> None:
    page = _open(qtbot, context, settle, campaign)
    context.engine.progress.emit(make_progress(make_campaign(number=campaign, state=state)))
    link.answer = {"count": count}
    page._actions.retry_all_asked.emit()
    settle()
    assert told in [notice.text for notice in page.findChildren(Notice)]


def test_leaving_the_page_calls_sending_again_off(
    qtbot: QtBot, context: Context, settle: Settle, campaign: int, link: FakeLink
) -> None:
    page = _open(qtbot, context, settle, campaign)
    page._actions.menu.triggered.emit(page._actions._again[RecipientState.UNKNOWN])
    settle()
    (notice,) = page.findChildren(CountdownNotice)
    page.hide()
    notice.acted.emit()
    settle()
    assert not [command for command in link.commands if isinstance(command, Resend)]


def test_the_column_never_speaks_of_somebody_of_another_campaign(
    qtbot: QtBot, context: Context, settle: Settle, campaign: int, link: FakeLink
) -> None:
    other = submit_sample(context.workspace, name="Another", list_name="another")
    page = _open(qtbot, context, settle, campaign)
    _pick(page, settle, "yoko88@ezweb.ne.jp")
    assert page._acting.selected is not None
    page._choose(other)
    settle()
    assert page._acting.selected is None
    assert "yoko88" not in page.content.panel.accessible_title
    page.content.panel.retry_asked.emit()
    settle()
    assert not [command for command in link.commands if isinstance(command, RetryNow)]


def test_who_is_filtered_away_leaves_the_column_and_who_is_not_stays(
    qtbot: QtBot, context: Context, settle: Settle, campaign: int
) -> None:
    page = _open(qtbot, context, settle, campaign)
    _pick(page, settle, "yoko88@ezweb.ne.jp")
    chosen = page._acting.selected
    assert chosen is not None
    page.content.filters.chips[chosen.state].click()
    settle()
    assert page._acting.selected is not None
    assert page._acting.selected.recipient == chosen.recipient
    other = next(s for s in page.content.filters.chips if s not in (None, chosen.state))
    page.content.filters.chips[other].click()
    settle()
    assert page._acting.selected is None


def test_the_export_asks_in_words_of_the_window_s_language(
    qtbot: QtBot, context: Context, settle: Settle, campaign: int
) -> None:
    page = _open(qtbot, context, settle, campaign)
    page._actions.export.click()
    (dialog,) = page.window().findChildren(QFileDialog)
    # of these Qt has no Japanese; whatever is set here was said by the window itself
    assert dialog.labelText(QFileDialog.DialogLabel.LookIn) == "Folder"
    assert dialog.labelText(QFileDialog.DialogLabel.FileType) == "Kind of file"
    dialog.reject()
