"""What the window shows, as a JSON file: for tests that click a real window and must not guess at pixels.

Only when ``DESKTOP_RELAY_STATE_FILE`` names a file. Five times a second it is replaced by
``{"page", "engine", "dark", "turn", "busy", "widgets": [...], "cells": [...]}``. A widget has ``kind``,
``name``, ``text``, ``on``, ``enabled``, ``focused`` and ``rect``, a cell of a table ``table``, ``row``,
``column``, ``text`` and ``rect``: ``[x, y, width, height]`` of the part that can be clicked, in the
screen's pixels.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from ui.context import Context
from ui.main_window import MainWindow
from ui.theme import colours

VARIABLE = "DESKTOP_RELAY_STATE_FILE"
_MILLISECONDS = 200
_MOST_ROWS = 60


class StateDump(QObject):
    """Writes until its parent, the window, goes."""

    def __init__(self, path: Path, window: MainWindow, context: Context) -> None:
        super().__init__(window)
        self._path = path
        self._window = window
        self._context = context
        self._turn = 0
        timer = QTimer(self, interval=_MILLISECONDS)
        timer.timeout.connect(self._write)
        timer.start()

    def _write(self) -> None:
        self._turn += 1
        shown = [w for w in QApplication.allWidgets() if w.isVisible() and not w.visibleRegion().isEmpty()]
        state = {
            "page": self._window.current_name,
            "engine": self._context.engine.current_state,
            "dark": colours().dark,
            "turn": self._turn,
            "busy": self._context.tasks.running,
            "widgets": [_widget(w) for w in shown if w.accessibleName() or _text(w)],
            "cells": [c for w in shown if isinstance(w, QAbstractItemView) for c in _cells(w)],
        }
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
        fresh.replace(self._path)


def begin_state_dump(window: MainWindow, context: Context) -> None:
    """Begin to write, when the environment asks for it."""
    path = os.environ.get(VARIABLE)
    if path:
        StateDump(Path(path), window, context)


def _widget(widget: QWidget) -> dict[str, Any]:
    return {
        "kind": type(widget).__name__,
        "name": widget.accessibleName(),
        "text": _text(widget),
        "on": isinstance(widget, QAbstractButton) and widget.isChecked(),
        "enabled": widget.isEnabled(),
        "focused": widget.hasFocus(),
        "rect": _on_screen(widget, widget.visibleRegion().boundingRect()),
    }


def _text(widget: QWidget) -> str:
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, (QAbstractButton, QLabel, QLineEdit)):
        return widget.text()
    if isinstance(widget, (QPlainTextEdit, QTextEdit)):
        return widget.toPlainText()
    return ""


def _cells(view: QAbstractItemView) -> Iterator[dict[str, Any]]:
    model = view.model()
    rows = min(model.rowCount(), _MOST_ROWS)
    columns = model.columnCount() if isinstance(model, QAbstractTableModel) else 1
    room = view.viewport().visibleRegion().boundingRect()
    for row in range(rows):
        for column in range(columns):
            index = model.index(row, column)
            rect = view.visualRect(index).intersected(room)
            text = index.data(Qt.ItemDataRole.DisplayRole)
            if not rect.isEmpty() and text:
                place = _on_screen(view.viewport(), rect)
                yield {
                    "table": view.accessibleName(),
                    "row": row,
                    "column": column,
                    "text": str(text),
                    "rect": place,
                }


def _on_screen(widget: QWidget, rect: QRect) -> list[int]:
    corner: QPoint = widget.mapToGlobal(rect.topLeft())
    dots = widget.devicePixelRatioF()
    return [round(n * dots) for n in (corner.x(), corner.y(), rect.width(), rect.height())]
