"""A route: where mail goes next, with a test of the connection before it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QWidget

from desktop_relay.domain.errors import BadInput, ErrorCode, RelayError
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.probe import ProbeResult
from desktop_relay.domain.route import Route, RouteKind

from ui.colours import Tone
from ui.context import Context
from ui.dialogs.fitting_dialog import FittingDialog
from ui.dialogs.route_controls import Controls
from ui.dialogs.route_desk import RouteDesk, Surroundings
from ui.dialogs.route_findings import tell_failure, tell_success
from ui.dialogs.route_rows import Rows
from ui.dialogs.route_sign_in import SignInPanel
from ui.dialogs.route_words import problem_of_field
from ui.widgets.icons import put_icon
from ui.widgets.late_push_button import LatePushButton


class RouteDialog(FittingDialog):
    """``wanted(Route, password | None, seen | None)`` when it shall be kept, ``seen`` being how it was
    before; ``signed_in(name)``.

    Opened, never executed. What was wanted is answered by closing it or by ``show_error``.
    """

    wanted = Signal(object, object, object)
    signed_in = Signal(str)

    def __init__(
        self,
        context: Context,
        desk: RouteDesk,
        route: Route | None = None,
        around: Surroundings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._desk, self._route = context, desk, route
        self._around = around or Surroundings()
        self._work: set[asyncio.Task[None]] = set()
        self._call_off: Future[None] | None = None
        self.setWindowTitle(self.tr("Route") if route else self.tr("New route"))
        self.controls = Controls(self._around, self)
        self.sign_in = SignInPanel(desk)
        self.sign_in.show_standing(signed_in=self._around.is_signed_in)
        self.rows = Rows(self.controls, self.sign_in, self)
        self._lay_out()
        if route is not None:
            self.controls.fill(route)
        self._follow()
        self._connect()

    def _lay_out(self) -> None:
        self.fold = QPushButton(self.tr("&Advanced settings"))
        self.fold.setCheckable(True)
        self.fold.setAutoDefault(False)
        self.fold.setProperty("role", "link")
        for part in (self.rows.simple, self.fold, self.rows.advanced):
            self.content.addWidget(part)
        self.content.setAlignment(self.fold, Qt.AlignmentFlag.AlignLeft)
        self.content.addStretch(1)
        self.test_button = QPushButton(self.tr("&Test the connection"))
        self.test_button.setAutoDefault(False)
        self.test_button.setToolTip(self.tr("Sends no mail"))
        self.stop_button = LatePushButton(self.tr("Stop the &test"))
        self.stop_button.setAutoDefault(False)
        self.stop_button.hide()
        self.buttons = QDialogButtonBox()
        self.save_button = self.buttons.addButton(self.tr("&Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.save_button.setProperty("role", "primary")
        cancel = self.buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setAutoDefault(False)
        self.foot.addWidget(self.test_button)
        self.foot.addWidget(self.stop_button)
        self.foot.addStretch(1)
        self.foot.addWidget(self.buttons)

    def _connect(self) -> None:
        self.controls.how.currentIndexChanged.connect(self._choose)
        self.fold.toggled.connect(self._follow)
        self.sign_in.changed.connect(self.fit_soon)
        self.controls.rules.resized.connect(self.fit_soon)
        self.controls.warmup.resized.connect(self.fit_soon)
        self.controls.elsewhere.told.connect(self._count)
        self.sign_in.asked.connect(self._sign_in)
        self.test_button.clicked.connect(self._test)
        self.stop_button.clicked.connect(self._stop)
        self.buttons.accepted.connect(self._want)
        self.buttons.rejected.connect(self.reject)
        self.finished.connect(self._end)

    # -- what is shown

    def _choose(self) -> None:
        self.controls.follow_choice(self.controls.how.chosen)
        self._clear()
        self._follow()

    def _follow(self) -> None:
        choice, unfolded = self.controls.how.chosen, self.fold.isChecked()
        name = self._around.providers.get(choice.provider, choice.provider)
        self.rows.follow(choice, name, unfolded=unfolded, kept=self._around.usage is not None)
        self.sign_in.show_provider(name, gives_codes=choice.provider in self._around.code_givers)
        before = self._route.oauth if self._route is not None else ""
        self.controls.tell_password(kept=self._around.has_password and before == choice.provider)
        self.rows.advanced.setVisible(unfolded)
        self.fold.setVisible(self.rows.has_more(choice))
        put_icon(self.fold, "chevron-down" if unfolded else "chevron-right", "link")
        self.fit_soon()

    def _clear(self) -> None:
        self.notice.hide()
        self.rows.simple.clear_problems()
        self.rows.advanced.clear_problems()
        self.fit_soon()

    # -- what is asked for

    @property
    def route(self) -> Route:
        """What stands in the fields; raises ``BadInput``."""
        read = self.controls.read(self._route)
        if read.name in {other.name for other in self._around.others} - {self.kept_name}:
            raise BadInput(ErrorCode.VALUE_INVALID, field="name", value=read.name)
        return read

    @property
    def kept_name(self) -> str:
        """The name it is kept under, empty for a new one."""
        return self._route.name if self._route is not None else ""

    @property
    def typed_password(self) -> str | None:
        """The password, or ``None`` when the kept one stays."""
        return self.controls.password.text() or None

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._context.tasks.start(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    def _want(self) -> None:
        self._clear()
        try:
            route = self.route
        except RelayError as error:
            self.show_error(error)
        else:
            self.save_button.setEnabled(False)  # once: a second time it would not be what was seen any more
            self.wanted.emit(route, self.typed_password, self._route)

    def _sign_in(self, by_code: bool) -> None:
        self._clear()
        self._start(self._kept_and_signed_in(by_code))

    async def _kept_and_signed_in(self, by_code: bool) -> None:
        try:
            # from here on it is there, whatever becomes of the sign-in
            route = await self._desk.save_route(self.route, self.typed_password, self._route)
            self._route = route
            await self.sign_in.run(route.name, by_code=by_code)
        except RelayError as error:
            self.show_error(error)
        else:
            self.say(self.tr("Signed in. Mail can go over this account now."), "good")
            self.signed_in.emit(route.name)

    def _count(self, number: int) -> None:
        self._clear()
        self._start(self._counted(number))

    async def _counted(self, number: int) -> None:
        try:
            found = await self._desk.count_elsewhere(self.kept_name, number)
        except RelayError as error:
            self.show_error(error)
        else:
            self.controls.elsewhere.show_usage(found)
            self.say(self.tr("Counted. It holds for today."), "good")

    def _test(self) -> None:
        self._clear()
        self._start(self._tested())

    def _stop(self) -> None:
        """Wait no longer for a server that says nothing."""
        if self._call_off is not None:
            self._call_off.cancel()

    def _show_testing(self, *, testing: bool) -> None:
        """The other button; the keyboard goes along if it was there."""
        gone, come = self.test_button, self.stop_button
        if not testing:
            gone, come = come, gone
        had_focus = gone.hasFocus()
        come.show()
        if had_focus:
            come.setFocus()
        gone.hide()

    async def _tested(self) -> None:
        self._call_off = Future()
        self._show_testing(testing=True)
        self.say(self.tr("Connecting…"), "info")
        try:
            to = self.controls.probe_to.text().strip() or None
            route = self.route
            # what is kept of it, its password above all, lies under the name it has had up to now
            tested = replace(route, name=self.kept_name or route.name)
            found = await self._desk.probe(tested, self.typed_password, to, self._call_off)
        except RelayError as error:
            self.notice.hide()
            self.show_error(error)
        else:
            self._show_found(found)
        self._show_testing(testing=False)

    def _show_found(self, found: ProbeResult) -> None:
        if found.ok:
            is_doubted = found.address is not None and bool(found.address.doubt)
            self.say(tell_success(self._context, found), "warn" if is_doubted else "good")
        else:
            tone: Tone = "warn" if found.problem is Reason.PORT25_BLOCKED else "bad"
            is_account = self.controls.how.chosen.kind in (RouteKind.SMARTHOST, RouteKind.POOL)
            self.say(tell_failure(self._context, found, of_account=is_account), tone)

    def show_error(self, error: RelayError) -> None:
        """It could not be done: told beside the field it is about, else below all."""
        self.save_button.setEnabled(True)
        field = "name" if error.code is ErrorCode.NAME_EMPTY else str(error.params.get("field", ""))
        sentence = problem_of_field(field)
        if error.code is ErrorCode.NAME_EMPTY:
            sentence = self._context.describe(error)
        if sentence and self._show_beside(field, sentence):
            return
        called_off = error.code in (ErrorCode.SIGN_IN_CALLED_OFF, ErrorCode.TEST_CALLED_OFF)
        self.say(self._context.describe(error), "info" if called_off else "bad")

    def _show_beside(self, field: str, sentence: str) -> bool:
        for form in (self.rows.simple, self.rows.advanced):
            row = form.rows.get(field)
            if row is None:
                continue
            if row.block.isHidden() or form is self.rows.advanced:
                self.fold.setChecked(True)
            if form.show_problem(field, sentence):
                self.show_part(row.block)
                return True
        return False

    def _end(self) -> None:
        """Nobody may speak to a dialog that is gone."""
        self.sign_in.stop()
        self._stop()
        for task in list(self._work):
            task.cancel()
