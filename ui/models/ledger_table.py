"""The queue's table: one row a recipient of a campaign."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QObject, Qt

from desktop_relay.domain.query import LedgerQuery
from desktop_relay.domain.recipient import FINAL_STATES, LedgerRow, RecipientState
from desktop_relay.operations import ledger
from desktop_relay.operations.workspace import Workspace

from ui import wording
from ui.models.paged import Column, PagedModel
from ui.states import RECIPIENT_TONES, recipient_word
from ui.tasks import Tasks
from ui.widgets.row_delegate import ChipData

ReplyWords = Callable[[LedgerRow], str]
LaneWords = Callable[[str], str]


def state_chip(row: LedgerRow) -> ChipData:
    """The state as the delegate paints it."""
    return ChipData(recipient_word(row.state), RECIPIENT_TONES[row.state])


def describe_moment(row: LedgerRow, now: datetime) -> str:
    """When it is tried next, or when it was done."""
    if row.state is RecipientState.DEFERRED and row.next_attempt is not None:
        return wording.day_and_time(row.next_attempt, now)
    if row.state in FINAL_STATES:
        done = row.accepted_at or row.updated_at
        same_day = done.astimezone().date() == now.astimezone().date()
        return wording.clock_time(done, seconds=True) if same_day else wording.day_and_time(done, now)
    return "—"


class LedgerModel(PagedModel[LedgerRow]):
    """``show(query)`` decides what is in it."""

    def __init__(
        self,
        workspace: Workspace,
        tasks: Tasks,
        *,
        lane_words: LaneWords,
        reply_words: ReplyWords,
        reply_in_full: ReplyWords,
        parent: QObject | None = None,
    ) -> None:
        self._workspace = workspace
        self._query: LedgerQuery | None = None
        columns = (
            Column[LedgerRow](QCoreApplication.translate("LedgerModel", "Address"), _address, sort="address"),
            Column[LedgerRow](
                QCoreApplication.translate("LedgerModel", "Lane"),
                lambda row: lane_words(row.lane),
                sort="lane",
            ),
            Column[LedgerRow](
                QCoreApplication.translate("LedgerModel", "State"), _state, chip=state_chip, sort="state"
            ),
            Column[LedgerRow](
                QCoreApplication.translate("LedgerModel", "Tries"), _attempts, sort="attempts", right=True
            ),
            Column[LedgerRow](
                QCoreApplication.translate("LedgerModel", "Answer"),
                reply_words,
                tip=reply_in_full,
            ),
            Column[LedgerRow](
                QCoreApplication.translate("LedgerModel", "Next / done"), self._moment, sort="next_attempt"
            ),
        )
        super().__init__(tasks, columns, parent)

    @property
    def query(self) -> LedgerQuery | None:
        """What is shown."""
        return self._query

    def show(self, query: LedgerQuery | None) -> None:
        """Show what the query finds; the rows of another campaign go at once."""
        other = self._query is None or query is None or query.campaign != self._query.campaign
        self._query = query
        if other:
            self.forget()
        if query is not None:
            self.reload(anew=True)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """A header was clicked; columns without a word of the query stay as they are."""
        word = self.columns[column].sort if 0 <= column < len(self.columns) else ""
        if self._query is None or not word:
            return
        query = self._query
        self._query = LedgerQuery(
            query.campaign, query.state, query.lane, query.text, word, order is Qt.SortOrder.DescendingOrder
        )
        self.reload(anew=True)

    def load_ids(self) -> array[int]:
        """On a worker."""
        query = self._query
        return array("q") if query is None else ledger.list_ids(self._workspace, query)

    def load_rows(self, ids: Sequence[int]) -> Sequence[LedgerRow]:
        """On a worker."""
        return ledger.rows(self._workspace, list(ids))

    def row_id(self, row: LedgerRow) -> int:
        """The recipient."""
        return row.recipient

    def _moment(self, row: LedgerRow) -> str:
        return describe_moment(row, self._workspace.now())


def _address(row: LedgerRow) -> str:
    return row.address


def _state(row: LedgerRow) -> str:
    return recipient_word(row.state)


def _attempts(row: LedgerRow) -> str:
    return str(row.attempts)
