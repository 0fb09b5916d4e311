"""Traps of Qt that were met before: nested loops, connected lambdas, words that Linguist cannot find."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.sources import modules, place

_NESTED_LOOPS = frozenset({"exec", "exec_", "processEvents"})
_EVENT_LOOP = "QEventLoop"
_LOOP_OWNER = "app.py"
_TRANSLATED = frozenset({"tr", "translate"})


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every method call of the window: where, of what name."""
    for path, tree in modules("ui"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield place(path, node.lineno), node.func.attr, node


def test_no_nested_event_loops() -> None:
    """``dialog.exec()`` inside a coroutine hangs for good; ``open()`` does not."""
    assert [where for where, name, _ in calls() if name in _NESTED_LOOPS] == []
    used = [
        place(path, getattr(node, "lineno", 0))
        for path, tree in modules("ui")
        if path.name != _LOOP_OWNER  # which runs qasync's, the one loop there is
        for node in ast.walk(tree)
        if _EVENT_LOOP in (getattr(node, "id", ""), getattr(node, "attr", ""))
    ]
    assert used == []


def test_no_lambda_is_connected() -> None:
    """A lambda keeps its window alive and outlives it; a method does not."""
    found = [
        where
        for where, name, call in calls()
        if name == "connect" and any(isinstance(argument, ast.Lambda) for argument in call.args)
    ]
    assert found == []


def test_no_formatted_text_is_translated() -> None:
    """Linguist looks a text up as it stands in the source."""
    found = [
        where
        for where, name, call in calls()
        if name in _TRANSLATED
        and any(isinstance(part, ast.JoinedStr) for argument in call.args for part in ast.walk(argument))
    ]
    assert found == []
