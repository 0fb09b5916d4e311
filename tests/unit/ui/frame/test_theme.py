from __future__ import annotations

import re

import pytest

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from resources import locate

from ui.colours import DARK, LIGHT, Colours, Tone
from ui.theme import FONT_FAMILIES, apply_theme, body_font, colours, compose_style_sheet
from ui.widgets.icons import icon

TONES: tuple[Tone, ...] = ("good", "warn", "bad", "info", "neutral")


def _luminance(colour: str) -> float:
    parts = [channel / 255 for channel in QColor(colour).getRgb()[:3]]  # type: ignore[index]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("chosen", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_is_readable(chosen: Colours) -> None:
    grounds = (chosen.surface, chosen.background, chosen.sidebar, chosen.raised, chosen.selection)
    pairs = [(ink, ground) for ink in (chosen.text, chosen.secondary) for ground in grounds]
    pairs += [(chosen.link, ground) for ground in (chosen.surface, chosen.background)]
    pairs += [(chosen.on_accent, chosen.accent), (chosen.on_accent, chosen.accent_hover)]
    pairs += [(chosen.ink(tone), chosen.soft(tone)) for tone in TONES]
    pairs += [(chosen.ink(tone), chosen.surface) for tone in TONES]
    pairs += [(chosen.neutral, chosen.track), (chosen.bad, chosen.raised)]
    # chips stand on selected rows, transcripts and boxes too
    pairs += [(chosen.text, chosen.soft(tone)) for tone in TONES]
    too_weak = {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < 4.5}
    assert not too_weak


@pytest.mark.parametrize("chosen", [LIGHT, DARK], ids=["light", "dark"])
def test_bars_and_lines_are_visible(chosen: Colours) -> None:
    # WCAG 1.4.11 asks 3:1 of graphics; the pale parts are told apart by place and by words
    for tone in ("bad", "info"):
        assert contrast(chosen.fill(tone), chosen.surface) >= 3  # type: ignore[arg-type]


def test_palette_switches_live(qapp: QApplication) -> None:
    apply_theme(qapp, "dark")
    assert colours() is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.background
    apply_theme(qapp, "light")
    assert colours() is LIGHT
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == LIGHT.background


def test_japanese_fonts_are_named(qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    assert tuple(qapp.font().families()) == FONT_FAMILIES
    assert body_font().pointSizeF() == 10


@pytest.mark.parametrize("chosen", [LIGHT, DARK], ids=["light", "dark"])
def test_style_sheet_has_no_gaps(chosen: Colours) -> None:
    sheet = compose_style_sheet(chosen)
    assert "$" not in sheet
    for path in re.findall(r"url\(([^)]+)\)", sheet):
        assert path.endswith(".svg")
        assert locate("icons", path.rsplit("/", 1)[1]).is_file()


def test_every_icon_can_be_drawn(qapp: QApplication) -> None:
    names = [path.stem for path in locate("icons").glob("*.svg")]
    assert len(names) > 20
    for name in names:
        image = icon(name, "accent").pixmap(32, 32).toImage()
        inked = sum(image.pixelColor(x, y).alpha() > 0 for x in range(32) for y in range(32))
        assert inked > 5, name
