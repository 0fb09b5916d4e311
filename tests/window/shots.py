"""Pictures of every page with made-up data that is always the same: for the documentation and for looking at.

    python -m tests.window.shots docs/images            # what README and docs show
    python -m tests.window.shots OUT [--pages all] [--languages ja,en] [--themes light,dark]
                                     [--sizes 1280x800,1024x700] [--first]

A picture is called ``monitor-ja.png``, with theme and size as well when there is more than one of them.
``--first`` also takes home as it is on the first day. ``--pages lane,route_rules,route_sign_in,route_code``
takes what is opened on a page: the story of a lane, the rules of a pool, an account that one signs in to.

Without a display set QT_QPA_PLATFORM=offscreen. Wants the Noto CJK fonts.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import qasync
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop_relay.domain.command import Command
from desktop_relay.domain.progress import CampaignProgress
from desktop_relay.domain.query import ContactQuery
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.operations import campaigns, contacts, identities, practice, templates
from desktop_relay.operations.workspace import Workspace
from tests.fakes.no_engine import NoEngine
from tests.window.portrait import portrait, rows_of_people
from tests.window.sample import NOW, make_progress
from tests.window.stocked import PRACTICE, submit_sample
from tests.window.views import VIEWS, steps_to, stock_routes, what_to_grab

from ui.app import make_qt_application
from ui.context import Context
from ui.engine_client import EngineClient
from ui.languages import install_translators
from ui.logs import window_log
from ui.main_window import PAGES, MainWindow
from ui.memory import Memory
from ui.tasks import Tasks
from ui.theme import apply_theme
from ui.widgets.data_table import DataTable

_BROWSER_SECONDS = 2.0
_LIGHT, _USUAL = "light", "1280x800"
PEOPLE = 20_000
NAMES = {
    "ja": ("クーポンのお知らせ 10月", "秋の新着コレクション 2026"),
    "en": ("Coupons for October", "Autumn arrivals 2026"),
}
SHOPS = {
    language: Route(name, RouteKind.SMARTHOST, host="mail.example", port=587, user="shop")
    for language, name in (("ja", "会社のSMTP"), ("en", "Company SMTP"))
}


class SilentLink(NoEngine):
    """No engine; commands come to nothing."""

    def call(self, command: Command) -> Mapping[str, Any]:
        """Answers as if it were done."""
        return {"campaign": 1, "count": 0, "added": 0, "removed": 0}


@contextmanager
def stocked_workspace(
    language: str, *, empty: bool = False
) -> Iterator[tuple[Workspace, CampaignProgress | None]]:
    """A temporary data directory with people, templates, a sender and a campaign half way."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Workspace(Path(folder), SilentLink(), now=lambda: NOW) as ws,
    ):
        yield ws, None if empty else stock(ws, language)


def stock(ws: Workspace, language: str) -> CampaignProgress:
    """Twenty thousand people, a campaign of last month that is done, and one half way."""
    draft = campaigns.load(ws, practice.prepare(ws, language=language, contacts=PEOPLE).campaign)
    campaigns.delete(ws, draft.id)
    letter, (sender,) = templates.load(ws, draft.template), identities.overview(ws)
    then = NOW - timedelta(days=31)
    done, current = NAMES[language]
    for name, now, route in ((done, then, SHOPS[language]), (current, NOW, PRACTICE)):
        old = now is then
        rows = rows_of_people(ws, now, most=2400 if old else 0, finished=old)
        number = submit_sample(
            ws,
            rows=rows,
            name=name,
            route=route,
            list_name=draft.lists[0],
            letter=letter,
            sender=sender,
            finished=old,
            now=now,
        )
    return portrait(ws, number, rows, NOW)


async def settle(tasks: Tasks) -> None:
    """Until the window has read and painted what it shows."""
    for _ in range(30):
        await tasks.idle()
        await asyncio.sleep(0.05)
        if not tasks.running:
            return


