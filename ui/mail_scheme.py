"""The preview's own address scheme: what the browser engine must be told before it first starts.

Measured with Qt 6.11: the engine takes new schemes until the first profile is made, also after the
application exists. So this costs the start of the window nothing; only shared OpenGL contexts must be
asked for before ``QApplication`` (``Qt.AA_ShareOpenGLContexts``), and the application does that: without
them the engine takes the process with it when an event loop ends.
"""

from __future__ import annotations

import os

from PySide6.QtCore import QByteArray
from PySide6.QtWebEngineCore import QWebEngineUrlScheme

SCHEME = "relay-mail"
_FLAGS = "QTWEBENGINE_CHROMIUM_FLAGS"
_NO_NAMES = '--host-resolver-rules="MAP * ~NOTFOUND"'


def register() -> None:
    """Make the scheme known and let no host name be found; must come before the first profile."""
    known = QWebEngineUrlScheme.schemeByName(QByteArray(SCHEME.encode()))
    if not known.name().isEmpty():
        return
    flags = os.environ.get(_FLAGS, "")
    if _NO_NAMES not in flags:
        # a second wall: what slips past every other lock finds no host to connect to
        os.environ[_FLAGS] = f"{flags} {_NO_NAMES}".strip()
    scheme = QWebEngineUrlScheme(QByteArray(SCHEME.encode()))
    scheme.setFlags(QWebEngineUrlScheme.Flag.SecureScheme)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Path)
    QWebEngineUrlScheme.registerScheme(scheme)
