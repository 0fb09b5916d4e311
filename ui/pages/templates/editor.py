"""The editor of one template: name, subject, HTML and text, merge fields, attachments."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QTextCursor, QTextFormat
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QTabWidget,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop_relay.domain.template import Template, on_one_line

from ui.dialogs.file_choice import ask_for_files
from ui.pages.templates.source_edit import SourceEdit
from ui.theme import colours
from ui.widgets.flow_layout import FlowLayout

PAUSE_MILLISECONDS = 350
_WORDS_OF_THE_LANGUAGE = frozenset(
    ("and", "else", "false", "if", "in", "is", "loop", "none", "not", "or", "recursive", "true")
)


class Editor(QWidget):
    """``edited`` a moment after the last change; ``template`` is what stands in the fields."""

    edited = Signal()
    touched = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._attachments: tuple[str, ...] = ()
        self._loading = False
        self.name = QLineEdit()
        self.subject = QLineEdit()
        self.html = SourceEdit(self.tr("HTML source"))
        self.text = SourceEdit(self.tr("Plain text"))
        self.text.setPlaceholderText(self.tr("Left empty, the text is made from the HTML."))
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.html, self.tr("&HTML"))
        self.tabs.addTab(self.text, self.tr("&Text"))
        self.fields_button = self._make_fields_button()
        self.tabs.setCornerWidget(self.fields_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addLayout(self._make_form())
        column.addWidget(self.tabs, 1)
        column.addLayout(self._make_attachment_row())
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self.edited)
        for field in (self.name, self.subject):
            field.textEdited.connect(self._touch)
        for source in (self.html, self.text):
            source.textChanged.connect(self._touch)
        self._last: QWidget = self.html
        for written in (self.subject, self.html, self.text):
            written.installEventFilter(self)

    # -- making

    def _make_form(self) -> QFormLayout:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("&Name"), self.name)
        form.addRow(self.tr("Sub&ject"), self.subject)
        return form

    def _make_fields_button(self) -> QPushButton:
        button = QPushButton(self.tr("Insert &field"))
        button.setToolTip(self.tr("Put something of each person into the mail, such as the name"))
        button.setProperty("hasMenu", "true")
        # the field that had the focus is where the text goes
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setMenu(QMenu(button))
        return button

    def _make_attachment_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._chips = QWidget()
        self._chip_flow = FlowLayout(self._chips)
        self.attach_button = QPushButton(self.tr("&Attach…"))
        self.attach_button.clicked.connect(self._choose_files)
        row.addWidget(self.attach_button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._chips, 1)
        return row

    # -- what it holds

    @property
    def template(self) -> Template:
        """What stands in the fields."""
        return Template(
            on_one_line(self.name.text()),
            on_one_line(self.subject.text()),
            self.html.source,
            self.text.source,
            self._attachments,
        )

    def show_template(self, template: Template) -> None:
        """Fill the fields; tells nobody."""
        self._loading = True
        for field, text in ((self.name, template.name), (self.subject, template.subject)):
            field.setText(text)
            field.setCursorPosition(0)
        self.html.setPlainText(template.html)
        self.text.setPlainText(template.text)
        self.tabs.setCurrentWidget(self.html if template.html else self.text)
        self._show_attachments(template.attachments)
        self._loading = False
        self._pause.stop()

    def set_fields(self, people: list[tuple[str, str]], sender: list[tuple[str, str]]) -> None:
        """The merge fields to offer: their name in the template, and what people call them."""
        menu = self.fields_button.menu()
        menu.clear()
        for place, names in enumerate((people, sender)):
            if place:
                menu.addSeparator()
            for name, words in names:
                action = QAction(words.replace("&", "&&"), menu)
                action.setData(name)
                action.triggered.connect(partial(self.insert_field, name))
                menu.addAction(action)

    def show_line(self, part: str, line: int) -> None:
        """Put the cursor where a mistake is, and mark the line until something is written."""
        if part == "subject":
            self.subject.setFocus()
            return
        source = self.html if part == "html" else self.text
        self.tabs.setCurrentWidget(source)
        cursor = QTextCursor(source.document().findBlockByNumber(max(line - 1, 0)))
        source.setTextCursor(cursor)
        source.centerCursor()
        mark = QTextEdit.ExtraSelection()
        mark.cursor = cursor
        mark.format.setBackground(QColor(colours().bad_soft))
        mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        source.setExtraSelections([mark])
        source.setFocus()

    # -- happenings

    def _touch(self, *_text: str) -> None:
        if not self._loading:
            for source in (self.html, self.text):
                source.setExtraSelections([])
            self.touched.emit()
            self._pause.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Remember which field was written in last."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self._last = watched
        return super().eventFilter(watched, event)

    def insert_field(self, name: str, *_checked: bool) -> None:
        """Write a merge field where the cursor was last."""
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        is_word = name.isidentifier() and name.lower() not in _WORDS_OF_THE_LANGUAGE
        chip = f"{{{{ {name} }}}}" if is_word else f'{{{{ field("{quoted}") }}}}'
        if self._last is self.subject:
            self.subject.insert(chip)
            self.subject.setFocus()
            self._touch()
            return
        source = self.text if self.tabs.currentWidget() is self.text else self.html
        source.insertPlainText(chip)
        source.setFocus()

    def _choose_files(self) -> None:
        dialog = ask_for_files(self.window(), self.tr("Attach files"), [], many=True)
        dialog.filesSelected.connect(self.attach)
        dialog.open()

    def attach(self, paths: list[str]) -> None:
        """Add files to what goes with every mail."""
        self._show_attachments(tuple(dict.fromkeys((*self._attachments, *paths))))
        self._touch()

    def _detach(self, gone: str, *_checked: bool) -> None:
        self._show_attachments(tuple(path for path in self._attachments if path != gone))
        self._touch()

    def _show_attachments(self, paths: tuple[str, ...]) -> None:
        self._attachments = paths
        while (item := self._chip_flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for path in paths:
            chip = QPushButton(f"{Path(path).name}  ×")
            chip.setProperty("filterChip", "true")
            chip.setToolTip(path)
            chip.setAccessibleName(self.tr("Remove the attachment {name}").format(name=Path(path).name))
            chip.clicked.connect(partial(self._detach, path))
            self._chip_flow.addWidget(chip)
