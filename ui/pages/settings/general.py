"""The card of general settings: language, look, what happens when the window closes, consent, practice."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QWidget

from desktop_relay.domain.settings import Setting, Value, format_setting

from ui.widgets.card import Card
from ui.widgets.number_field import NumberSpinBox
from ui.widgets.steady_combo_box import SteadyComboBox

_FIELD_WIDTH = 240
_FASTEST = 10_000


class General(Card):
    """``changed(key, text)`` when the user sets something; takes effect at once."""

    changed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("General"), parent)
        self.setProperty("panel", "true")
        self.language = self._combo(
            "ui.language", [("auto", self.tr("As the computer")), ("ja", "日本語"), ("en", "English")]
        )
        self.theme = self._combo(
            "ui.theme",
            [
                ("auto", self.tr("As the computer")),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
            ],
        )
        self.keep_sending = self._check(
            "ui.keep_sending", self.tr("&Go on sending when the window is closed")
        )
        self.keep_awake = self._check(
            "engine.keep_awake", self.tr("&Keep the computer awake while mail is due")
        )
        self.hold = self._check(
            "campaign.hold_without_consent", self.tr("&Hold mail to people without a record of consent")
        )
        self.faults = self._check(
            "sandbox.faults", self.tr("Let &refusals and lost connections happen in practice")
        )
        self._shown_speed = 0
        self.speed = NumberSpinBox()
        self.speed.setRange(1, _FASTEST)
        self.speed.lineEdit().setTextMargins(8, 0, 0, 0)
        self.speed.setSuffix(self.tr(" times"))
        self.speed.setProperty("key", "sandbox.speed")
        self.speed.editingFinished.connect(self._tell_speed)
        for field in (self.language, self.theme, self.speed):
            field.setFixedWidth(_FIELD_WIDTH)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.addRow(self.tr("&Language"), self.language)
        form.addRow(self.tr("L&ook"), self.theme)
        form.addRow("", self.keep_sending)
        form.addRow("", self.keep_awake)
        form.addRow("", self.hold)
        form.addRow("", self.faults)
        form.addRow(self.tr("Practice is &faster by"), self.speed)
        self.body.addLayout(form)

    def _combo(self, key: str, choices: list[tuple[str, str]]) -> QComboBox:
        combo = SteadyComboBox()
        combo.setProperty("key", key)
        for value, words in choices:
            combo.addItem(words, value)
        combo.activated.connect(self._tell_choice)
        return combo

    def _check(self, key: str, words: str) -> QCheckBox:
        check = QCheckBox(words)
        check.setProperty("key", key)
        check.clicked.connect(self._tell_switch)
        return check

    def show_values(self, values: list[tuple[Setting, Value]]) -> None:
        """Fill the fields; tells nobody."""
        by_key = {setting.key: value for setting, value in values}
        for combo in (self.language, self.theme):
            combo.setCurrentIndex(combo.findData(by_key[str(combo.property("key"))]))
        for check in (self.keep_sending, self.keep_awake, self.hold, self.faults):
            check.setChecked(bool(by_key[str(check.property("key"))]))
        self._shown_speed = round(float(str(by_key["sandbox.speed"])))
        self.speed.setValue(self._shown_speed)

    def _tell_choice(self, _index: int) -> None:
        combo = self.sender()
        if isinstance(combo, QComboBox):
            self.changed.emit(str(combo.property("key")), str(combo.currentData()))

    def _tell_switch(self, on: bool) -> None:
        check = self.sender()
        if isinstance(check, QCheckBox):
            self.changed.emit(str(check.property("key")), format_setting(on))

    def _tell_speed(self) -> None:
        if self.speed.value() != self._shown_speed:  # the keyboard only came by
            self._shown_speed = self.speed.value()
            self.changed.emit("sandbox.speed", str(self._shown_speed))
