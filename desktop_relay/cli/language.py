"""Which language the command line speaks: the option, the setting, else the locale's."""

from __future__ import annotations

import locale
import os
from pathlib import Path

from desktop_relay.domain.errors import RelayError
from desktop_relay.store.database import open_library
from desktop_relay.store.settings import load_settings


def choose_language(option: str | None, directory: Path | None) -> str:
    """``ja`` or ``en``."""
    if option:
        return option
    setting = _setting(directory)
    return setting if setting in ("ja", "en") else _of_locale()


def _setting(directory: Path | None) -> str:
    # a folder that cannot be entered is told by the command, not here
    if directory is None or not os.path.isfile(directory / "library.db"):  # noqa: PTH113
        return "auto"
    try:
        with open_library(directory, read_only=True) as library:
            return str(load_settings(library)["ui.language"])
    except RelayError:
        return "auto"  # the command itself will say what is wrong with the directory


def _of_locale() -> str:
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    name = name or locale.getlocale()[0] or ""
    return "ja" if name.lower().startswith("ja") else "en"
