"""The fields of a route: filled from one, and read back into one."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QCheckBox, QLineEdit

from desktop_relay.domain.lane import HIGHEST_LIMIT
from desktop_relay.domain.route import Route, RouteKind, TlsMode

from ui.dialogs.route_choice import PORTS, SERVERS, Choice, HowCombo
from ui.dialogs.route_desk import Surroundings
from ui.dialogs.route_elsewhere import ElsewhereField
from ui.dialogs.route_members import Members
from ui.dialogs.route_rules import RuleList
from ui.dialogs.route_warmup import WarmupField
from ui.widgets.chooser import Chooser
from ui.widgets.number_field import DecimalSpinBox, NumberSpinBox
from ui.widgets.steady_combo_box import SteadyComboBox


class Controls(QObject):
    """One control for each field, none of them laid out."""

    def __init__(self, around: Surroundings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("for example: the shop's account"))
        self.how = HowCombo(around.providers)
        self.host = QLineEdit()
        self.host.setPlaceholderText("smtp.example.jp")
        self.tls = SteadyComboBox()
        self.tls.addItem(self.tr("Encrypted by STARTTLS (usual)"), TlsMode.STARTTLS)
        self.tls.addItem(self.tr("Encrypted from the start (TLS)"), TlsMode.TLS)
        self.tls.addItem(self.tr("Not encrypted"), TlsMode.NONE)
        self.port = self._number(65535, least=1)
        self.port.setValue(PORTS[TlsMode.STARTTLS])
        self.user = QLineEdit()
        self.client_id = QLineEdit()
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.daily = self._number(HIGHEST_LIMIT, self.tr("no limit"), self.tr(" messages a day"))
        self.hourly = self._number(HIGHEST_LIMIT, self.tr("no limit"), self.tr(" messages an hour"))
        self.rate = DecimalSpinBox()
        self.rate.setRange(0, HIGHEST_LIMIT)
        self.rate.setDecimals(3)
        self.rate.setSpecialValueText(self.tr("no limit"))
        self.rate.setSuffix(self.tr(" messages a second"))
        self.rate.lineEdit().setTextMargins(8, 0, 0, 0)
        self.connections = self._number(HIGHEST_LIMIT, self.tr("by itself"))
        self.warmup = WarmupField()
        self.elsewhere = ElsewhereField()
        if around.usage is not None:
            self.elsewhere.show_usage(around.usage)
        self.requiretls = QCheckBox(self.tr("Only to servers that &keep it encrypted (REQUIRETLS)"))
        self.ehlo_name = QLineEdit()
        self.ehlo_name.setPlaceholderText(self.tr("this computer's own name"))
        self.egress = QLineEdit()
        self.egress.setPlaceholderText(self.tr("chosen by the system"))
        accounts = [route for route in around.others if route.kind is RouteKind.SMARTHOST]
        self.members = Members(accounts)
        self.rules = RuleList(around.carriers)
        self.members.changed.connect(self._follow_members)
        self.fallback = Chooser("")
        self.fallback.addItem(self.tr("none: the campaign pauses then"), "")
        for route in around.others:
            if route.kind in (RouteKind.SMARTHOST, RouteKind.POOL):
                self.fallback.addItem(route.name, route.name)
        self.probe_to = QLineEdit()
        self.probe_to.setPlaceholderText("hanako@example.jp")
        self.tls.currentIndexChanged.connect(self._follow_tls)

    def _number(self, most: int, special: str = "", suffix: str = "", *, least: int = 0) -> NumberSpinBox:
        box = NumberSpinBox()
        box.setRange(least, most)
        box.setSpecialValueText(special)
        box.setSuffix(suffix)
        box.setGroupSeparatorShown(bool(suffix))
        box.lineEdit().setTextMargins(8, 0, 0, 0)
        return box

    def _follow_tls(self) -> None:
        self.port.setValue(PORTS[self.chosen_tls])

    def _follow_members(self) -> None:
        self.rules.set_accounts([member.route for member in self.members.members])

    @property
    def chosen_tls(self) -> TlsMode:
        """Qt hands a word back where an enumeration was put in."""
        return TlsMode(str(self.tls.currentData()))

    def follow_choice(self, choice: Choice) -> None:
        """A provider's server is known; another's is not."""
        if choice.is_known:
            self.host.setText(SERVERS[choice.provider])
            self.tls.setCurrentIndex(self.tls.findData(TlsMode.STARTTLS))
            self.port.setValue(PORTS[TlsMode.STARTTLS])
        elif self.host.text() in SERVERS.values():
            self.host.clear()

    def tell_password(self, *, kept: bool) -> None:
        """Whether one is kept for what is chosen."""
        text = self.tr("kept safely; leave empty to keep it") if kept else ""
        self.password.setPlaceholderText(text)

    def fill(self, route: Route) -> None:
        """Show a route that is kept."""
        self.name.setText(route.name)
        self.how.choose_of(route)
        self.host.setText(route.host)
        self.tls.setCurrentIndex(self.tls.findData(route.tls))
        self.port.setValue(route.port or PORTS[route.tls])
        self.user.setText(route.user)
        self.client_id.setText(route.client_id)
        self.daily.setValue(route.daily_quota or 0)
        self.hourly.setValue(route.hourly_quota or 0)
        self.rate.setValue(route.rate or 0)
        self.connections.setValue(route.max_connections or 0)
        self.requiretls.setChecked(route.requiretls)
        self.ehlo_name.setText(route.ehlo_name)
        self.egress.setText(route.egress)
        self.warmup.show_plan(route.warmup)
        self.members.show_members(route.members)
        self.rules.show_rules(route.rules)
        self.fallback.setCurrentIndex(max(0, self.fallback.findData(route.fallback)))

    def read(self, before: Route | None) -> Route:
        """What stands in the fields; what has none stays as ``before``. Raises ``BadInput`` (``rules``)."""
        choice = self.how.chosen
        base = before if before is not None and before.kind is choice.kind else Route("", choice.kind)
        route = replace(base, name=self.name.text().strip())
        if choice.kind is RouteKind.POOL:
            return replace(route, members=self.members.members, rules=self.rules.rules)
        route = replace(
            route,
            requiretls=self.requiretls.isChecked(),
            ehlo_name=self.ehlo_name.text().strip(),
            egress=self.egress.text().strip(),
            warmup=self.warmup.plan,
        )
        if choice.kind is RouteKind.DIRECT:
            return replace(route, fallback=str(self.fallback.currentData()))
        return replace(
            route,
            host=self.host.text().strip(),
            port=self.port.value(),
            tls=self.chosen_tls,
            user=self.user.text().strip(),
            oauth=choice.provider,
            client_id=self.client_id.text().strip() if choice.provider else "",
            rate=self.rate.value() or None,
            max_connections=self.connections.value() or None,
            daily_quota=self.daily.value() or None,
            hourly_quota=self.hourly.value() or None,
        )
