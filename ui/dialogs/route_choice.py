"""How mail may leave, as a person chooses it: a kind of route, with or without a provider to sign in to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop_relay.domain.route import Route, RouteKind, TlsMode

from ui.widgets.steady_combo_box import SteadyComboBox

PORTS: Mapping[TlsMode, int] = {TlsMode.STARTTLS: 587, TlsMode.TLS: 465, TlsMode.NONE: 25}
SERVERS: Mapping[str, str] = {"google": "smtp.gmail.com", "microsoft": "smtp.office365.com"}
"""Where the accounts of well-known providers hand their mail in, on port 587 with STARTTLS."""


@dataclass(frozen=True, slots=True)
class Choice:
    """``provider`` is who gives out tokens, empty for an account with a password."""

    kind: RouteKind
    provider: str = ""

    @property
    def is_known(self) -> bool:
        """Nobody has to look up its server."""
        return self.provider in SERVERS


class HowCombo(SteadyComboBox):
    """The choices, the usual ones first."""

    def __init__(self, providers: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choices: list[Choice] = []
        self._put(self.tr("An account with a password (SMTP server)"), Choice(RouteKind.SMARTHOST))
        for key, name in providers.items():
            texts = {
                "google": self.tr("Google (Gmail, Google Workspace): sign in"),
                "microsoft": self.tr("Microsoft (Outlook, Microsoft 365): sign in"),
            }
            words = texts.get(key) or self.tr("{name}: sign in").format(name=name)
            self._put(words, Choice(RouteKind.SMARTHOST, key))
        self._put(self.tr("Several accounts together (pool)"), Choice(RouteKind.POOL))
        self._put(self.tr("Straight to each recipient's server"), Choice(RouteKind.DIRECT))

    def _put(self, words: str, choice: Choice) -> None:
        self.choices.append(choice)
        self.addItem(words)

    def choose(self, kind: RouteKind, provider: str = "") -> None:
        """As a route is; a provider that is no longer known stays one to choose."""
        choice = Choice(kind, provider)
        if choice not in self.choices:
            self._put(self.tr("{name}: sign in").format(name=provider), choice)
        self.setCurrentIndex(self.choices.index(choice))

    def choose_of(self, route: Route) -> None:
        """The choice that ``route`` came from."""
        self.choose(route.kind, route.oauth)

    @property
    def chosen(self) -> Choice:
        """What stands there."""
        return self.choices[self.currentIndex()]
