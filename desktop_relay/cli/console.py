"""What the command line prints: one JSON document, or sentences for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from desktop_relay.domain.errors import RelayError
from resources.phrases import phrase

_YES = frozenset({"y", "yes", "はい"})


class Console:
    """Results go to stdout, everything else to stderr."""

    def __init__(self, language: str, *, json: bool) -> None:
        self.language = language
        self.json = json

    def phrase(self, section: str, code: str, /, **params: object) -> str:
        """A sentence in the console's language."""
        return phrase(self.language, section, code, **params)

    def result(self, document: Mapping[str, Any], sentence: str = "", /, **params: object) -> None:
        """The command's one answer: the document with ``--json``, else the sentence ``cli.<sentence>``."""
        if self.json:
            print(json.dumps(plain(document), ensure_ascii=False))
        elif sentence:
            print(self.phrase("cli", sentence, **{**document, **params}))

    def lines(self, documents: Iterable[Mapping[str, Any]]) -> None:
        """JSON lines with ``--json``, else tab-separated values, one a row."""
        for document in documents:
            if self.json:
                print(json.dumps(plain(document), ensure_ascii=False))
            else:
                print("\t".join(_cell(value) for value in document.values()))

    def say(self, sentence: str, /, **params: object) -> None:
        """A message on the way, ``cli.<sentence>``."""
        print(self.phrase("cli", sentence, **params), file=sys.stderr)

    def mention(self, section: str, code: str, /, **params: object) -> None:
        """A sentence about how things stand, beside the result."""
        print(self.phrase(section, code, **params), file=sys.stderr)

    def confirms(self, question: str) -> bool:
        """Whether the person at the terminal says yes to ``cli.<question>``; where nobody sits, yes."""
        if self.json or not sys.stdin.isatty():
            return True
        print(self.phrase("cli", question), end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() in _YES

    def progress(self, text: str) -> None:
        """A line that replaces itself on a terminal; nothing elsewhere."""
        if sys.stderr.isatty():
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)

    def end_progress(self) -> None:
        """Leave the line."""
        if sys.stderr.isatty():
            print(file=sys.stderr)

    def fail(self, error: RelayError) -> None:
        """One clear sentence."""
        print(self.phrase("errors", error.code.value, **error.params), file=sys.stderr)


def plain(value: Any) -> Any:
    """JSON's own types for dataclasses, enums, times and paths."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    return value


def _cell(value: Any) -> str:
    shown = plain(value)
    if shown is None:
        return "-"
    return " ".join(str(item) for item in shown) if isinstance(shown, list) else str(shown)
