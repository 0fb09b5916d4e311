"""Numbers as people type them: over the words of an empty field, in full width, and not at all."""

from __future__ import annotations

import pytest

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QSpinBox

from ui.widgets.number_field import DecimalSpinBox, NumberSpinBox


def make(box: QSpinBox | QDoubleSpinBox, *, least: int = 0, special: str = "no limit") -> None:
    box.setRange(least, 1_000_000_000)
    box.setSpecialValueText(special)
    box.setSuffix(" mails a day")
    box.setGroupSeparatorShown(True)


@pytest.fixture
def number(qapp: QApplication) -> NumberSpinBox:
    made = NumberSpinBox()
    make(made)
    return made


@pytest.fixture
def decimal(qapp: QApplication) -> DecimalSpinBox:
    made = DecimalSpinBox()
    made.setDecimals(3)
    make(made)
    return made


def hand_over(box: QSpinBox | QDoubleSpinBox, text: str) -> None:
    """As an input method does when a person has chosen."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(box, event)


@pytest.mark.parametrize("at", [0, 3, len("no limit")])
def test_typing_takes_the_place_of_the_words(number: NumberSpinBox, at: int) -> None:
    number.lineEdit().setCursorPosition(at)  # where the mouse put it
    QTest.keyClicks(number, "1500")
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert number.value() == 1500
    assert number.text() == "1,500 mails a day"


@pytest.mark.parametrize("text", ["１５００", "１，５００", "1500"])
def test_full_width_digits_are_digits(number: NumberSpinBox, text: str) -> None:
    hand_over(number, text)
    number.interpretText()
    assert number.value() == 1500


def test_full_width_digits_in_the_midst_of_others(number: NumberSpinBox) -> None:
    number.setValue(19)
    number.lineEdit().setCursorPosition(1)
    hand_over(number, "２３")
    number.interpretText()
    assert number.value() == 1239


def test_an_emptied_field_means_the_words(number: NumberSpinBox) -> None:
    number.setValue(500)
    number.lineEdit().selectAll()
    QTest.keyClick(number, Qt.Key.Key_Delete)
    number.interpretText()
    assert (number.value(), number.text()) == (0, "no limit")


def test_without_words_an_emptied_field_goes_back(qapp: QApplication) -> None:
    number = NumberSpinBox()
    make(number, least=1, special="")
    number.setValue(587)
    number.clear()
    number.interpretText()
    assert number.value() == 587


@pytest.mark.parametrize("rubbish", ["abc", "-", "あいう", "no", "no limit no limit"])
def test_rubbish_changes_nothing(number: NumberSpinBox, rubbish: str) -> None:
    number.setValue(7)
    hand_over(number, rubbish)
    number.interpretText()
    assert number.value() == 7


def test_decimals(decimal: DecimalSpinBox) -> None:
    hand_over(decimal, "０．０３")
    decimal.interpretText()
    assert (decimal.value(), decimal.text()) == (0.03, "0.03 mails a day")
    decimal.setValue(2)
    assert decimal.text() == "2.0 mails a day"
    decimal.lineEdit().selectAll()
    QTest.keyClick(decimal, Qt.Key.Key_Delete)
    decimal.interpretText()
    assert decimal.text() == "no limit"
