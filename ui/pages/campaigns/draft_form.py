"""The form of a draft in four steps: to whom, what, from whom and how, how carefully."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop_relay.domain.campaign import Draft
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.domain.template import on_one_line

from ui import wording
from ui.pages.campaigns.canary_choice import CanaryChoice
from ui.pages.campaigns.presenter import Ingredients, Written, written_of
from ui.widgets.card import hairline
from ui.widgets.chooser import Chooser
from ui.widgets.labels import label

PAUSE_MILLISECONDS = 400
_ROLE = Qt.ItemDataRole.UserRole
_LIST_ROW = 26
_LIST_ROWS = (1, 6)


class DraftForm(QScrollArea):
    """``touched`` at each change, ``edited`` a moment later; ``wanted(page, argument)`` for what lacks."""

    edited = Signal()
    touched = Signal()
    wanted = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filling = False
        self._wanted = Written("", (), "", None, "", "")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._make_fields()
        content = QWidget()
        content.setProperty("scrollBody", "true")
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 14, 16, 14)
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setVerticalSpacing(10)
        self._form.setHorizontalSpacing(14)
        self._lay_out()
        column.addLayout(self._form)
        column.addStretch(1)
        self.setWidget(content)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self.edited)
        self._listen()

    # -- making

    def _make_fields(self) -> None:
        self.name = QLineEdit()
        self.name.setToolTip(self.tr("Only you see it"))
        self.lists = QListWidget()
        self.lists.setAccessibleName(self.tr("Lists"))
        self.lists.setFrameShape(QFrame.Shape.NoFrame)
        self.template = Chooser(self.tr("Template"), letters=8)
        self.subject = QLineEdit()
        self.subject.setPlaceholderText(self.tr("the template's subject"))
        self.sender_box = Chooser(self.tr("Sender"), letters=8)
        self.route = Chooser(self.tr("Mail server"), letters=8)
        self.canary = CanaryChoice()
        self._import = self._make_link(self.tr("Import a list first…"), "address_book", "import")
        self._design = self._make_link(self.tr("Make a template first…"), "templates", None)
        self._sender_link = self._make_link(self.tr("Add a sender…"), "settings", "senders")
        self._route_link = self._make_link(self.tr("Add a mail server…"), "settings", "routes")

    def _lay_out(self) -> None:
        form = self._form
        form.addRow(self.tr("&Name"), self.name)
        self._add_heading(self.tr("1. To whom"))
        form.addRow(self.tr("&Lists"), self.lists)
        form.addRow("", self._import)
        self._add_heading(self.tr("2. What"))
        form.addRow(self.tr("Te&mplate"), self.template)
        form.addRow("", self._design)
        form.addRow(self.tr("Sub&ject"), self.subject)
        self._add_heading(self.tr("3. From whom, and how"))
        form.addRow(self.tr("Sende&r"), self.sender_box)
        form.addRow("", self._sender_link)
        form.addRow(self.tr("Mail ser&ver"), self.route)
        form.addRow("", self._route_link)
        self._add_heading(self.tr("4. To be on the safe side"))
        form.addRow(self.canary)  # beside a label there is no room for it in a small window

    def _add_heading(self, words: str) -> None:
        self._form.addRow(hairline())
        self._form.addRow(label(words, "heading"))

    def _make_link(self, words: str, page: str, argument: object) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("role", "link")
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.clicked.connect(partial(self._ask, page, argument))
        return button

    def _listen(self) -> None:
        for field in (self.name, self.subject):
            field.textEdited.connect(self._touch)
        for combo in (self.template, self.sender_box, self.route):
            combo.activated.connect(self._touch)
        self.lists.itemChanged.connect(self._touch)
        self.canary.changed.connect(self._touch)

    def _ask(self, page: str, argument: object, *_checked: bool) -> None:
        self.wanted.emit(page, argument)

    def _touch(self, *_what: object) -> None:
        if not self._filling:
            self._pause.start()
            self.touched.emit()

    def take_pending(self) -> bool:
        """Whether something was written that nobody was told of yet; afterwards it counts as told."""
        pending = self._pause.isActive()
        self._pause.stop()
        return pending

    # -- what it holds

    def set_ingredients(self, found: Ingredients) -> None:
        """Offer what there is, and keep what was chosen."""
        self._filling = True
        chosen = self.written
        self._fill_lists(found)
        self.canary.usual = found.canary_minutes
        self._fill(self.template, [(row.name, row.name) for row in found.templates])
        self._fill(
            self.sender_box,
            [(f"{s.name} <{s.address}>" if s.name else s.address, s.address) for s in found.senders],
        )
        self._fill(self.route, [(self._route_words(route), route.name) for route in found.routes])
        for link, missing in (
            (self._import, not found.lists),
            (self._design, not found.templates),
            (self._sender_link, not found.senders),
            (self._route_link, len(found.routes) == 1),
        ):
            self._form.setRowVisible(link, missing)
        self._choose(chosen, usual=0)
        self._filling = False

    def _fill_lists(self, found: Ingredients) -> None:
        self.lists.clear()
        for row in found.lists:
            item = QListWidgetItem(
                self.tr("{name} ({n} people)").format(name=row.name, n=wording.number(row.count))
            )
            item.setData(_ROLE, row.name)
            item.setSizeHint(QSize(60, _LIST_ROW))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.lists.addItem(item)
        fewest, most = _LIST_ROWS
        self.lists.setFixedHeight(min(max(len(found.lists), fewest), most) * _LIST_ROW + 4)
        self._form.setRowVisible(self.lists, bool(found.lists))

    def _route_words(self, route: Route) -> str:
        return self.tr("Practice (reaches nobody)") if route.kind is RouteKind.SANDBOX else route.name

    @staticmethod
    def _fill(combo: QComboBox, entries: list[tuple[str, str]]) -> None:
        combo.clear()
        for words, value in entries:
            combo.addItem(words, value)

    def _choose(self, written: Written, usual: int = -1) -> None:
        """``usual`` is the place of what stands where nothing was ever chosen."""
        self._wanted = written
        for row in range(self.lists.count()):
            item = self.lists.item(row)
            on = item.data(_ROLE) in written.lists
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        for combo, value in (
            (self.template, written.template),
            (self.sender_box, written.sender),
            (self.route, written.route),
        ):
            # what is gone is not replaced by something else: another mail would go out
            combo.setCurrentIndex(combo.findData(value) if value else min(usual, combo.count() - 1))

    @property
    def written(self) -> Written:
        """What stands in the fields."""
        chosen = tuple(
            str(self.lists.item(row).data(_ROLE))
            for row in range(self.lists.count())
            if self.lists.item(row).checkState() is Qt.CheckState.Checked
        )
        wanted = self._wanted
        return Written(
            on_one_line(self.name.text()) or self.name.placeholderText(),
            chosen,
            _chosen(self.template, wanted.template),
            on_one_line(self.subject.text()) or None,
            _chosen(self.sender_box, wanted.sender),
            _chosen(self.route, wanted.route),
            self.canary.minutes,
        )

    def show_written(self, written: Written) -> None:
        """Fill the fields; tells nobody."""
        self._filling = True
        for field, text in ((self.name, written.name), (self.subject, written.subject or "")):
            field.setText(text)
            field.setCursorPosition(0)
        self.name.setPlaceholderText(written.name)  # what it is called while nothing stands there
        self.canary.show_minutes(written.canary_minutes)
        self._choose(written)
        self._filling = False
        self._pause.stop()

    def begin(self, name: str) -> None:
        """An empty form with whatever there is only one of, or first of."""
        only = (str(self.lists.item(0).data(_ROLE)),) if self.lists.count() == 1 else ()
        first = [str(box.itemData(0) or "") for box in (self.template, self.sender_box, self.route)]
        self.show_written(Written(name, only, first[0], None, first[1], first[2]))
        self.name.setFocus()
        self.name.selectAll()

    def show_draft(self, draft: Draft) -> None:
        """Fill the fields from a draft."""
        self.show_written(written_of(draft))


def _chosen(box: QComboBox, gone: str) -> str:
    """What is chosen; with nothing chosen what was before it was ``gone``: it may come back."""
    return gone if box.currentIndex() < 0 else str(box.currentData() or "")
