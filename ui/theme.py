"""The look of the whole window: Fusion, our palettes, our fonts, and few style rules; switchable live."""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from resources import locate

from ui.colours import DARK, LIGHT, Colours

FONT_FAMILIES = ("Noto Sans CJK JP", "Yu Gothic UI", "Hiragino Sans")
MONOSPACE_FAMILIES = ("Noto Sans Mono CJK JP", "BIZ UDGothic", "Osaka-Mono", "monospace")
BODY_POINTS = 10

_DARK_PROPERTY = "desktopRelayDark"


def apply_theme(app: QApplication, mode: str) -> None:
    """Dress the application; ``mode`` is ``auto``, ``light`` or ``dark``. May be called again at any time."""
    dark = mode == "dark" or (mode == "auto" and _system_is_dark(app))
    app.setProperty(_DARK_PROPERTY, dark)
    chosen = DARK if dark else LIGHT
    if app.style().objectName() != "fusion" and not app.styleSheet():
        app.setStyle("Fusion")
    app.setFont(body_font())
    app.setPalette(compose_palette(chosen))
    app.setStyleSheet(compose_style_sheet(chosen))


def colours() -> Colours:
    """The colours in force."""
    app = QApplication.instance()
    return DARK if app is not None and app.property(_DARK_PROPERTY) else LIGHT


def body_font(points: float = BODY_POINTS, *, bold: bool = False) -> QFont:
    """The window's font. The families are named one by one: left alone, Latin and Japanese letters
    of one row come from two fonts."""
    font = QFont(list(FONT_FAMILIES))
    font.setPointSizeF(points)
    font.setBold(bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def monospace_font(points: float = 9) -> QFont:
    """The font of what servers said."""
    font = QFont(list(MONOSPACE_FAMILIES))
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPointSizeF(points)
    return font


def _system_is_dark(app: QApplication) -> bool:
    return app.styleHints().colorScheme() is Qt.ColorScheme.Dark


def compose_palette(chosen: Colours) -> QPalette:
    """The Qt palette of a set of colours."""
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, value in (
        (roles.Window, chosen.background),
        (roles.WindowText, chosen.text),
        (roles.Base, chosen.surface),
        (roles.AlternateBase, chosen.raised),
        (roles.Text, chosen.text),
        (roles.PlaceholderText, chosen.secondary),
        (roles.Button, chosen.surface),
        (roles.ButtonText, chosen.text),
        (roles.BrightText, chosen.bad),
        (roles.Highlight, chosen.accent),
        (roles.HighlightedText, chosen.on_accent),
        (roles.Link, chosen.link),
        (roles.LinkVisited, chosen.link),
        (roles.ToolTipBase, chosen.raised),
        (roles.ToolTipText, chosen.text),
        (roles.Light, chosen.raised),
        (roles.Midlight, chosen.hairline),
        (roles.Mid, chosen.outline),
        (roles.Dark, chosen.outline),
        (roles.Shadow, chosen.outline),
    ):
        palette.setColor(role, QColor(value))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(chosen.neutral_fill))
    return palette


def compose_style_sheet(chosen: Colours) -> str:
    """The style rules with the colours and the small arrow pictures filled in."""
    sheet = Template(locate("styles", "window.qss").read_text(encoding="utf-8"))
    pictures = locate("icons").as_posix()
    shade = "dark" if chosen.dark else "light"
    return sheet.substitute(asdict(chosen), icons=pictures, shade=shade)
