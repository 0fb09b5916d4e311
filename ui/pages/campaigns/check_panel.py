"""The right column: who gets it, what to mend before sending, and a test mail to oneself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_relay.operations.campaigns import Audience

from ui import wording
from ui.pages.campaigns.lane_ends import LaneEnds
from ui.pages.campaigns.presenter import Finding
from ui.widgets.card import hairline
from ui.widgets.chip import Chip
from ui.widgets.labels import label
from ui.widgets.side_panel import SidePanel


class CheckPanel(SidePanel):
    """``test_wanted(address)``; ``remedy_wanted(page, argument)`` where a finding can be mended."""

    test_wanted = Signal(str)
    remedy_wanted = Signal(str, object)

    def __init__(self, address: str = "", parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Before sending"), parent=parent)
        self.people = label("", "figure")
        self.people_note = label("", "secondary", wrap=True)
        self.ends = LaneEnds()
        self._findings = QVBoxLayout()
        self._findings.setSpacing(8)
        self.body.addWidget(self.people)
        self.body.addWidget(self.people_note)
        self.body.addWidget(self.ends)
        self.body.addWidget(hairline())
        self.body.addLayout(self._findings)
        self.body.addWidget(hairline())
        self.body.addWidget(label(self.tr("A mail to yourself"), "heading"))
        self.body.addLayout(self._make_test_rows(address))
        self.body.addStretch(1)

    def _make_test_rows(self, address: str) -> QVBoxLayout:
        self.address = QLineEdit(address)
        self.address.setPlaceholderText("you@example.jp")
        self.address.setAccessibleName(self.tr("Your own address"))
        self.address.returnPressed.connect(self._want_test)
        self.address.textChanged.connect(self._follow_address)
        self.test_button = QPushButton(self.tr("Send a tes&t"))
        self.test_button.clicked.connect(self._want_test)
        self._ready = False
        self._busy = False
        rows = QVBoxLayout()  # beside the button an address could not be read in a small window
        rows.setSpacing(8)
        rows.addWidget(self.address)
        rows.addWidget(self.test_button, 0, Qt.AlignmentFlag.AlignRight)
        return rows

    def set_ready(self, ready: bool) -> None:
        """A test needs a draft that was kept."""
        self._ready = ready
        self._follow_address()

    def set_busy(self, busy: bool) -> None:
        """A test is being handed over."""
        self._busy = busy
        self._follow_address()

    def _follow_address(self, _text: str = "") -> None:
        self.test_button.setEnabled(self._ready and not self._busy and bool(self.address.text().strip()))

    def _want_test(self) -> None:
        if self.test_button.isEnabled():
            self.test_wanted.emit(self.address.text().strip())

    # -- who gets it

    def show_audience(self, found: Audience | None) -> None:
        """How many people, and why others are left out."""
        if found is None:
            self.people.setText("—")
            self.people_note.setText(self.tr("Choose a list."))
            self.people_note.show()
            return
        self.people.setText(self.tr("{n} people").format(n=wording.number(found.reached)))
        notes = []
        if found.held:
            notes.append(self.tr("{n} held: no record of consent").format(n=wording.number(found.held)))
        if found.suppressed:
            notes.append(self.tr("{n} suppressed").format(n=wording.number(found.suppressed)))
        self.people_note.setText(" · ".join(notes))
        self.people_note.setVisible(bool(notes))

    # -- findings

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """One row per finding, the gravest first."""
        _empty(self._findings)
        for finding in findings:
            self._findings.addWidget(self._make_finding(finding))

    def _make_finding(self, finding: Finding) -> QWidget:
        words = {"bad": self.tr("Mend"), "warn": self.tr("Mind"), "good": self.tr("Good")}
        entry = QWidget()
        row = QHBoxLayout(entry)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        chip = Chip(words[finding.tone], finding.tone)
        chip.setMinimumWidth(max(Chip(word).sizeHint().width() for word in words.values()))
        chip.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(label(finding.sentence, wrap=True))
        if finding.page:
            link = QPushButton(self._remedy_words(finding.page))
            link.setProperty("role", "link")
            link.setAccessibleName(f"{link.text()}: {finding.sentence}")
            link.clicked.connect(partial(self._want_remedy, finding))
            texts.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(texts, 1)
        return entry

    def _remedy_words(self, page: str) -> str:
        return {
            "address_book": self.tr("See the people"),
            "settings": self.tr("Open the setting"),
            "templates": self.tr("Open the template"),
        }[page]

    def _want_remedy(self, finding: Finding, *_checked: bool) -> None:
        self.remedy_wanted.emit(finding.page, finding.argument)


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
