from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import Command
from desktop_relay.domain.errors import ErrorCode, Refused
from desktop_relay.domain.template import Template
from desktop_relay.operations import contacts, settings, templates
from tests.unit.ui.frame.conftest import FakeLink
from tests.window.sample import make_campaign, make_progress
from tests.window.stocked import submit_sample

from ui.app import Application, find_waiting
from ui.colours import DARK
from ui.context import Context
from ui.engine_client import EngineClient
from ui.pages.templates.page import Page as Templates
from ui.theme import apply_theme, colours
from ui.widgets.notice import Notice


@pytest.fixture
def application(qapp: QApplication, loop: asyncio.AbstractEventLoop, tmp_path: Path) -> Iterator[Application]:
    """The whole window over an empty directory; no engine."""
    made = Application(qapp, loop, tmp_path / "data", "en")
    made.show()
    yield made
    made.end()
    loop.run_until_complete(made.ended())
    apply_theme(qapp, "light")


def _turn(loop: asyncio.AbstractEventLoop, application: Application) -> None:
    async def idle() -> None:
        await application.context.tasks.idle()
        await asyncio.sleep(0.05)
        await application.context.tasks.idle()

    loop.run_until_complete(idle())


def _ends(loop: asyncio.AbstractEventLoop, application: Application) -> bool:
    _turn(loop, application)
    return application._ended.is_set()


def test_closing_ends_when_nothing_is_sent(loop: asyncio.AbstractEventLoop, application: Application) -> None:
    application.window.close()
    assert _ends(loop, application)


def test_closing_while_sending_says_that_it_goes_on(
    loop: asyncio.AbstractEventLoop, application: Application
) -> None:
    _turn(loop, application)
    application.context.engine.latest = make_progress(make_campaign())
    application.window.close()
    assert not _ends(loop, application)
    told = [n for n in application.window.findChildren(Notice) if n.isVisible()]
    assert "goes on" in told[0].text
    told[0].button.click()
    assert _ends(loop, application)


def test_closing_while_paused_needs_no_word(
    loop: asyncio.AbstractEventLoop, application: Application
) -> None:
    application.context.engine.latest = make_progress(make_campaign(state=CampaignState.PAUSED))
    application.window.close()
    assert _ends(loop, application)


def test_without_keep_sending_it_ends_after_the_engine_was_told(
    loop: asyncio.AbstractEventLoop, application: Application
) -> None:
    settings.set_value(application.context.workspace, "ui.keep_sending", "false")
    application.context.engine.latest = make_progress(make_campaign())
    application.window.close()
    assert _ends(loop, application)


def test_what_waits_for_an_engine_is_found_while_none_runs(context: Context, link: FakeLink) -> None:
    ws = context.workspace
    assert find_waiting(ws, link) == []
    number = submit_sample(ws)
    submit_sample(ws, finished=True, list_name="another")
    assert [row.id for row in find_waiting(ws, link)] == [number]

    class Ending(FakeLink):
        """Of the last window's engine, which takes no more commands."""

        def find(self, command: Command) -> Mapping[str, Any] | None:
            raise Refused(ErrorCode.ENGINE_STOPPING)

    assert [row.id for row in find_waiting(ws, Ending())] == [number]
    link.standing = make_progress()
    assert find_waiting(ws, link) == []


def test_that_sending_goes_on_is_said_once_it_does(
    loop: asyncio.AbstractEventLoop, application: Application
) -> None:
    submit_sample(application.context.workspace, name="Autumn")
    engine = EngineClient(application.context.workspace.directory, application.context.tasks, FakeLink())
    application.context.engine = engine
    application.go_on()
    _turn(loop, application)

    def told() -> list[str]:
        return [n.text for n in application.window.findChildren(Notice) if "goes on where" in n.text]

    assert engine.current_state == "starting"
    assert told() == []
    engine.state.emit("running")
    assert told() == ["Sending goes on where it was interrupted: Autumn"]
    engine.state.emit("stopped")
    engine.state.emit("running")
    assert len(told()) == 1


def test_changes_reach_badge_and_theme(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop, application: Application
) -> None:
    context = application.context
    _, changed = contacts.save(context.workspace, None, {"email": "a@example.jp"})
    context.publish(changed)
    _, changed = settings.set_value(context.workspace, "ui.theme", "dark")
    context.publish(changed)
    _turn(loop, application)
    assert application.window.navigation.buttons["address_book"].accessibleName() == "Address book 1"
    assert colours() is DARK


def _in_a_process(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DESKTOP_RELAY_KEYCHAIN": "off"}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_picture_can_be_taken_without_a_display(tmp_path: Path) -> None:
    target = tmp_path / "home.png"
    code = (
        "import sys, pathlib; from ui.screenshot import main;"
        "sys.exit(main(pathlib.Path(sys.argv[1]), 'ja', 'home', pathlib.Path(sys.argv[2])))"
    )
    done = _in_a_process(code, str(tmp_path / "data"), str(target))
    assert done.returncode == 0, done.stderr
    image = QImage(str(target))
    assert (image.width(), image.height()) == (1280, 800)


def test_a_picture_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from ui.screenshot import main\n"
        "from desktop_relay.domain.errors import BadInput\n"
        "try: main(pathlib.Path(sys.argv[1]), 'en', 'home', pathlib.Path('/nowhere/x.png'))\n"
        "except BadInput as error: sys.exit(40 if error.code == 'file_unwritable' else 41)"
    )
    assert _in_a_process(code, str(tmp_path / "data")).returncode == 40


def _write_subject(application: Application, loop: asyncio.AbstractEventLoop, qtbot: QtBot) -> Templates:
    templates.save(application.context.workspace, Template("Plain", "Hello", "", "Good morning\n"))
    application.window.show_page("templates")
    _turn(loop, application)
    page = application.window.page("templates")
    assert isinstance(page, Templates)
    page.editor.subject.selectAll()
    qtbot.keyClicks(page.editor.subject, "News")
    return page


def test_closing_keeps_what_was_written_in_a_template(
    loop: asyncio.AbstractEventLoop, application: Application, qtbot: QtBot
) -> None:
    _write_subject(application, loop, qtbot)
    application.window.close()
    assert _ends(loop, application)
    assert templates.load(application.context.workspace, "Plain").subject == "News"


def test_what_cannot_be_kept_holds_the_window_until_somebody_lets_go_of_it(
    loop: asyncio.AbstractEventLoop, application: Application, qtbot: QtBot
) -> None:
    page = _write_subject(application, loop, qtbot)
    page.editor.name.clear()
    application.window.show_page("home")
    _turn(loop, application)
    application.window.close()
    assert not _ends(loop, application)
    assert application.window.current_name == "templates"
    told = {n.objectName(): n for n in application.window.findChildren(Notice) if n.isVisible()}
    assert "save" in told
    told["window"].button.click()
    assert _ends(loop, application)


def test_closing_again_means_it(
    loop: asyncio.AbstractEventLoop, application: Application, qtbot: QtBot
) -> None:
    page = _write_subject(application, loop, qtbot)
    page.editor.name.clear()
    application.window.close()
    assert not _ends(loop, application)
    application.window.close()
    assert _ends(loop, application)


def test_people_that_another_process_entered_are_counted_when_a_page_is_shown(
    loop: asyncio.AbstractEventLoop, application: Application
) -> None:
    _turn(loop, application)
    contacts.save(application.context.workspace, None, {"email": "a@example.jp"})
    application.window.show_page("address_book")
    _turn(loop, application)
    assert application.window.navigation.buttons["address_book"].accessibleName() == "Address book 1"
