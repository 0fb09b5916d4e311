"""The rows of the route dialog: the simple ones, the folded ones, and which of them a choice needs."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop_relay.domain.route import RouteKind

from ui.dialogs.route_choice import Choice
from ui.dialogs.route_controls import Controls
from ui.dialogs.route_form import RouteForm
from ui.dialogs.route_sign_in import SignInPanel

_SERVER = frozenset({"host", "tls", "port"})
_ACCOUNT = frozenset({"user", "password", "daily_quota"})
_SIGN_IN = frozenset({"client_id", "oauth"})
_LEAVING = frozenset({"warmup", "elsewhere", "requiretls", "ehlo_name", "egress"})
_ADVANCED = {
    RouteKind.SMARTHOST: _LEAVING | {"hourly_quota", "rate", "max_connections"},
    RouteKind.DIRECT: _LEAVING,
    RouteKind.POOL: frozenset[str](),
}


def simple_rows(choice: Choice, *, unfolded: bool) -> frozenset[str]:
    """What everybody sees; a server that is known anyhow only when the rest is unfolded."""
    keys = {"name", "how"}
    match choice.kind:
        case RouteKind.POOL:
            keys |= {"members", "rules"}
        case RouteKind.DIRECT:
            keys |= {"fallback", "probe_to"}
        case _:
            keys |= _ACCOUNT | (_SIGN_IN if choice.provider else frozenset())
            if unfolded or not choice.is_known:
                keys |= _SERVER
    return frozenset(keys)


class Rows(QObject):
    """Two forms with the controls in them, and their words."""

    def __init__(self, controls: Controls, sign_in: SignInPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.simple, self.advanced = RouteForm(), RouteForm()
        simple: tuple[tuple[str, str, QWidget], ...] = (
            ("name", self.tr("&Name"), controls.name),
            ("how", self.tr("&How"), controls.how),
            ("host", self.tr("Ser&ver"), controls.host),
            ("tls", self.tr("&Encryption"), controls.tls),
            ("port", self.tr("&Port"), controls.port),
            ("user", self.tr("&User name"), controls.user),
            ("client_id", self.tr("Client I&D"), controls.client_id),
            ("password", self.tr("Pass&word"), controls.password),
            ("oauth", self.tr("Sign-in"), sign_in),
            ("daily_quota", self.tr("Messages a da&y"), controls.daily),
            ("members", self.tr("Accounts"), controls.members),
            ("rules", self.tr("&Rules"), controls.rules),
            ("fallback", self.tr("When b&locked, send over"), controls.fallback),
            ("probe_to", self.tr("Address for the t&est"), controls.probe_to),
        )
        advanced: tuple[tuple[str, str, QWidget], ...] = (
            ("hourly_quota", self.tr("&Messages an hour"), controls.hourly),
            ("rate", self.tr("Pa&ce at most"), controls.rate),
            ("max_connections", self.tr("C&onnections at most"), controls.connections),
            ("warmup", self.tr("Warm-up"), controls.warmup),
            ("elsewhere", self.tr("Other programs"), controls.elsewhere),
            ("requiretls", "", controls.requiretls),
            ("ehlo_name", self.tr("Own name (EHLO)"), controls.ehlo_name),
            ("egress", self.tr("Outgoin&g IP address"), controls.egress),
        )
        for key, words, control in simple:
            self.simple.add(key, words, control)
        for key, words, control in advanced:
            self.advanced.add(key, words, control)
        self._explain()

    def _explain(self) -> None:
        self.simple.explain(
            "daily_quota",
            self.tr("As many as your provider takes in a day; the others wait until the next day."),
        )
        self.simple.explain("members", self.tr("Twice the weight, twice the mail."))
        self.simple.explain(
            "fallback",
            self.tr("Where mail goes when this line blocks port 25 (OP25B), or a carrier blocks you."),
        )
        self.simple.explain(
            "probe_to",
            self.tr("Its server is asked, no mail is sent. Empty: whether this line lets port 25 through."),
        )
        self.advanced.explain("hourly_quota", self.tr("Counted over any sixty minutes; the others wait."))
        self.advanced.explain(
            "rate", self.tr("All campaigns together. Carriers' own paces are kept in any case.")
        )
        self.advanced.explain(
            "max_connections", self.tr("By itself: as many at once as the server answers well.")
        )
        self.advanced.explain(
            "warmup",
            self.tr(
                "For a new account, line or sender. After a bad sign the number stays as it is for a day. "
                "Another plan begins with its first day."
            ),
        )
        self.advanced.explain(
            "elsewhere", self.tr("What your mail program sent today over this account counts, too.")
        )
        self.advanced.explain(
            "requiretls",
            self.tr("Few servers promise that yet. Mail to the others waits and expires in the end."),
        )
        self.advanced.explain("ehlo_name", self.tr("How this PC introduces itself to servers."))
        self.advanced.explain(
            "egress", self.tr("For a PC with several addresses: the one that connections leave from.")
        )
        self.simple.explain("rules", self.tr("Of the rules that fit a mail, the first holds."))

    @staticmethod
    def has_more(choice: Choice) -> bool:
        """Whether there is anything to unfold."""
        return bool(_ADVANCED[choice.kind])

    def follow(self, choice: Choice, provider_name: str, *, unfolded: bool, kept: bool) -> None:
        """Show what ``choice`` needs, in its words; what was sent only of a route that is ``kept``."""
        self.simple.show_rows(simple_rows(choice, unfolded=unfolded))
        self.advanced.show_rows(_ADVANCED[choice.kind] - (frozenset() if kept else {"elsewhere"}))
        self.simple.explain("how", self._how(choice, provider_name))
        if choice.provider:
            self.simple.call("user", self.tr("Mai&l address"))
            self.simple.call("password", self.tr("Client sec&ret"))
            self.simple.explain("client_id", self._client_id(choice, provider_name))
            self.simple.explain("password", self._client_secret(choice))
        else:
            self.simple.call("user", self.tr("&User name"))
            self.simple.call("password", self.tr("Pass&word"))
            self.simple.explain("password", "")
        width = max(self.simple.name_width, self.advanced.name_width)
        self.simple.set_name_width(width)
        self.advanced.set_name_width(width)

    def _how(self, choice: Choice, provider_name: str) -> str:
        if choice.kind is RouteKind.POOL:
            return self.tr("Mail is spread over the accounts; when one cannot send, the others go on.")
        if choice.kind is RouteKind.DIRECT:
            return self.tr("Wants a line with port 25 open, usually one with a fixed IP address.")
        if choice.provider:
            text = self.tr("No password: you agree at {name} in the browser, once.")
            return text.format(name=provider_name)
        return self.tr("Your provider's page tells these.")

    def _client_id(self, choice: Choice, provider_name: str) -> str:
        texts = {
            "google": self.tr(
                "From Google Cloud, “Credentials”: an OAuth client ID of the type “Desktop app”."
            ),
            "microsoft": self.tr(
                "From Microsoft Entra, “App registrations”: a public client with the redirect URI"
                " http://localhost and the permission SMTP.Send."
            ),
        }
        other = self.tr("What you registered for this program at {name}.").format(name=provider_name)
        return texts.get(choice.provider, other)

    def _client_secret(self, choice: Choice) -> str:
        texts = {
            "google": self.tr("Google shows it together with the client ID."),
            "microsoft": self.tr("Microsoft gives out none: leave it empty."),
        }
        return texts.get(choice.provider, self.tr("Leave it empty when the provider gave you none."))
