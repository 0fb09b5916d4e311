"""How soon the first rows show with many people; the times are printed, not judged."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from PySide6.QtWidgets import QWidget

from desktop_relay.domain.query import ContactQuery
from desktop_relay.operations import contacts, import_contacts

from ui.context import Context
from ui.pages.address_book.page import Page

Settle = Callable[..., None]


@pytest.mark.parametrize("people", [1_000, 100_000])
def test_the_first_rows_show_soon(
    people: int, context: Context, show: Callable[[QWidget], QWidget], settle: Settle, tmp_path: Path
) -> None:
    file = tmp_path / "many.csv"
    lines = (f"お客様{n},p{n}@docomo.ne.jp,2026-01-01" for n in range(people))
    file.write_text("氏名,メールアドレス,同意日\n" + "\n".join(lines), encoding="utf-8")
    import_contacts.import_file(context.workspace, file)
    total = contacts.count(context.workspace, ContactQuery())
    page = Page(context)
    started = time.perf_counter()
    show(page)
    opened = time.perf_counter() - started
    assert page.people.model.rowCount() == total
    page.grab()
    settle()
    page.people.table.scrollToBottom()
    started = time.perf_counter()
    page.grab()
    settle()
    jumped = time.perf_counter() - started
    assert page.people.model.row_at(total - 1) is not None
    started = time.perf_counter()
    page.people.table.selectAll()
    selected = time.perf_counter() - started
    assert len(page.people.selected_ids) == total
    started = time.perf_counter()
    page.filters.search.setText("お客様99")
    settle(0.15)
    found = time.perf_counter() - started
    times = f"open {opened:.2f} s, jump {jumped:.2f} s, all {selected:.2f} s, find {found:.2f} s"
    print(f"{people} people: {times}")  # noqa: T201
