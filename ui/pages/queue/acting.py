"""What the user does from the queue: send now, send again, read, copy, export."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.query import LedgerQuery
from desktop_relay.domain.recipient import LedgerRow, RecipientState

from ui.context import Context
from ui.dialogs.file_choice import ask_for_target
from ui.pages.queue.actions import Actions
from ui.pages.queue.content import Content
from ui.pages.queue.letter_dialog import LetterDialog
from ui.pages.queue.presenter import Presenter
from ui.widgets.notice import CountdownNotice
from ui.widgets.page_frame import PageFrame


class Acting(QObject):
    """``campaign``, ``selected`` and whether the campaign ``stands`` are kept true by the page."""

    def __init__(
        self, context: Context, presenter: Presenter, frame: PageFrame, content: Content, actions: Actions
    ) -> None:
        super().__init__(frame)
        self.campaign: int | None = None
        self.selected: LedgerRow | None = None
        self.stands = False
        self._context = context
        self._presenter = presenter
        self._frame = frame
        self._model = content.model
        self._panel = content.panel
        self._countdown: CountdownNotice | None = None
        actions.export.clicked.connect(self._ask_path)
        actions.resend_asked.connect(self._ask_resend)
        actions.retry_all_asked.connect(self._retry_all)
        content.panel.retry_asked.connect(self._retry_one)
        content.panel.letter_asked.connect(self._read_letter)
        content.panel.copy_asked.connect(self._copy_record)

    # -- sending

    def _retry_one(self) -> None:
        if self.campaign is not None and self.selected is not None:
            self._context.tasks.start(self._retry(self.campaign, self.selected.recipient))

    def _retry_all(self) -> None:
        if self.campaign is not None:
            self._context.tasks.start(self._retry(self.campaign, None))

    async def _retry(self, campaign: int, recipient: int | None) -> None:
        self._tell_sent(await self._presenter.retry_now(campaign, recipient))

    def _ask_resend(self, state: RecipientState, sentence: str) -> None:
        self.call_off()
        self._countdown = notice = CountdownNotice(sentence, self.tr("Send now"))
        notice.setProperty("outcome", state.value)
        notice.elapsed.connect(self._resend)
        notice.closed.connect(self.call_off)
        self._frame.add_notice(notice)
        notice.call_off.setFocus()
        if self.campaign is not None:
            self._context.tasks.start(self._say_reasons(self.campaign, state, notice))

    async def _say_reasons(self, campaign: int, state: RecipientState, notice: CountdownNotice) -> None:
        """Whom that would reach, by why they are missing, where there is more than one reason."""
        reasons = await self._presenter.reasons(campaign, state)
        if len(reasons) > 1 and self._countdown is notice:
            notice.say_more(self.tr(" ({reasons})").format(reasons=" · ".join(reasons)))

    def call_off(self) -> None:
        """Let a running countdown come to nothing."""
        if self._countdown is not None:
            notice, self._countdown = self._countdown, None
            notice.stop()
            notice.deleteLater()

    def _resend(self) -> None:
        if self._countdown is None or self.campaign is None:
            return
        state = RecipientState(str(self._countdown.property("outcome")))
        self.call_off()
        self._context.tasks.start(self._send_again(self.campaign, state))

    async def _send_again(self, campaign: int, state: RecipientState) -> None:
        self._tell_sent(await self._presenter.resend(campaign, state))

    def _tell_sent(self, count: int) -> None:
        if not count:
            self._frame.tell(self.tr("Nobody is left to send to."))
        elif self.stands:
            self._frame.tell(self.tr("%Ln people are sent to when the campaign goes on.", "", count))
        else:
            self._frame.tell(self.tr("%Ln people are being sent to now.", "", count), "good")
        self._model.reload()

    # -- reading

    def _read_letter(self) -> None:
        if self.selected is not None:
            self._context.tasks.start(self._open_letter(self.selected))

    async def _open_letter(self, row: LedgerRow) -> None:
        try:
            letter = await self._presenter.letter(row.recipient)
        except RelayError as error:
            self._frame.tell(self._context.describe(error), "bad")
            return
        dialog = LetterDialog(row.address, letter, self._frame)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _copy_record(self) -> None:
        QGuiApplication.clipboard().setText(self._panel.record)
        self._frame.tell(self.tr("The record was copied."), "good")

    # -- export

    def _ask_path(self) -> None:
        filters = [self.tr("Spreadsheet (*.csv)")]
        dialog = ask_for_target(self._frame.window(), self.tr("Export the queue"), filters, "csv")
        dialog.fileSelected.connect(self._export_to)
        dialog.open()

    def _export_to(self, path: str) -> None:
        query = self._model.query
        if query is not None:
            self._context.tasks.start(self._export(Path(path), query))

    async def _export(self, path: Path, query: LedgerQuery) -> None:
        self._frame.tell(self.tr("{path} is being written…").format(path=path))
        try:
            count = await self._presenter.export(path, query)
        except RelayError as error:
            self._frame.tell(self._context.describe(error), "bad")
            return
        self._frame.tell(self.tr("%Ln rows were written to {path}.", "", count).format(path=path), "good")
