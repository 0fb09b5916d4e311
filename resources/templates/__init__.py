"""Starter templates: a folder each with ``meta.toml``, ``body.html`` (may be missing) and ``body.txt``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from resources import locate

LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True)
class Starter:
    """A mail to begin with. ``key`` is the same in every language; an empty ``html`` makes a text mail."""

    key: str
    name: str
    description: str
    subject: str
    html: str
    text: str


def load_starters(language: str) -> list[Starter]:
    """The starters of a language in the order they are offered; those in English for any other language."""
    folder = locate("templates", language if language in LANGUAGES else "en")
    found = sorted((_load(path.parent) for path in folder.glob("*/meta.toml")), key=_order)
    return [starter for _, starter in found]


def _order(found: tuple[int, Starter]) -> int:
    return found[0]


def _load(folder: Path) -> tuple[int, Starter]:
    meta = tomllib.loads((folder / "meta.toml").read_text(encoding="utf-8"))
    html = folder / "body.html"
    starter = Starter(
        key=folder.name,
        name=meta["name"],
        description=meta["description"],
        subject=meta["subject"],
        html=html.read_text(encoding="utf-8") if html.exists() else "",
        text=(folder / "body.txt").read_text(encoding="utf-8"),
    )
    return meta["order"], starter
