"""The composition root of the window: makes everything once, wires it, runs it, takes it down."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import qasync
from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.changes import Changes
from desktop_relay.domain.command import ReloadSettings, Shutdown
from desktop_relay.domain.errors import EngineUnreachable, Refused
from desktop_relay.domain.query import ContactQuery
from desktop_relay.ipc.launcher import Link
from desktop_relay.operations import campaigns, contacts, settings
from desktop_relay.operations.campaigns import CampaignRow
from desktop_relay.operations.workspace import EngineLink, Workspace

from ui.browser import PROFILE_NAME
from ui.context import Context
from ui.engine_client import EngineClient
from ui.languages import choose_language, install_translators
from ui.logs import window_log
from ui.main_window import PAGES, MainWindow
from ui.memory import Memory
from ui.metered_line import follow_system
from ui.state_dump import begin_state_dump
from ui.tasks import Tasks
from ui.theme import apply_theme
from ui.widgets.icons import application_icon

_WAITING = (CampaignState.SENDING, CampaignState.SUBMITTED)


class UnfitPair(RuntimeError):
    """This PySide6 and this Python together abort the interpreter."""


def check_pair(pyside: str, python: tuple[int, int]) -> None:
    """Refuse PySide6 6.12 and newer below Python 3.12: it loses references to ``None`` there until the
    interpreter aborts in the middle of a run. Raises ``UnfitPair``."""
    numbers = tuple(int(part) for part in pyside.split(".")[:2])
    if numbers >= (6, 12) and python < (3, 12):
        raise UnfitPair(
            f"PySide6 {pyside} aborts Python {python[0]}.{python[1]}; "
            'install "PySide6-Essentials>=6.11.3,<6.12" in a fresh environment'
        )


def find_waiting(ws: Workspace, link: EngineLink) -> list[CampaignRow]:
    """Campaigns that no engine takes care of; none when that cannot be told."""
    waiting = [row for row in campaigns.overview(ws) if row.state in _WAITING]
    try:
        return waiting if waiting and link.find(ReloadSettings()) is None else []
    except Refused:  # the one of the last window is just ending
        return waiting
    except EngineUnreachable:
        return []


class Application(QObject):
    """One window over one data directory."""

    def __init__(
        self, app: QApplication, loop: asyncio.AbstractEventLoop, directory: Path, language: str | None
    ) -> None:
        super().__init__()
        self._app = app
        self._ended = asyncio.Event()
        self._link = Link(directory)
        self._workspace = Workspace(directory, self._link)
        chosen = choose_language(language, str(settings.get(self._workspace, "ui.language")))
        self._link.language = chosen
        self._translators: list[QTranslator] = install_translators(app, chosen)
        apply_theme(app, str(settings.get(self._workspace, "ui.theme")))
        self._tasks = Tasks(loop, crash_directory=directory / "logs")
        engine = EngineClient(directory, self._tasks, self._link)
        self._link.launched = engine.look_now
        self.context = Context(self._workspace, engine, self._tasks, chosen, Memory(directory))
        follow_system(self.context.line)
        self.window = MainWindow(self.context)
        begin_state_dump(self.window, self.context)
        self._tray = self._make_tray()
        self._told = self._held = False
        self._interrupted: list[CampaignRow] = []
        self.window.closing.connect(self._close_window)
        self.window.turned.connect(self._count)  # others may work on the same data
        self.context.changed.changed.connect(self._follow_changes)
        app.styleHints().colorSchemeChanged.connect(self._follow_system)

    def show(self, page: str | None = None) -> None:
        """Show the window on a page, else on that of the last run."""
        names = [name for name, _ in PAGES]
        wanted = page or self.context.memory.text("window/page", "home")
        self.window.show_page(wanted if wanted in names else "home")
        self.window.show()
        self.context.engine.open()

    def go_on(self) -> None:
        """Start the engine if mail waits for it: once the computer was off, nobody else does.

        Whether it is too late for a campaign the engine decides, as ever.
        """
        self._tasks.start(self._go_on())

    async def _go_on(self) -> None:
        waiting = await self._tasks.in_worker(find_waiting, self._workspace, self._link)
        if waiting:
            self._interrupted = [row for row in waiting if row.state is CampaignState.SENDING]
            self.context.engine.state.connect(self._say_what_goes_on)
            self.context.engine.ensure_started()
            self._say_what_goes_on(self.context.engine.current_state)  # somebody else may have started it

    def _say_what_goes_on(self, state: str) -> None:
        if state != "running" or not self._interrupted:
            return
        names = self.tr(", ").join(row.name for row in self._interrupted)
        self._interrupted = []
        text = self.tr("Sending goes on where it was interrupted: {names}").format(names=names)
        notice = self.window.tell(text, self.tr("See the monitor"))
        if notice is not None:
            notice.acted.connect(self._show_monitor)

    def _show_monitor(self) -> None:
        self.window.show_page("monitor")

    def end(self) -> None:
        """Let ``ended`` go on."""
        self._ended.set()

    async def ended(self) -> None:
        """Wait until the window was closed, then take everything down."""
        await self._ended.wait()
        self.window.keep_geometry()
        self.context.engine.close()
        if self._tray is not None:
            self._tray.hide()
        self.window.hide()  # first: a page that is left may still begin something
        await self._tasks.close()
        # in this order, and while the application lives: a browser page that ends after its profile, or a
        # profile that ends after the application, may take the process with it
        await _gone(self.window)
        for profile in self._app.findChildren(QObject, PROFILE_NAME):
            await _gone(profile)
        self._workspace.close()

    # -- closing

    def _close_window(self) -> None:
        self._tasks.start(self._close())

    async def _close(self) -> None:
        if not await self.window.kept() and self._hold():
            return
        self._held = False
        if self._sending():
            keep = await self._tasks.in_worker(settings.get, self._workspace, "ui.keep_sending")
            if not keep:
                self.window.tell(self.tr("Ending the messages under way…"))
                await self._tasks.in_worker(self._link.find, Shutdown(drain=True))
            elif self._say_that_sending_goes_on():
                return
        self.end()

    def _hold(self) -> bool:
        """What cannot be kept holds the window once; whoever closes it again means it."""
        held, self._held = self._held, True
        notice = None
        if not held:
            text = self.tr("What was written cannot be saved like this.")
            notice = self.window.tell(text, self.tr("Close without saving"))
        if notice is None:
            return False
        notice.acted.connect(self._close_window)
        return True

    def _say_that_sending_goes_on(self) -> bool:
        """True when the window shall not end yet: it lives on in the tray, or has just told the user."""
        if self._tray is not None and self.window.isVisible():
            self.window.hide()
            self._tray.show()
            self._tray.showMessage(
                self.tr("Sending goes on"),
                self.tr("The engine works on without the window. Click here to see how far it is."),
                application_icon(),
            )
            return True
        if self._tray is not None or self._told:
            return False
        notice = self.window.tell(
            self.tr(
                "The engine goes on sending without this window. Open it again any time to see how far it is."
            ),
            self.tr("Close the window"),
        )
        if notice is None:
            return False
        self._told = True
        notice.acted.connect(self.end)
        notice.button.setFocus()
        return True

    def _sending(self) -> bool:
        latest = self.context.engine.latest
        return latest is not None and any(c.state is CampaignState.SENDING for c in latest.campaigns)

    def _make_tray(self) -> QSystemTrayIcon | None:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return None
        tray = QSystemTrayIcon(application_icon(), self)
        self._menu = QMenu()
        self._menu.addAction(self.tr("&Show the window"), self._return)
        self._menu.addAction(self.tr("&Quit; sending goes on"), self.end)
        tray.setContextMenu(self._menu)
        tray.setToolTip("Desktop Relay")
        tray.activated.connect(self._return)
        tray.messageClicked.connect(self._return)
        return tray

    def _return(self, *_reason: object) -> None:
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        if self._tray is not None:
            self._tray.hide()

    # -- following what changes

    def _follow_changes(self, changes: Changes) -> None:
        if changes.contacts:
            self._count()
        if changes.settings:
            self._tasks.start(self._dress())

    def _follow_system(self, _scheme: Qt.ColorScheme) -> None:
        self._tasks.start(self._dress())

    def _count(self) -> None:
        self._tasks.start(self._count_contacts())

    async def _count_contacts(self) -> None:
        count = await self._tasks.in_worker(contacts.count, self._workspace, ContactQuery())
        self.window.set_contact_count(count)

    async def _dress(self) -> None:
        mode = await self._tasks.in_worker(settings.get, self._workspace, "ui.theme")
        apply_theme(self._app, str(mode))


async def _gone(thing: QObject) -> None:
    """Delete it, and wait until that has happened."""
    gone = asyncio.Event()
    thing.destroyed.connect(gone.set)
    thing.deleteLater()
    await gone.wait()


def make_qt_application() -> QApplication:
    """The process's only QApplication. A browser view, made later by some page, needs shared contexts."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    if "--log-level" not in flags:
        # the browser engine writes past Qt to the terminal, of a missing D-Bus and the like
        os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = f"{flags} --log-level=3".strip()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Desktop Relay")
    app.setDesktopFileName("desktop-relay")
    QGuiApplication.setWindowIcon(application_icon())
    # closing the last window must not end the loop before the engine was spoken to
    app.setQuitOnLastWindowClosed(False)
    return app


def run_window(
    directory: Path,
    language: str | None,
    page: str | None,
    visit: Callable[[Application], Coroutine[Any, Any, None]] | None = None,
) -> int:
    """Run the window until it is closed; ``visit`` runs beside it. Answers an exit code.

    Raises ``UnfitPair`` and ``StoreUnusable`` before anything is shown.
    """
    check_pair(pyside_version, sys.version_info[:2])
    with window_log(directory):
        return _run(directory, language, page, visit)


def _run(
    directory: Path,
    language: str | None,
    page: str | None,
    visit: Callable[[Application], Coroutine[Any, Any, None]] | None,
) -> int:
    app = make_qt_application()
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        application = Application(app, loop, directory, language)
        application.show(page)
        if visit is None:  # who only takes a picture sends nothing
            application.go_on()
        visitor = loop.create_task(visit(application)) if visit is not None else None
        loop.run_until_complete(application.ended())
        if visitor is not None:
            loop.run_until_complete(visitor)
    return 0


def main(directory: Path, language: str | None = None, page: str | None = None) -> int:
    """Run the window over a data directory until it is closed; answers an exit code."""
    return run_window(directory, language, page)
