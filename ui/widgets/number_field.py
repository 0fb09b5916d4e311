"""Fields for numbers that take them as people in Japan type them, and as people leave them empty."""

from __future__ import annotations

import unicodedata

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox

from ui.widgets.steady import Steady

_Found = tuple[QValidator.State, str, int]


def _as_typed(text: str, at: int, box: QSpinBox | QDoubleSpinBox) -> tuple[str, int]:
    """With digits of full width made plain, and without the words of an empty field where something was typed
    into them; ``at`` is the place of the cursor. The suffix comes back by itself."""
    text, special = text.removesuffix(box.suffix()), box.specialValueText()
    more = len(text) - len(special)
    begin = at - more  # of what was typed
    if special and 0 <= begin <= len(special) and more > 0 and text[:begin] + text[at:] == special:
        text, at = text[begin:at], more
    before = unicodedata.normalize("NFKC", text[:at])
    return before + unicodedata.normalize("NFKC", text[at:]), len(before)


class NumberSpinBox(Steady, QSpinBox):
    """A whole number. Where words stand for the least one ("no limit"), typing takes their place, and an
    emptied field means them."""

    def validate(self, text: str, at: int) -> _Found:
        """Qt asks with every letter, also with what an input method hands over."""
        return super().validate(*_as_typed(text, at, self))

    def fixup(self, text: str) -> str:
        """What was left unfinished."""
        is_empty = bool(self.specialValueText()) and not text.removesuffix(self.suffix()).strip()
        return self.textFromValue(self.minimum()) if is_empty else super().fixup(text)


class DecimalSpinBox(Steady, QDoubleSpinBox):
    """The same for a number with decimals, shown without zeros at its end."""

    def validate(self, text: str, at: int) -> _Found:
        """Qt asks with every letter, also with what an input method hands over."""
        return super().validate(*_as_typed(text, at, self))

    def fixup(self, text: str) -> str:
        """What was left unfinished."""
        is_empty = bool(self.specialValueText()) and not text.removesuffix(self.suffix()).strip()
        return self.textFromValue(self.minimum()) if is_empty else super().fixup(text)

    def textFromValue(self, value: float) -> str:
        """Tenths at least."""
        text = super().textFromValue(value)
        whole, point, decimals = text.partition(self.locale().decimalPoint())
        return f"{whole}{point}{decimals[:1]}{decimals[1:].rstrip('0')}"