class Photographer:
    """Takes one window through the pages."""

    def __init__(self, app: QApplication, loop: asyncio.AbstractEventLoop, out: Path) -> None:
        self._app = app
        self._loop = loop
        self._out = out

    async def take(
        self,
        ws: Workspace,
        campaign: CampaignProgress | None,
        *,
        language: str,
        theme: str,
        size: str,
        pages: list[str],
        suffix: str = "",
    ) -> None:
        """One picture a page."""
        apply_theme(self._app, theme)
        tasks = Tasks(self._loop)
        failures: list[object] = []
        tasks.failed.connect(failures.append)
        engine = EngineClient(ws.directory, tasks)
        if campaign is not None:
            engine.latest = make_progress(campaign)
            engine.current_state = "running"
        window = MainWindow(Context(ws, engine, tasks, language, Memory(None)))
        width, height = (int(part) for part in size.split("x"))
        window.resize(width, height)
        window.show()
        window.set_contact_count(contacts.count(ws, ContactQuery()))
        for name in pages:
            page, openings = steps_to(name)
            window.show_page(page)
            await settle(tasks)
            if engine.latest is not None:
                engine.progress.emit(engine.latest)
            self._select_somebody(window, name)
            await settle(tasks)
            if name == "templates":
                await asyncio.sleep(_BROWSER_SECONDS)
            for open_view in openings:
                open_view(window)
                await settle(tasks)
            shown = what_to_grab(window)
            picture = shown.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
            picture.save(str(self._out / f"{name.replace('_', '-')}{suffix}.png"), quality=0)
            if shown is not window:
                shown.close()
                await settle(tasks)
        if failures:
            print(f"failures: {failures}")  # noqa: T201  (a tool for people)
        window.hide()
        window.deleteLater()
        await tasks.close()

    @staticmethod
    def _select_somebody(window: MainWindow, name: str) -> None:
        content = getattr(window.page(name), "content", None)
        if name == "queue" and content is not None:
            content.table.selectRow(2)
        page = window.page(name)
        for table in page.findChildren(DataTable) if name == "address_book" and page is not None else []:
            if table.isVisible():
                table.selectRow(3)


async def take_all(app: QApplication, loop: asyncio.AbstractEventLoop, options: argparse.Namespace) -> None:
    """Every combination that was asked for, and home as it is on the first day."""
    photographer = Photographer(app, loop, options.out)
    for language in options.languages.split(","):
        translators = install_translators(app, language)
        for empty in (False, True) if options.first else (False,):
            pages = [p for p in options.pages if not empty or p == "home"]
            with stocked_workspace(language, empty=empty) as (ws, campaign):
                if VIEWS.keys() & set(pages):
                    stock_routes(ws)
                for theme in options.themes.split(","):
                    for size in options.sizes.split(","):
                        suffix = ("-first" if empty else "") + f"-{language}"
                        if options.themes != _LIGHT or options.sizes != _USUAL:
                            suffix += f"-{theme}-{size}"
                        await photographer.take(
                            ws,
                            campaign,
                            language=language,
                            theme=theme,
                            size=size,
                            pages=pages,
                            suffix=suffix,
                        )
        for translator in translators:
            app.removeTranslator(translator)


def main() -> None:
    """Parse and go."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--pages", default="home,address_book,templates,campaigns,queue,monitor")
    parser.add_argument("--languages", default="ja,en")
    parser.add_argument("--themes", default=_LIGHT)
    parser.add_argument("--sizes", default=_USUAL)
    parser.add_argument("--first", action="store_true")
    options = parser.parse_args()
    every = [name for name, _ in PAGES]
    options.pages = every if options.pages == "all" else options.pages.split(",")
    options.out.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DESKTOP_RELAY_KEYCHAIN", "off")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # a browser engine refuses to start as root with its sandbox; only this tool turns it off
        os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox")
    app = make_qt_application()
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    with tempfile.TemporaryDirectory() as folder, window_log(Path(folder)), loop:
        loop.run_until_complete(take_all(app, loop, options))


if __name__ == "__main__":
    main()
