"""The real program and its real engine, each a process, on a screen of their own: clicks and letters."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

import psutil
import pytest

from desktop_relay.domain.query import ContactQuery
from desktop_relay.ipc.launcher import Link
from desktop_relay.operations import contacts, settings
from desktop_relay.operations.workspace import Workspace
from tests.e2e.program import Program
from tests.window.real_window import FIGURES, RealWindow, State, check_quiet, open_window, prepare
from tests.window.screen import Hand

pytestmark = [pytest.mark.window, pytest.mark.real]

Opener = Callable[..., AbstractContextManager[RealWindow]]

PAGES_JA = {
    "address_book": "アドレス帳",
    "templates": "テンプレート",
    "campaigns": "キャンペーン",
    "queue": "送信キュー",
    "monitor": "送信モニター",
    "settings": "設定",
    "home": "ホーム",
}
PAGES_EN = {
    "address_book": "Address book",
    "templates": "Templates",
    "campaigns": "Campaigns",
    "queue": "Queue",
    "monitor": "Monitor",
    "settings": "Settings",
}
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
FEWEST_WORDS = 8
"""More than the navigation alone could show."""


@pytest.fixture
def opener(program: Program, display: str) -> Opener:
    """Opens the window of the data directory."""
    return partial(open_window, program, Hand(display), display)


def wait_until_finished(program: Program, campaign: int) -> None:
    """Until the engine has nobody left to send to."""
    for _ in range(200):
        if program.call("campaign", "status", str(campaign))["state"] == "finished":
            return
        time.sleep(0.2)
    pytest.fail("the campaign never finished")


def test_first_start_leads_through_every_page(opener: Opener, program: Program) -> None:
    with opener() as window:
        home = window.settled()
        assert home.page == "home"
        for step in ("名簿を入れる", "文面を選ぶ", "練習で送る", "本番の準備", "送る"):
            assert home.find(step), step
        for name, title in PAGES_JA.items():
            page = window.show_page(name, title)
            beyond = [w for w in page.widgets if w.words and w.rect[0] > 196 and "Nav" not in w.kind]
            assert len(beyond) >= 2, f"{name} is empty"
            assert len(page.words.split("\n")) >= FEWEST_WORDS
            assert page.find(title, "Label"), f"{name} has its title"
        window.hand.key("ctrl+q")
        window.process.wait(10)
        assert window.process.returncode == 0
        check_quiet(window, program)


def test_a_practice_campaign_from_the_window(opener: Opener, program: Program) -> None:
    campaign = prepare(program, people=150, speed=2000)
    with opener() as window:
        window.show_page("campaigns", "キャンペーン")
        window.click("送信…", "PushButton")
        window.find("あと 5 秒で 128 人への送信を始めます。")
        # nobody presses anything: the countdown itself goes to its end
        window.until(lambda state: state.page == "monitor", "the monitor after the countdown")
        done = window.until(_finished, "everybody is done with", 60)
        status = program.call("campaign", "status", str(campaign))
        assert status["state"] == "finished"
        shown = {name: done.figure(title) for title, name in FIGURES.items()}
        assert shown == {name: status[name] for name in FIGURES.values()}
        log = (program.directory / "logs" / "sandbox.jsonl").read_text(encoding="utf-8").splitlines()
        taken = {json.loads(line)["message_id"] for line in log}
        assert status["accepted"] <= len(taken) <= status["accepted"] + status["unknown"]
        check_quiet(window, program)


def _finished(state: State) -> bool:
    return state.find("終わりました", "Label") is not None and state.figure("残り") == 0


def test_pause_go_on_and_cancel(opener: Opener, program: Program) -> None:
    campaign = prepare(program, people=1200, speed=20, send=True)
    with opener("gui") as window:
        window.show_page("monitor", "送信モニター")
        window.until(lambda state: state.figure("受け付け済み") > 5, "it sends")
        window.click("一時停止", "PushButton")
        window.find("再開", "PushButton")
        assert program.call("campaign", "status", str(campaign))["state"] == "paused"
        still = window.settled().figure("受け付け済み")
        assert window.settled().figure("受け付け済み") == still, "nothing moves while it is paused"
        window.click("再開", "PushButton")
        window.until(lambda state: state.figure("受け付け済み") > still, "it goes on")
        window.click("中止", "PushButton")
        window.find("やめる", "PushButton")
        window.click("やめる", "PushButton")
        window.until(lambda state: state.find("今すぐ中止する") is None, "it was called off")
        assert program.call("campaign", "status", str(campaign))["state"] == "sending"
        window.click("中止", "PushButton")
        window.click("今すぐ中止する", "PushButton")
        window.until(lambda state: state.find("一時停止", "PushButton") is None, "it ended")
        status = program.call("campaign", "status", str(campaign))
        assert status["cancelled"] > 0
        assert status["pending"] == status["ready"] == status["in_flight"] == 0
        done = window.settled()
        assert done.figure("受け付け済み") == status["accepted"]
        check_quiet(window, program)


def test_a_campaign_is_planned_and_taken_back(opener: Opener, program: Program) -> None:
    campaign = prepare(program, people=150, speed=20)
    with opener() as window:
        window.show_page("campaigns", "キャンペーン")
        window.click("あとで送る", "PushButton")
        window.click("予約する", "PushButton")
        window.until(lambda state: state.page == "monitor", "the monitor of the planned one")
        assert program.call("campaign", "status", str(campaign))["state"] == "submitted"
        window.show_page("campaigns", "キャンペーン")
        window.click("下書きに戻す", "PushButton")
        window.find("送信…", "PushButton")
        states = [row["state"] for row in program.lines("campaign", "list")]
        assert states == ["draft", "cancelled"]
        status = program.call("campaign", "status", str(campaign))
        assert (status["accepted"], status["cancelled"]) == (0, 128)
        check_quiet(window, program)


def test_queue_filters_searches_and_explains(opener: Opener, program: Program) -> None:
    campaign = prepare(program, people=150, speed=2000, send=True)
    wait_until_finished(program, campaign)
    rows = program.lines("campaign", "recipients", str(campaign))
    bounced = [row for row in rows if row["state"] == "bounced"]
    with opener() as window:
        window.show_page("queue", "送信キュー")
        window.click(f"届かず {len(bounced)}", "FilterChip")
        addresses = {row["address"] for row in bounced}
        window.until(lambda state: _shown(state, rows) == addresses, "only those who bounced")
        wanted = bounced[0]
        window.fill("宛先・氏名・応答をさがす", wanted["address"])
        window.until(lambda state: _shown(state, rows) == {wanted["address"]}, "the one searched for")
        window.click(wanted["address"], "cell")
        talk = window.until(
            lambda state: (box := state.find("相手のサーバーとのやりとり")) and "RCPT TO" in box.text,
            "the conversation",
        )
        box = talk.find("相手のサーバーとのやりとり")
        assert box is not None
        assert wanted["address"] in box.text
        assert str(wanted["code"]) in box.text
        check_quiet(window, program)


def _shown(state: State, rows: list[dict[str, str]]) -> set[str]:
    known = {row["address"] for row in rows}
    return {cell.text for cell in state.cells if cell.text in known}


def test_address_book_finds_by_typed_japanese_and_saves(opener: Opener, program: Program) -> None:
    prepare(program, people=150, speed=20)
    with Workspace(program.directory, Link(program.directory)) as ws:
        alike = contacts.count(ws, ContactQuery(text="邊見"))
    assert 0 < alike < 60
    with opener() as window:
        window.show_page("address_book", "アドレス帳")
        window.fill("氏名・フリガナ・会社名・アドレスをさがす", "邊見")
        found = window.until(lambda state: _names(state) == alike, "only those called 邊見")
        person = next(cell for cell in found.cells if cell.text.startswith("邊見"))
        address = next(cell.text for cell in found.cells if cell.row == person.row and "@" in cell.text)
        window.hand.click(*person.middle)
        window.click("編集…", "PushButton")
        window.fill(person.text, "邊見 実験", "QLineEdit")
        window.click("保存", "PushButton")
        window.until(lambda state: state.find("邊見 実験", "cell"), "the new name in the table")
        with Workspace(program.directory, Link(program.directory)) as ws:
            kept = contacts.rows(ws, contacts.list_ids(ws, ContactQuery(text="邊見 実験")))
        assert [contact.email for contact in kept] == [address]
        check_quiet(window, program)


def _names(state: State) -> int:
    rows = {cell.row for cell in state.cells if "@" in cell.text}
    named = {cell.row for cell in state.cells if cell.text.startswith("邊見")}
    return len(rows) if rows == named else -1


def test_english_and_dark_and_a_sample_list_from_home(opener: Opener, program: Program) -> None:
    with Workspace(program.directory, Link(program.directory)) as ws:
        settings.set_value(ws, "ui.theme", "dark")
    with opener(language="en", QT_SCALE_FACTOR="1.25") as window:
        state = window.settled()
        assert state.dark
        assert state.find("Welcome. Let us practise sending first.")
        for name, title in PAGES_EN.items():
            page = window.show_page(name, title)
            found = JAPANESE.search(page.words)
            assert name == "settings" or not found, f"{found} in the English window"
        window.show_page("home", "Home")
        window.click("No list at hand? Practise with a sample list")
        window.until(lambda state: state.page == "monitor", "the monitor", 60)
        sending = window.until(lambda state: state.figure("Accepted") > 20, "it sends")
        assert not sending.find("The engine is at rest", "Notice")
        window.until(lambda state: state.engine == "running", "the engine is heard")
        check_quiet(window, program)


def test_engine_and_window_survive_each_other(opener: Opener, program: Program, other_display: str) -> None:
    campaign = prepare(program, people=5000, speed=20, send=True)
    other = open_window(program, Hand(other_display), other_display)
    with opener() as first, other as second:
        for window in (first, second):
            window.show_page("monitor", "送信モニター")
            window.until(lambda state: state.figure("受け付け済み") > 5, "both see it")
        first.process.kill()
        first.process.wait(10)
        before = second.settled().figure("受け付け済み")
        second.until(lambda state: state.figure("受け付け済み") > before, "the engine goes on")

        kill_engine(program)
        told = second.until(lambda state: state.engine == "stopped", "the engine is gone")
        assert told.find("エンジンが止まっているため、送信は進んでいません。", "Notice")
        counted = told.figure("受け付け済み")
        assert counted >= before, "what was counted stays on the screen"
        second.click("エンジンを動かす", "PushButton")
        second.until(lambda state: state.engine == "running", "the engine is back")
        second.until(lambda state: state.figure("受け付け済み") > counted, "the campaign goes on")
        second.until(lambda state: state.find("エンジンを動かす") is None, "the message is gone")
        assert program.call("campaign", "status", str(campaign))["state"] == "sending"
        check_quiet(second, program)


def test_what_was_interrupted_goes_on_when_the_window_is_opened(opener: Opener, program: Program) -> None:
    campaign = prepare(program, people=2000, speed=20, send=True)
    kill_engine(program)  # as when the computer is restarted
    before = program.call("campaign", "status", str(campaign))["accepted"]
    with opener("gui") as window:
        window.find("途中で止まっていた送信を続けます", "Notice")
        window.click("送信モニターを見る", "PushButton")
        window.until(lambda state: state.figure("受け付け済み") > before, "it goes on")
        check_quiet(window, program)


def kill_engine(program: Program) -> None:
    """The hard way, by its pid."""
    pid = program.call("engine", "status")["pid"]
    process = psutil.Process(pid)
    os.kill(pid, signal.SIGKILL)
    process.wait(10)
