"""A campaign that only one of the two databases knows of: said as it is, and not to be sent again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from PySide6.QtWidgets import QWidget

from desktop_relay.store.database import open_library, open_spool_for_engine
from desktop_relay.store.drafts import delete_draft, load_drafts, mark_submitted
from desktop_relay.store.spool import Spool
from tests.fakes.engine_link import NOW, snapshot_of

from ui.context import Context
from ui.pages.campaigns.page import Page
from ui.pages.home.presenter import read_home


@pytest.fixture
def open_page(context: Context, show: Callable[[QWidget], QWidget]) -> Callable[[], Page]:
    def make() -> Page:
        page = Page(context)
        show(page)
        return page

    return make


def test_a_spool_that_is_lost(context: Context, open_page: Callable[[], Page]) -> None:
    with open_library(context.workspace.directory) as library:
        mark_submitted(library, load_drafts(library)[0].id, NOW)
    page = open_page()
    assert page.sent.isVisible()
    assert not page.buttons.send.isVisible()
    assert page.sent.state.text() == "Sent, no record"
    assert page.sent.accepted.value == "—"
    assert not page.sent.queue.isEnabled()
    home = read_home(context.workspace)
    assert home.campaigns == ()
    assert home.practised


def test_a_library_that_is_lost(context: Context, open_page: Callable[[], Page]) -> None:
    directory = context.workspace.directory
    with open_library(directory) as library, open_spool_for_engine(directory) as db:
        number = load_drafts(library)[0].id
        Spool(db).submit(snapshot_of(library, number), [], NOW)
        delete_draft(library, number)
    page = open_page()
    assert page.sent.isVisible()
    assert page.sent.state.text() == "Planned"
    assert page.sent.queue.isEnabled()
    assert [card.campaign for card in read_home(context.workspace).campaigns] == [number]
