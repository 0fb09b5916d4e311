"""Data files of the product, found through one function wherever the program is installed."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def locate(*parts: str) -> Path:
    """The path of a bundled file, e.g. ``locate("carriers", "carriers.toml")``."""
    return _HERE.joinpath(*parts)
