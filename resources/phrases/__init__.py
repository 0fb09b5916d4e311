"""Sentences for codes: errors, reasons, checks, states, settings; one file a language, the same keys in each.

The engine and the operations speak in codes with parameters; only the window and the command line
look a sentence up here. Words of the window's own widgets are Qt Linguist's.

Besides Python's own forms a place may choose the word that goes with its number, ``{people:person|people}``,
and name the sections that have the words for its code, ``{state:in campaign_states recipient_states}``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from string import Formatter
from typing import Any

from resources import locate

LANGUAGES = ("ja", "en")
_IN = "in "


@cache
def load_phrases(language: str) -> Mapping[str, Mapping[str, str]]:
    """All sections of a language: section name to code to sentence with ``{named}`` places."""
    merged: dict[str, dict[str, str]] = {}
    for path in sorted(locate("phrases", language).glob("*.toml")):
        for section, sentences in tomllib.loads(path.read_text(encoding="utf-8")).items():
            merged.setdefault(section, {}).update(sentences)
    return merged


def phrase(language: str, section: str, code: str, /, **params: object) -> str:
    """The sentence of ``code``; a code without one is shown as itself rather than hidden."""
    sentence = load_phrases(language).get(section, {}).get(code)
    if sentence is None:
        return code if not params else f"{code} {params}"
    detail = params.get("detail")
    if isinstance(detail, str):
        params["detail"] = load_phrases(language).get("system", {}).get(detail, detail)
    return _Formatter(language).vformat(sentence, (), _Params(params))


class _Formatter(Formatter):
    """Python's own, with the forms that only sentences have."""

    def __init__(self, language: str) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> Any:
        """The text for a place."""
        if format_spec.startswith(_IN):
            return self._word(str(value), format_spec.removeprefix(_IN).split())
        one, bar, many = format_spec.partition("|")
        if not bar:
            return super().format_field(value, format_spec)
        return one if str(value) == "1" else many

    def _word(self, text: str, sections: list[str]) -> str:
        """The word for a code, or for what stands before a colon; a text that is no code stays."""
        code, colon, rest = text.partition(": ")
        phrases = load_phrases(self._language)
        words = [phrases[section][code] for section in sections if code in phrases[section]]
        return f"{words[0]}{colon}{rest}" if words else text


class _Params(dict[str, object]):
    """Parameters in which a missing one reads as a dash, since a sentence is told in trouble, too."""

    def __missing__(self, name: str) -> str:
        return "–"
