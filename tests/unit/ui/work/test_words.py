"""Every string of these pages has its Japanese, with the same places to be filled in."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
CATALOGUES = ROOT / "resources" / "translations"
SOURCES = [
    *(
        path
        for folder in (
            "pages/address_book",
            "pages/templates",
            "pages/campaigns",
            "pages/settings",
            "dialogs",
        )
        for path in sorted((ROOT / "ui" / folder).glob("*.py"))
    ),
    ROOT / "ui" / "models" / "contact_table.py",
    ROOT / "ui" / "models" / "suppression_table.py",
    ROOT / "ui" / "field_words.py",
]
_PLACE = re.compile(r"\{[a-z]*\}|%n")
_MNEMONIC = re.compile(r"&([A-Za-z])")


def read(name: str) -> dict[tuple[str, str], list[str]]:
    """Context and source to the forms of the translation."""
    found: dict[tuple[str, str], list[str]] = {}
    for context in ET.parse(CATALOGUES / name).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            assert translation.get("type") is None, "unfinished"
            forms = [form.text or "" for form in translation.iter("numerusform")]
            key = (context.findtext("name") or "", message.findtext("source") or "")
            assert key not in found
            found[key] = forms or [translation.text or ""]
    return found


class Strings(ast.NodeVisitor):
    """What ``tr`` and ``translate`` are called with, by the class they stand in."""

    def __init__(self) -> None:
        self.context = ""
        self.found: set[tuple[str, str]] = set()
        self.odd: list[int] = []

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        before, self.context = self.context, node.name
        self.generic_visit(node)
        self.context = before

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Linguist does not look into f-strings."""
        calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
        self.odd += [c.lineno for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "tr"]
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name in ("tr", "translate"):
            words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if name == "tr" and words:
                self.found.add((self.context, words[0]))
            elif name == "translate" and len(words) == 2:
                self.found.add((words[0], words[1]))
            else:
                self.odd.append(node.lineno)
        self.generic_visit(node)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_string_has_its_japanese(path: Path) -> None:
    strings = Strings()
    strings.visit(ast.parse(path.read_text(encoding="utf-8")))
    assert strings.odd == []
    assert strings.found - read("work_ja.ts").keys() == set()


def test_nothing_is_translated_that_nobody_says() -> None:
    said: set[tuple[str, str]] = set()
    for path in SOURCES:
        strings = Strings()
        strings.visit(ast.parse(path.read_text(encoding="utf-8")))
        said |= strings.found
    assert read("work_ja.ts").keys() - said == set()


@pytest.mark.parametrize("name", ["work_ja.ts", "work_en.ts"])
def test_places_to_fill_in_are_the_same(name: str) -> None:
    for (_, source), forms in read(name).items():
        for form in forms:
            assert form.strip()
            assert Counter(_PLACE.findall(source)) == Counter(_PLACE.findall(form)), source


def test_keyboard_letters_are_the_same_in_both_languages() -> None:
    for (_, source), (form,) in read("work_ja.ts").items():
        assert [m.upper() for m in _MNEMONIC.findall(source)] == _MNEMONIC.findall(form), source


def test_every_count_has_its_english_plural() -> None:
    counted = {key for key, forms in read("work_ja.ts").items() if "%n" in key[1] or "%Ln" in key[1]}
    english = read("work_en.ts")
    assert english.keys() == counted
    assert all(len(forms) == 2 for forms in english.values())


def test_what_both_catalogues_say_they_say_alike() -> None:
    ours, frame = read("work_ja.ts"), read("frame_ja.ts")
    for key in ours.keys() & frame.keys():
        assert ours[key] == frame[key], key


def test_japanese_is_japanese() -> None:
    allowed = {"&HTML", "HTML", "{size} KB", ", ", "; "}
    for (_, source), (form,) in read("work_ja.ts").items():
        assert source in allowed or re.search(r"[぀-ヿ一-鿿]", form), source
