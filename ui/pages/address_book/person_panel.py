"""The right column: the person, their fields, consent, and everything that was sent to them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_relay.domain.contact import STANDARD_FIELDS
from desktop_relay.domain.recipient import LedgerRow

from ui import wording
from ui.context import Context
from ui.destinations import QueueView
from ui.field_words import field_word
from ui.models.contact_table import consent_chip
from ui.pages.address_book.presenter import Person
from ui.states import RECIPIENT_TONES, recipient_word
from ui.widgets.card import hairline
from ui.widgets.chip import Chip
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import label
from ui.widgets.side_panel import SidePanel

_SHOWN_MAILS = 30
_LINK_WIDTH = 190
_CAPTION_WIDEST = 96
_IN_HEAD = ("email", "name", "kana", "honorific")


class PersonPanel(SidePanel):
    """``edit_wanted(id)``, ``suppress_wanted(address)``, ``allow_wanted(pattern)``, ``mail_wanted(view)``."""

    edit_wanted = Signal(int)
    suppress_wanted = Signal(str)
    allow_wanted = Signal(str)
    mail_wanted = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Person"), parent=parent)
        self._context = context
        self.person: Person | None = None
        self._hint = label(self.tr("Choose somebody on the left."), "secondary", wrap=True)
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._name = label("", "heading", wrap=True)
        self._address = label("", "secondary", wrap=True)
        self._address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._consent = Chip()
        self._legacy = Chip(self.tr("old mobile address: sent as it is"), "info")
        self._kept_away = Chip(tone="bad")
        self._fields = QVBoxLayout()
        self._fields.setSpacing(5)
        self._timeline = QVBoxLayout()
        self._timeline.setSpacing(6)
        for widget in (self._name, self._address):
            column.addWidget(widget)
        chips = QWidget()
        flow = FlowLayout(chips)
        for chip in (self._kept_away, self._legacy, self._consent):
            flow.addWidget(chip)
        column.addWidget(chips)
        column.addLayout(self._make_buttons())
        self._fields_head = label(self.tr("Fields"), "secondary")
        column.addWidget(self._fields_head)
        column.addLayout(self._fields)
        column.addWidget(label(self.tr("So far"), "secondary"))
        column.addLayout(self._timeline)
        self.body.addWidget(self._hint)
        self.body.addWidget(self._content)
        self.body.addStretch(1)
        self.show_person(None)

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        edit = QPushButton(self.tr("&Edit…"))
        edit.clicked.connect(self._want_edit)
        self._suppress = QPushButton(self.tr("Send &no mail"))
        self._suppress.clicked.connect(self._want_suppress)
        self._allow = QPushButton(self.tr("Send mail a&gain"))
        self._allow.clicked.connect(self._want_allow)
        for button in (edit, self._suppress, self._allow):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _want_edit(self) -> None:
        if self.person is not None:
            self.edit_wanted.emit(self.person.contact.id)

    def _want_suppress(self) -> None:
        if self.person is not None:
            self.suppress_wanted.emit(self.person.contact.email)

    def _want_allow(self) -> None:
        if self.person is not None and self.person.suppression is not None:
            self.allow_wanted.emit(self.person.suppression.pattern)

    def show_person(self, person: Person | None) -> None:
        """Show somebody, or nobody."""
        self.person = person
        self._hint.setVisible(person is None)
        self._content.setVisible(person is not None)
        if person is None:
            return
        contact = person.contact
        title = contact.name or contact.email
        self._name.setText(f"{title} {contact.fields.get('honorific', '')}".strip())
        kana = contact.fields.get("kana", "")
        self._address.setText(f"{contact.email}\n{kana}" if kana else contact.email)
        chip = consent_chip(contact)
        self._consent.show_state(chip.text, chip.tone)
        self._legacy.setVisible(contact.legacy)
        entry = person.suppression
        of_domain = entry is not None and entry.pattern != contact.key
        word = self.tr("gets no mail")
        if entry is not None and of_domain:
            word = self.tr("gets no mail: {pattern}").format(pattern=entry.pattern)
        self._kept_away.show_state(word, "bad")
        self._kept_away.setVisible(entry is not None)
        self._suppress.setVisible(entry is None)
        self._allow.setVisible(entry is not None and not of_domain)
        self._show_fields(person)
        self._show_timeline(person)

    def _show_fields(self, person: Person) -> None:
        _empty(self._fields)
        shown = {n: text for n, text in person.contact.fields.items() if text and n not in _IN_HEAD}
        self._fields_head.setVisible(bool(shown))
        captions = {name: label(field_word(name), "secondary", wrap=True) for name in shown}
        widths = (caption.fontMetrics().horizontalAdvance(caption.text()) for caption in captions.values())
        width = min(max(widths, default=0) + 2, _CAPTION_WIDEST)
        for name in sorted(shown, key=_standard_first):
            captions[name].setFixedWidth(width)
            value = label(shown[name], wrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            entry = QWidget()
            row = QHBoxLayout(entry)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(10)
            row.addWidget(captions[name], 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(value, 1)
            self._fields.addWidget(entry)

    def _show_timeline(self, person: Person) -> None:
        _empty(self._timeline)
        for row in person.timeline[:_SHOWN_MAILS]:
            self._timeline.addWidget(self._make_mail(row, person.campaigns.get(row.campaign, "")))
        if not person.timeline:
            self._timeline.addWidget(label(self.tr("No mail was sent yet."), "secondary", wrap=True))

    def _make_mail(self, row: LedgerRow, campaign: str) -> QWidget:
        entry = QWidget()
        column = QVBoxLayout(entry)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(hairline())
        line = QHBoxLayout()
        when = wording.day_and_time(row.updated_at, self._context.workspace.now())
        line.addWidget(label(when, "secondary"))
        line.addStretch(1)
        line.addWidget(Chip(recipient_word(row.state), RECIPIENT_TONES[row.state]))
        column.addLayout(line)
        name = campaign or self.tr("Test mail")
        link = QPushButton(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, _LINK_WIDTH))
        link.setProperty("role", "link")
        link.setAccessibleName(self.tr("See this mail in the queue: {name}").format(name=name))
        link.setToolTip(name)
        link.clicked.connect(partial(self._want_mail, QueueView(row.campaign, None, row.address)))
        column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        return entry

    def _want_mail(self, view: QueueView, *_checked: bool) -> None:
        self.mail_wanted.emit(view)


def _empty(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def _standard_first(name: str) -> tuple[int, str]:
    return (STANDARD_FIELDS.index(name) if name in STANDARD_FIELDS else len(STANDARD_FIELDS)), name
