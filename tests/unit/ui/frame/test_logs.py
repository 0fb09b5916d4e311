from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

from PySide6.QtCore import QtMsgType, qCritical, qDebug, qWarning
from PySide6.QtWidgets import QApplication, QPushButton

from ui.logs import LOG_FILE, take_message, window_log


def _log_of(directory: Path) -> str:
    path = directory / "logs" / LOG_FILE
    return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.mark.usefixtures("qapp")
def test_what_qt_says_is_in_the_log_and_not_on_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with window_log(tmp_path):
        qWarning("a font is missing 足りません")
        qCritical("no surface")
    assert "WARNING qt: default: a font is missing 足りません" in _log_of(tmp_path)
    assert "ERROR qt: default: no surface" in _log_of(tmp_path)
    assert capfd.readouterr().err == ""


@pytest.mark.usefixtures("qapp")
def test_harmless_and_chatty_messages_leave_no_trace(tmp_path: Path) -> None:
    with window_log(tmp_path):
        qWarning("This plugin does not support propagateSizeHints()")
        qDebug("painted")
    assert _log_of(tmp_path) == ""


@pytest.mark.usefixtures("qapp")
def test_it_ends_with_the_window(tmp_path: Path) -> None:
    hook, handlers = sys.excepthook, list(logging.getLogger("qt").handlers)
    with window_log(tmp_path):
        assert sys.excepthook is not hook
    assert sys.excepthook is hook
    assert logging.getLogger("qt").handlers == handlers


def test_what_ends_the_process_is_told_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    take_message(QtMsgType.QtFatalMsg, None, "no platform plugin")  # type: ignore[arg-type]
    assert "no platform plugin" in capsys.readouterr().err


@pytest.mark.usefixtures("qapp")
@pytest.mark.expect_warnings
def test_a_log_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file in the way")
    with window_log(tmp_path):
        qWarning("nobody hears it")
    assert (tmp_path / "logs").read_text() == "a file in the way"


def _break() -> None:
    raise ValueError("a slot of oranges")


@pytest.mark.expect_warnings
@pytest.mark.qt_no_exception_capture
def test_a_bug_in_a_slot_leaves_a_crash_report(qapp: QApplication, tmp_path: Path) -> None:
    button = QPushButton()
    button.clicked.connect(_break)
    with window_log(tmp_path):
        button.click()
        qapp.processEvents()
    report = (tmp_path / "logs" / "window-crash.txt").read_text(encoding="utf-8")
    assert "a slot of oranges" in report
    assert "_break" in report
    assert "a slot of oranges" in _log_of(tmp_path)
