"""A route: where mail goes next, with a test of the connection before it is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.probe import ProbeResult
from desktop_relay.domain.route import Route, RouteKind, TlsMode

from ui.context import Context
from ui.widgets.labels import label
from ui.widgets.notice import Notice

Probe = Callable[[Route, str | None], Awaitable[ProbeResult]]
_PORTS = {TlsMode.STARTTLS: 587, TlsMode.TLS: 465, TlsMode.NONE: 25}


class RouteDialog(QDialog):
    """``wanted(Route, password | None)`` when it shall be kept; opened, never executed."""

    wanted = Signal(object, object)

    def __init__(
        self,
        context: Context,
        probe: Probe,
        route: Route | None = None,
        *,
        has_password: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._probe = probe
        self._route = route
        self.setWindowTitle(self.tr("Mail server") if route else self.tr("New mail server"))
        self.setMinimumWidth(520)
        self._make_fields(has_password)
        self.notice = Notice("", closable=False)
        self.notice.hide()
        self.test_button = QPushButton(self.tr("&Test the connection"))
        self.test_button.setAutoDefault(False)
        self.test_button.clicked.connect(self._test)
        self.buttons = QDialogButtonBox()
        self.save_button = self.buttons.addButton(self.tr("&Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.save_button.setProperty("role", "primary")
        cancel = self.buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setAutoDefault(False)
        self.buttons.accepted.connect(self._want)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(12)
        hint = self.tr("Your provider's page tells these; a test sends no mail.")
        column.addWidget(label(hint, "secondary", wrap=True))
        column.addLayout(self._form)
        column.addWidget(self.notice)
        row = QHBoxLayout()
        row.addWidget(self.test_button)
        row.addStretch(1)
        row.addWidget(self.buttons)
        column.addLayout(row)
        self._show(route)
        self._follow_kind()

    def _make_fields(self, has_password: bool) -> None:
        self.name = QLineEdit()
        self.kind = QComboBox()
        self.kind.addItem(self.tr("Through an account (SMTP server)"), RouteKind.SMARTHOST)
        self.kind.addItem(self.tr("Straight to each recipient's server"), RouteKind.DIRECT)
        self.host = QLineEdit()
        self.host.setPlaceholderText("smtp.example.jp")
        self.tls = QComboBox()
        self.tls.addItem(self.tr("Encrypted by STARTTLS (usual)"), TlsMode.STARTTLS)
        self.tls.addItem(self.tr("Encrypted from the start (TLS)"), TlsMode.TLS)
        self.tls.addItem(self.tr("Not encrypted"), TlsMode.NONE)
        self.port = QSpinBox()
        self.port.setRange(1, 65535)
        self.user = QLineEdit()
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText(
            self.tr("kept safely; leave empty to keep it") if has_password else ""
        )
        self.rate = QDoubleSpinBox()
        self.rate.setRange(0, 1000)
        self.rate.setDecimals(1)
        self.rate.setSpecialValueText(self.tr("no limit"))
        self.rate.setSuffix(self.tr(" messages a second"))
        self.connections = QSpinBox()
        self.connections.setRange(0, 100)
        self.connections.setSpecialValueText(self.tr("by itself"))
        for box in (self.port, self.rate, self.connections):
            box.lineEdit().setTextMargins(8, 0, 0, 0)
        self._form = QFormLayout()
        for words, field in (
            (self.tr("&Name"), self.name),
            (self.tr("&How"), self.kind),
            (self.tr("Ser&ver"), self.host),
            (self.tr("&Encryption"), self.tls),
            (self.tr("&Port"), self.port),
            (self.tr("&User name"), self.user),
            (self.tr("Pass&word"), self.password),
            (self.tr("Pa&ce at most"), self.rate),
            (self.tr("C&onnections at most"), self.connections),
        ):
            self._form.addRow(words, field)
        self.kind.currentIndexChanged.connect(self._follow_kind)
        self.tls.currentIndexChanged.connect(self._follow_tls)

    def _show(self, route: Route | None) -> None:
        if route is None:
            self.port.setValue(_PORTS[TlsMode.STARTTLS])
            return
        self.name.setText(route.name)
        self.name.setReadOnly(True)
        self.kind.setCurrentIndex(max(0, self.kind.findData(route.kind)))
        self.host.setText(route.host)
        self.tls.setCurrentIndex(self.tls.findData(route.tls))
        self.port.setValue(route.port or _PORTS[route.tls])
        self.user.setText(route.user)
        self.rate.setValue(route.rate or 0)
        self.connections.setValue(route.max_connections or 0)

    # Qt hands a word back where an enumeration was put in

    @property
    def _chosen_kind(self) -> RouteKind:
        return RouteKind(str(self.kind.currentData()))

    @property
    def _chosen_tls(self) -> TlsMode:
        return TlsMode(str(self.tls.currentData()))

    @property
    def route(self) -> Route:
        """What stands in the fields."""
        direct = self._chosen_kind is RouteKind.DIRECT
        return Route(
            name=self.name.text().strip(),
            kind=self._chosen_kind,
            host="" if direct else self.host.text().strip(),
            port=0 if direct else self.port.value(),
            tls=self._chosen_tls,
            user="" if direct else self.user.text().strip(),
            rate=self.rate.value() or None,
            max_connections=self.connections.value() or None,
            ehlo_name=self._route.ehlo_name if self._route else "",
        )

    @property
    def typed_password(self) -> str | None:
        """The password, or ``None`` when the kept one stays."""
        return self.password.text() or None

    def _follow_kind(self) -> None:
        through_account = self._chosen_kind is RouteKind.SMARTHOST
        for field in (self.host, self.tls, self.port, self.user, self.password):
            self._form.setRowVisible(field, through_account)

    def _follow_tls(self) -> None:
        self.port.setValue(_PORTS[self._chosen_tls])

    def _test(self) -> None:
        self._context.tasks.start(self._run_test())

    async def _run_test(self) -> None:
        self.test_button.setEnabled(False)
        self.notice.show_text(self.tr("Connecting…"), "info")
        try:
            found = await self._probe(self.route, self.typed_password)
        except RelayError as error:
            self.notice.show_text(self._context.describe(error), "bad")
        else:
            self._show_found(found)
        finally:
            self.test_button.setEnabled(True)

    def _show_found(self, found: ProbeResult) -> None:
        if not found.ok:
            self.notice.show_text(self._why_not(found), "bad")
            return
        sentences = [self.tr("The server answers.")]
        sentences.append(
            self.tr("The line is encrypted ({tls}).").format(tls=found.tls)
            if found.tls
            else self.tr("The line is not encrypted.")
        )
        if found.auth:
            sentences.append(self.tr("The login was taken."))
        self.notice.show_text(" ".join(sentences), "good")

    def _why_not(self, found: ProbeResult) -> str:
        """Ours first, then what the server or the system said."""
        code = found.problem.value
        known = self._context.has_phrase("reasons", code)
        why = self._context.phrase("reasons", code) if known else self.tr("The server cannot be used so.")
        return (
            self.tr("{why} (it says: {detail})").format(why=why, detail=found.detail) if found.detail else why
        )

    def _want(self) -> None:
        self.wanted.emit(self.route, self.typed_password)

    def show_error(self, error: RelayError) -> None:
        """It could not be kept."""
        self.notice.show_text(self._context.describe(error), "bad")
