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

from desktop_relay.domain.backup import BackupKind
from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.settings import SettingType
from desktop_relay.domain.suppression import SuppressionReason
from resources.phrases import phrase

_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")
_YES = frozenset({"y", "yes", "はい"})
_WORDS: Mapping[type, str] = {
    BackupKind: "backup_kinds",
    CampaignState: "campaign_states",
    RecipientState: "recipient_states",
    Reason: "reason_words",
    SettingType: "setting_types",
    SuppressionReason: "suppression_reasons",
}
"""Codes that people have words for, and the section that has them."""


class Console:
    """Results go to stdout, everything else to stderr."""

    def __init__(self, language: str, *, json: bool) -> None:
        self.language = language
        self.json = json
        self._is_mid_line = False

    def phrase(self, section: str, code: str, /, **params: object) -> str:
        """A sentence in the console's language."""
        shown = {
            name: _printable(value) if isinstance(value, str) else value for name, value in params.items()
        }
        return phrase(self.language, section, code, **shown)

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
                print("\t".join(self._cell(value) for value in document.values()))

    def say(self, sentence: str, /, **params: object) -> None:
        """A message on the way, ``cli.<sentence>``."""
        self.end_progress()
        print(self.phrase("cli", sentence, **params), file=sys.stderr)

    def mention(self, section: str, code: str, /, **params: object) -> None:
        """A sentence about how things stand, beside the result."""
        print(self.phrase(section, code, **params), file=sys.stderr)

    def confirms(self, question: str) -> bool:
        """Whether the person at the terminal says yes to ``cli.<question>``; where nobody sits, yes."""
        if self.json or not sys.stdin.isatty():
            return True
        print(self.phrase("cli", question), end="", file=sys.stderr, flush=True)
        self._is_mid_line = True
        answer = sys.stdin.readline()
        self._is_mid_line = not answer.endswith("\n")
        return answer.strip().lower() in _YES

    def progress(self, text: str) -> None:
        """A line that replaces itself on a terminal; nothing elsewhere."""
        if sys.stderr.isatty():
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
            self._is_mid_line = True

    def end_progress(self) -> None:
        """Leave the line, if the last thing was said in the midst of one."""
        if self._is_mid_line:
            print(file=sys.stderr)
            self._is_mid_line = False

    def _cell(self, value: Any) -> str:
        """One value for people: words in their language, their local time."""
        if value is None:
            return "-"
        if isinstance(value, bool):
            return self.phrase("switches", "on" if value else "off")
        if isinstance(value, datetime):
            return f"{value.astimezone():%Y-%m-%d %H:%M:%S}"
        if section := _WORDS.get(type(value)):
            return self.phrase(section, value.value)
        shown = plain(value)
        return _printable(" ".join(map(str, shown)) if isinstance(shown, list) else str(shown))

    def fail(self, error: RelayError) -> None:
        """One clear sentence."""
        self.end_progress()
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


def _printable(text: str) -> str:
    """Text without what moves the cursor, ends a row or commands a terminal: it may be anybody's."""
    return text.translate(_CONTROLS)
