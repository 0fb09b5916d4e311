"""Writes ``docs/settings.md``: ``python -m tests.docs.settings``."""

from __future__ import annotations

from pathlib import Path

from desktop_relay.domain.settings import SETTINGS, Setting, format_setting
from resources.phrases import phrase

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"

_HEAD = """# Settings

The window has the everyday ones; every one can be read and changed by `desktop-relay config get KEY`,
`config set KEY VALUE` and `config list`. A running engine takes a change up at once. A list is written with
commas, a switch as `on` or `off`.

This page is made from the program: `python -m tests.docs.settings`.

| key | type | default | meaning | 意味 |
|---|---|---|---|---|
"""


def compose() -> str:
    """The page."""
    return _HEAD + "".join(_row(setting) for setting in SETTINGS.values())


def _row(setting: Setting) -> str:
    default = format_setting(setting.default)
    shown = f"`{default}`" if default else "(empty)"
    meanings = (phrase(language, "settings", setting.key) for language in ("en", "ja"))
    return f"| `{setting.key}` | {_type(setting)} | {shown} | {' | '.join(meanings)} |\n"


def _type(setting: Setting) -> str:
    if setting.choices:
        return ", ".join(f"`{choice}`" for choice in setting.choices)
    bounds = [f"{bound:,.10g}" for bound in (setting.minimum, setting.maximum) if bound is not None]
    return f"{setting.type.value}, {' to '.join(bounds)}" if bounds else setting.type.value


if __name__ == "__main__":
    PAGE.write_text(compose(), encoding="utf-8")
