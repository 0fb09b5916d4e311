"""What a test of the window leaves behind is taken down at once, the browser engine before the rest."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

from ui.browser import PROFILE_NAME

PAGE = "QWebEnginePage"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Iterator[None]:
    """What is left in cycles is collected here, as the window does, once no fixture holds it any more.

    A thread of a later test, whatever it tests, would destroy widgets, and take the process with it.
    """
    gc.disable()
    gc.freeze()  # what is here already need not be looked through after every test
    try:
        return (yield)
    finally:
        gc.collect()
        gc.enable()


@pytest.fixture(autouse=True)
def nothing_waits_for_its_end() -> Iterator[None]:
    """``deleteLater`` waits for an event loop, which may never come before the process ends."""
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session", autouse=True)
def browser_engine_ends_first() -> Iterator[None]:
    """A profile that ends before a page of it, or after the application, takes the process with it."""
    yield
    app = QApplication.instance()
    if app is None:
        return
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [
        each for each in shiboken6.getAllValidWrappers() if isinstance(each, QObject) and each.inherits(PAGE)
    ]
    assert left == []
    for profile in app.findChildren(QObject, PROFILE_NAME):
        shiboken6.delete(profile)
