"""The card of routes: a row for each, in words, with what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_relay.domain.route import Route, RouteKind, TlsMode

from ui import wording
from ui.pages.settings.entry_list import EntryList
from ui.pages.settings.route_desk import RouteRow


class RouteCard(EntryList):
    """``edited(Route)`` and ``deleted(Route)`` beside ``added``."""

    edited = Signal(object)
    deleted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Routes (mail servers)"),
            self.tr(
                "Where mail goes next. Practice reaches nobody; for real mail add your provider's server."
            ),
            self.tr("&Add a route"),
            parent,
        )
        self._shown: list[RouteRow] = []

    def show_rows(self, rows: Sequence[RouteRow]) -> None:
        """All of them."""
        if rows == self._shown:
            return
        self._shown = list(rows)
        self.clear()
        for row in rows:
            route = row.route
            if route.kind is RouteKind.SANDBOX:
                self.add_entry(self.tr("Practice"), self.tr("carriers played on this computer"), [])
                continue
            edit = self.tr("Sign in…") if row.wants_sign_in else self.tr("Edit…")
            self.add_entry(
                route.name,
                self._describe(row),
                [
                    (edit, "quiet", partial(self._edit, route)),
                    (self.tr("Delete"), "danger", partial(self._delete, route)),
                ],
            )

    def _edit(self, route: Route, *_checked: bool) -> None:
        self.edited.emit(route)

    def _delete(self, route: Route, *_checked: bool) -> None:
        self.deleted.emit(route)

    def _describe(self, row: RouteRow) -> str:
        route = row.route
        if route.kind is RouteKind.POOL:
            names = " · ".join(f"{member.route} ×{member.weight}" for member in route.members)
            return self.tr("several accounts together: {names}").format(names=names)
        if route.kind is RouteKind.DIRECT:
            text = self.tr("straight to each recipient's server")
            if route.fallback:
                other = self.tr("when blocked, over {name}").format(name=route.fallback)
                text = f"{text} · {other}"
            return " · ".join([text, *self._used(row)])
        return self._describe_account(row)

    def _describe_account(self, row: RouteRow) -> str:
        route = row.route
        tls = {
            TlsMode.STARTTLS: "STARTTLS",
            TlsMode.TLS: "TLS",
            TlsMode.NONE: self.tr("not encrypted"),
        }[route.tls]
        parts = [self.tr("not signed in yet")] if row.wants_sign_in else []
        parts += self._used(row)
        parts += [f"{route.host}:{route.port}", tls]
        if route.user:
            parts.append(route.user)
        return " · ".join(parts)

    def _used(self, row: RouteRow) -> list[str]:
        """What went out today of what may, and how far a warm-up is."""
        used = row.usage
        if used is None:
            return []
        told, quota, plan = wording.number(used.today), row.route.daily_quota, used.warmup
        if plan is not None and (quota is None or plan.allowance <= quota):
            text = self.tr("warm-up: today {n} of {allowance}, day {day} of {days}")
            allowance = wording.number(plan.allowance)
            return [text.format(n=told, allowance=allowance, day=plan.step, days=plan.days)]
        if quota is None:
            return []
        return [self.tr("today {n} of {quota}").format(n=told, quota=wording.number(quota))]
