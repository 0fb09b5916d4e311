"""The DNS records that publish a sender's DKIM keys, ready to be copied."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_relay.operations.identities import zone_line

from ui.theme import monospace_font
from ui.widgets.labels import label
from ui.widgets.notice import Notice


class DnsDialog(QDialog):
    """Shows what to publish; changes nothing."""

    def __init__(self, domain: str, records: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Signature (DKIM) of {domain}").format(domain=domain))
        self.resize(680, 420)
        self._text = "\n\n".join(zone_line(name, text) for name, text in records)
        shown = QPlainTextEdit(self._text, readOnly=True)
        shown.setAccessibleName(self.tr("DNS records"))
        shown.setFont(monospace_font())
        shown.setTabChangesFocus(True)
        explanation = label(
            self.tr(
                "Give these lines to whoever looks after your domain. Once they are published, receivers "
                "can see that the mail is really yours. The keys stay on this computer."
            ),
            wrap=True,
        )
        self.notice = Notice("", "good", closable=False)
        self.notice.hide()
        buttons = QDialogButtonBox()
        self.copy = copy = QPushButton(self.tr("&Copy"))
        copy.setProperty("role", "primary")
        copy.clicked.connect(self._copy)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(12)
        column.addWidget(explanation)
        column.addWidget(shown, 1)
        column.addWidget(self.notice)
        column.addWidget(buttons)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self.notice.show_text(self.tr("Copied."), "good")
