"""The two palettes: every colour of the window by what it means, light and dark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["good", "warn", "bad", "info", "neutral"]
"""How a state feels; it always comes with a word."""


@dataclass(frozen=True, slots=True)
class Colours:
    """Hex colours. ``*_soft`` are backgrounds on which the tone of the same name is readable as text.

    ``*_fill`` are for bars and lines, where no text stands on them.
    """

    dark: bool
    accent: str
    accent_hover: str
    on_accent: str
    link: str
    text: str
    secondary: str
    hairline: str
    outline: str
    surface: str
    raised: str
    background: str
    sidebar: str
    selection: str
    track: str
    good: str
    warn: str
    bad: str
    info: str
    neutral: str
    good_soft: str
    warn_soft: str
    bad_soft: str
    info_soft: str
    neutral_soft: str
    good_fill: str
    warn_fill: str
    bad_fill: str
    info_fill: str
    neutral_fill: str

    def ink(self, tone: Tone) -> str:
        """The text colour of a tone."""
        return str(getattr(self, tone))

    def soft(self, tone: Tone) -> str:
        """The background tint of a tone."""
        return str(getattr(self, f"{tone}_soft"))

    def fill(self, tone: Tone) -> str:
        """The bar and line colour of a tone."""
        return str(getattr(self, f"{tone}_fill"))


LIGHT = Colours(
    dark=False,
    accent="#2563eb",
    accent_hover="#1d4fd0",
    on_accent="#ffffff",
    link="#1d55d6",
    text="#1b2333",
    secondary="#5a6376",
    hairline="#dfe3ea",
    outline="#c6ccd8",
    surface="#ffffff",
    raised="#f4f6f9",
    background="#f5f6f8",
    sidebar="#eceff5",
    selection="#e6edfd",
    track="#e3e6ec",
    good="#14713a",
    warn="#964b05",
    bad="#b3201d",
    info="#1d4fc4",
    neutral="#525b6e",
    good_soft="#e4f5ea",
    warn_soft="#fdf0dc",
    bad_soft="#fde8e7",
    info_soft="#e6edfd",
    neutral_soft="#edeff3",
    good_fill="#1f9d55",
    warn_fill="#d9820f",
    bad_fill="#d92d2a",
    info_fill="#2563eb",
    neutral_fill="#98a0af",
)

DARK = Colours(
    dark=True,
    accent="#2f6bec",
    accent_hover="#2a62dd",
    on_accent="#ffffff",
    link="#8fb4ff",
    text="#e7eaf0",
    secondary="#a3acbd",
    hairline="#333b49",
    outline="#465062",
    surface="#1d222b",
    raised="#262c37",
    background="#161a21",
    sidebar="#12161c",
    selection="#26375b",
    track="#333b49",
    good="#6fd49b",
    warn="#f0b35a",
    bad="#ff9b96",
    info="#9dbdff",
    neutral="#b4bccb",
    good_soft="#17352a",
    warn_soft="#3a2c15",
    bad_soft="#432325",
    info_soft="#202f52",
    neutral_soft="#2b323e",
    good_fill="#35b274",
    warn_fill="#e39a34",
    bad_fill="#e9605b",
    info_fill="#4f86f7",
    neutral_fill="#6d7788",
)
