"""A mail as its reader would see it, in a browser engine that can reach nothing and run nothing.

Locks, each measured against a hostile mail: an off-the-record profile, an interceptor that refuses
every request but the mail's own, a content policy, scripts and storage off, no navigation, no host
names, and HTML that has lost its linking elements before it comes here (``operations.preview.safe_html``).
"""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlSchemeHandler,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import mail_scheme
from ui.browser import PROFILE_NAME
from ui.mail_scheme import SCHEME

_OFF = (
    QWebEngineSettings.WebAttribute.JavascriptEnabled,
    QWebEngineSettings.WebAttribute.PluginsEnabled,
    QWebEngineSettings.WebAttribute.LocalStorageEnabled,
    QWebEngineSettings.WebAttribute.LocalContentCanAccessRemoteUrls,
    QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls,
    QWebEngineSettings.WebAttribute.HyperlinkAuditingEnabled,
    QWebEngineSettings.WebAttribute.DnsPrefetchEnabled,
    QWebEngineSettings.WebAttribute.ErrorPageEnabled,
    QWebEngineSettings.WebAttribute.AutoLoadIconsForPage,
)
_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; "
    "form-action 'none'; base-uri 'none'"
)
_SMALLEST_ZOOM = 0.25
_addresses = count(1)


class _OwnRequestsOnly(QWebEngineUrlRequestInterceptor):
    """Refuses everything that is not the mail itself or written inside it."""

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Called for every request of the profile."""
        if info.requestUrl().scheme() not in (SCHEME, "data"):
            info.block(True)


class _Mails(QWebEngineUrlSchemeHandler):
    """Serves the mail of the page that asks; ``setHtml`` would stop at two megabytes."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.contents: dict[str, QByteArray] = {}

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        """Hand out the mail that the address names."""
        buffer = QBuffer(job)
        buffer.setData(self.contents.get(job.requestUrl().path(), QByteArray()))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        # a multi-map: its values are lists, whatever the stub says
        policy = {QByteArray(b"Content-Security-Policy"): [QByteArray(_POLICY.encode())]}
        job.setAdditionalResponseHeaders(policy)  # type: ignore[arg-type]
        job.reply(QByteArray(b"text/html; charset=utf-8"), buffer)


class _Page(QWebEnginePage):
    """Goes nowhere: links, refreshes and forms stay without effect."""

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        """Only the mail itself, and only when we load it."""
        typed = QWebEnginePage.NavigationType.NavigationTypeTyped
        return QUrl(url).scheme() == SCHEME and kind == typed

    def javaScriptConsoleMessage(
        self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, message: str, line: int, source: str
    ) -> None:
        """What the engine says of a mail it refuses things to is of no use to anybody."""


def mail_profile() -> QWebEngineProfile:
    """One profile for the whole process: one that dies before its pages takes the process with it."""
    app = QCoreApplication.instance()
    if app is None:
        raise RuntimeError("no application")
    found = app.findChild(QWebEngineProfile, PROFILE_NAME)
    if found is not None:
        return found
    mail_scheme.register()
    profile = QWebEngineProfile(app)
    profile.setObjectName(PROFILE_NAME)
    profile.setUrlRequestInterceptor(_OwnRequestsOnly(profile))
    profile.installUrlSchemeHandler(QByteArray(SCHEME.encode()), _Mails(profile))
    for attribute in _OFF:
        profile.settings().setAttribute(attribute, False)
    return profile


class MailView(QWidget):
    """Shows one mail at a time; ``loaded(bool)`` when it stands. F6 leaves it: the engine swallows Tab."""

    loaded = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._width = 0
        profile = mail_profile()
        self.view = QWebEngineView(self)
        self.view.setAccessibleName(name)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.view.setPage(_Page(profile, self.view))
        self.view.loadFinished.connect(self.loaded)
        mails = profile.findChild(_Mails)
        if mails is None:
            raise RuntimeError("the profile has lost its handler")
        self._mails = mails
        self._address = QUrl(f"{SCHEME}:{next(_addresses)}")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)

    def show_html(self, safe_html: str) -> None:
        """Show a document that was made safe."""
        self._mails.contents[self._address.path()] = QByteArray(safe_html.encode())
        self.view.load(self._address)

    def show_as(self, width: int) -> None:
        """As on a screen of that many pixels, made smaller where there is less room."""
        self._width = width
        self._zoom()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the width of the screen that is played."""
        super().resizeEvent(event)
        self._zoom()

    def _zoom(self) -> None:
        if self._width:
            self.view.setZoomFactor(max(_SMALLEST_ZOOM, min(1.0, self.width() / self._width)))
