"""Sentences for codes: errors, reasons, checks, states, settings; one file a language, the same keys in each.

The engine and the operations speak in codes with parameters; only the window and the command line
look a sentence up here. Words of the window's own widgets are Qt Linguist's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from resources import locate

LANGUAGES = ("ja", "en")


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
    return sentence.format_map(_Params(params))


class _Params(dict[str, object]):
    """Parameters in which a missing one reads as a dash, since a sentence is told in trouble, too."""

    def __missing__(self, name: str) -> str:
        return "–"
