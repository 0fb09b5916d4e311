"""A sender: the address, name and what law and receivers want beside it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_relay.domain.errors import ErrorCode, RelayError
from desktop_relay.domain.identity import Identity

from ui.context import Context
from ui.widgets.labels import label
from ui.widgets.notice import Notice


class IdentityDialog(QDialog):
    """``wanted(Identity, seen | None)`` when it shall be kept, ``seen`` being how it was before.

    Opened, never executed. What was wanted is answered by closing it or by ``show_error``.
    """

    wanted = Signal(object, object)

    def __init__(
        self, context: Context, identity: Identity | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._seen = identity
        self._identity = identity or Identity(address="")
        self.setWindowTitle(self.tr("Sender") if identity else self.tr("New sender"))
        self.setMinimumWidth(520)
        self.address = QLineEdit(self._identity.address)
        self.address.setReadOnly(identity is not None)
        self.address.setPlaceholderText("shop@example.jp")
        self.name = QLineEdit(self._identity.name)
        self.reply_to = QLineEdit(self._identity.reply_to or "")
        self.reply_to.setPlaceholderText(self.tr("the same address"))
        self.postal = QLineEdit(self._identity.postal)
        self.mailto = QLineEdit(self._identity.unsubscribe_mailto or "")
        self.mailto.setPlaceholderText(self.tr("the reply address"))
        self.url = QLineEdit(self._identity.unsubscribe_url or "")
        self.url.setPlaceholderText("https://")
        form = QFormLayout()
        form.addRow(self.tr("Mail &address"), self.address)
        form.addRow(self.tr("&Name shown"), self.name)
        form.addRow(self.tr("&Replies go to"), self.reply_to)
        form.addRow(self.tr("&Postal address (shown by law)"), self.postal)
        form.addRow(self.tr("&Unsubscribe by mail to"), self.mailto)
        form.addRow(self.tr("Unsubscribe &link (if you have one)"), self.url)
        self.notice = Notice("", closable=False)
        self.notice.hide()
        buttons = QDialogButtonBox()
        self.save_button = buttons.addButton(self.tr("&Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.save_button.setProperty("role", "primary")
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._want)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(12)
        column.addWidget(
            label(
                self.tr("People see the name and address; the postal address goes into the footer."),
                "secondary",
                wrap=True,
            )
        )
        column.addLayout(form)
        column.addWidget(self.notice)
        column.addWidget(buttons)

    def _want(self) -> None:
        self.save_button.setEnabled(False)  # once: a second time it would not be what was seen any more
        wanted = replace(
            self._identity,
            address=self.address.text().strip(),
            name=self.name.text().strip(),
            reply_to=self.reply_to.text().strip() or None,
            postal=self.postal.text().strip(),
            unsubscribe_mailto=self.mailto.text().strip() or None,
            unsubscribe_url=self.url.text().strip() or None,
        )
        self.wanted.emit(wanted, self._seen)

    def show_error(self, error: RelayError) -> None:
        """It could not be kept."""
        self.save_button.setEnabled(True)
        self.notice.show_text(self._describe(error), "bad")

    def _describe(self, error: RelayError) -> str:
        if error.code is ErrorCode.NAME_TAKEN:
            return self.tr("This sender is there already. Close this and edit it in the list.")
        if error.code is ErrorCode.ADDRESS_INVALID and not error.params.get("address"):
            return self.tr("Write the mail address that the mail comes from, such as shop@example.jp.")
        if error.params.get("field") == "unsubscribe_url":
            return self.tr(
                "The link to unsubscribe begins with https:// and has neither spaces nor Japanese letters "
                "in it. Without one, leave it empty."
            )
        return self._context.describe(error)
