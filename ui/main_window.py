"""The window's frame: navigation, a stack of pages made when first shown, engine state, shortcuts."""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QWidget

from desktop_relay.domain.campaign import CampaignKind, CampaignState
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.progress import CampaignProgress, Progress
from desktop_relay.domain.route import RouteKind

from ui import wording
from ui.context import Context
from ui.panels import close_topmost, cycle_panels
from ui.widgets.empty_state import EmptyState
from ui.widgets.icons import application_icon
from ui.widgets.nav import Navigation
from ui.widgets.notice import Notice
from ui.widgets.page_frame import PageFrame

PAGES: tuple[tuple[str, str], ...] = (
    ("home", "home"),
    ("address_book", "address-book"),
    ("templates", "template"),
    ("campaigns", "campaign"),
    ("queue", "queue"),
    ("monitor", "monitor"),
    ("settings", "settings"),
)
"""Name (also the package below ``ui.pages``) and picture, in the order of the work."""

SMALLEST = (1024, 700)
USUAL = (1280, 800)


class MainWindow(QWidget):
    """Knows pages by name only. ``turned`` to one; ``closing`` asks the application to end."""

    closing = Signal()
    turned = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._pages: dict[str, QWidget] = {}
        self.setWindowTitle("Desktop Relay")
        self.setWindowIcon(application_icon())
        self.setMinimumSize(QSize(*SMALLEST).boundedTo(self._room()))
        self._titles = self._name_pages()
        self.navigation = Navigation(
            [(name, picture, self._titles[name]) for name, picture in PAGES], self.tr("Pages")
        )
        self.navigation.chosen.connect(self.show_page)
        self._stack = QStackedWidget()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addWidget(self._stack, 1)
        self._make_shortcuts()
        self._restore_geometry()
        context.engine.state.connect(self._show_engine)
        context.engine.progress.connect(self._show_progress)
        context.tasks.failed.connect(self.show_error)
        self._show_engine(context.engine.current_state)

    # -- pages

    def _name_pages(self) -> dict[str, str]:
        return {
            "home": self.tr("Home"),
            "address_book": self.tr("Address book"),
            "templates": self.tr("Templates"),
            "campaigns": self.tr("Campaigns"),
            "queue": self.tr("Queue"),
            "monitor": self.tr("Monitor"),
            "settings": self.tr("Settings"),
        }

    @property
    def current_name(self) -> str:
        """The page that shows."""
        page = self._stack.currentWidget()
        return "" if page is None else str(page.property("pageName"))

    def show_page(self, name: str, argument: object | None = None) -> None:
        """Show a page, made now if this is the first time, and hand it the argument."""
        if name not in self._titles:
            return
        page = self._pages.get(name)
        if page is None:
            page = self._pages[name] = self._make_page(name)
            page.setProperty("pageName", name)
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        self.navigation.set_current(name)
        if self.focusWidget() is None or self.navigation.isAncestorOf(self.focusWidget()):
            self.navigation.focus_current()
        self._context.memory.keep("window/page", name)
        activate: Callable[[object | None], None] | None = getattr(page, "activate", None)
        if activate is not None:
            activate(argument)
        self.turned.emit()

    def page(self, name: str) -> QWidget | None:
        """A page that was made already."""
        return self._pages.get(name)

    def _make_page(self, name: str) -> QWidget:
        # by name and late: pages are heavy (one of them starts a browser engine), and the frame
        # must not depend on any of them
        module_name = f"ui.pages.{name}.page"
        try:
            module = importlib.import_module(module_name)
        except ModuleNotFoundError as error:
            if not module_name.startswith(error.name or "?"):
                raise  # the page is there; something that it needs is not
            return self._make_placeholder(name)
        page: QWidget = module.Page(self._context)
        page.navigate.connect(self.show_page)  # type: ignore[attr-defined]
        return page

    def _make_placeholder(self, name: str) -> QWidget:
        frame = PageFrame(self._titles[name])
        frame.body.addWidget(
            EmptyState("engine", self._titles[name], self.tr("This page is not part of this version."))
        )
        return frame

    # -- engine

    def _show_engine(self, state: str) -> None:
        words = {
            "running": self.tr("Engine running"),
            "starting": self.tr("Engine is starting…"),
            "stopped": self.tr("Engine at rest"),
        }
        self._engine_words = words.get(state, state)
        if state != "running":
            for page in ("monitor", "queue"):
                self.navigation.set_badge(page, "")
            self.navigation.set_foot(self._engine_words, "")

    def _show_progress(self, progress: Progress) -> None:
        sending = [c for c in progress.campaigns if c.state is CampaignState.SENDING]
        self.navigation.set_badge("monitor", self.tr("Sending") if sending else "", "good")
        self.navigation.set_foot(self._engine_words, self._mode_words(sending))
        waiting = sum(
            c.counts.open
            for c in progress.campaigns
            if c.kind is CampaignKind.CAMPAIGN and c.state in (CampaignState.SENDING, CampaignState.PAUSED)
        )
        self.navigation.set_badge("queue", wording.number(waiting) if waiting else "")

    def _mode_words(self, sending: list[CampaignProgress]) -> str:
        if not sending:
            return ""
        if all(c.route_kind is RouteKind.SANDBOX for c in sending):
            return self.tr("Practice\nNo real person receives it")
        return self.tr("Sending to real people")

    def set_contact_count(self, count: int) -> None:
        """The badge of the address book."""
        self.navigation.set_badge("address_book", wording.number(count) if count else "")

    def show_error(self, error: RelayError) -> None:
        """Say what failed above the page that shows; pages tell of what they expect themselves."""
        frame = self._stack.currentWidget()
        target = frame if isinstance(frame, PageFrame) else self._frame_of(frame)
        if target is not None:
            target.tell(self._context.describe(error), "bad", name="failure")

    @staticmethod
    def _frame_of(page: QWidget | None) -> PageFrame | None:
        if page is None:
            return None
        return next((frame for frame in page.findChildren(PageFrame) if frame.isVisibleTo(page)), None)

    # -- keyboard

    def _make_shortcuts(self) -> None:
        for number, (name, _) in enumerate(PAGES, start=1):
            self._shortcut(f"Ctrl+{number}", self.navigation.buttons[name].click)
        self._shortcut("F6", self._next_panel)
        self._shortcut("Shift+F6", self._previous_panel)
        self._shortcut("Ctrl+F", self._focus_search)
        self._shortcut("Esc", self._escape)
        self._shortcut("Ctrl+Q", self.close)

    def _shortcut(self, keys: str, call: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(call)

    def _next_panel(self) -> None:
        cycle_panels(self, forward=True)

    def _previous_panel(self) -> None:
        cycle_panels(self, forward=False)

    def _focus_search(self) -> None:
        page = self._stack.currentWidget()
        for field in page.findChildren(QLineEdit) if page is not None else []:
            if field.property("search") == "true" and field.isVisible() and field.isEnabled():
                field.setFocus(Qt.FocusReason.ShortcutFocusReason)
                field.selectAll()
                return

    def _escape(self) -> None:
        page = self._stack.currentWidget()
        if page is not None:
            close_topmost(page)

    # -- life

    def _room(self) -> QSize:
        """What the screen has: at 200 % it may be less than the window would like."""
        return self.screen().availableSize()

    def _restore_geometry(self) -> None:
        state = self._context.memory.octets("window/geometry")
        if state.isEmpty() or not self.restoreGeometry(state):
            self.resize(QSize(*USUAL).boundedTo(self._room()))

    def keep_geometry(self) -> None:
        """Remember place and size."""
        self._context.memory.keep("window/geometry", self.saveGeometry())
        self._context.memory.save()

    async def kept(self) -> bool:
        """Let every page keep what was written; the first that cannot is shown, and says why."""
        for name, page in list(self._pages.items()):
            keep: Callable[[], Awaitable[bool]] | None = getattr(page, "kept", None)
            if keep is not None and not await keep():
                self.show_page(name)
                return False
        return True

    def closeEvent(self, event: QCloseEvent) -> None:
        """The application decides what closing means."""
        self.keep_geometry()
        event.ignore()
        self.closing.emit()

    def tell(self, text: str, button_text: str = "") -> Notice | None:
        """Say something above the page that shows."""
        page = self._stack.currentWidget()
        frame = page if isinstance(page, PageFrame) else self._frame_of(page)
        return frame.tell(text, "info", button_text, name="window") if frame is not None else None
