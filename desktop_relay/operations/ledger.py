"""The ledger: who got the mail, who did not, and why."""

from __future__ import annotations

import csv
import io
from array import array
from datetime import datetime
from pathlib import Path

from desktop_relay.domain.counts import Counts
from desktop_relay.domain.errors import ErrorCode, NotFound
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.query import LedgerQuery
from desktop_relay.domain.recipient import AttemptRow, LedgerRow, RecipientState
from desktop_relay.message.builder import Builder
from desktop_relay.operations.files import write_file
from desktop_relay.operations.workspace import Workspace
from desktop_relay.protocol.formulas import neutralise
from desktop_relay.store import ledger as stored
from desktop_relay.store.attachments import load_attachments
from desktop_relay.store.keys import load_dkim_keys

EXPORT_COLUMNS = (
    "recipient",
    "address",
    "name",
    "lane",
    "state",
    "attempts",
    "code",
    "enhanced",
    "text",
    "reason",
    "mx",
    "tls",
    "next_attempt",
    "message_id",
    "accepted_at",
)
_PAGE = 1000


def list_ids(ws: Workspace, query: LedgerQuery) -> array[int]:
    """Recipient ids in the query's order."""
    return stored.load_recipient_ids(ws.spool, query)


def rows(ws: Workspace, ids: list[int]) -> list[LedgerRow]:
    """The rows of ``ids``, in their order."""
    return stored.load_ledger_rows(ws.spool, ids)


def attempts(ws: Workspace, recipient: int) -> list[AttemptRow]:
    """Every attempt, oldest first."""
    return stored.load_attempts(ws.spool, recipient)


def counts(ws: Workspace, campaign: int) -> Counts:
    """Recipients by state, as settled."""
    return Counts.sum(stored.load_counts(ws.spool, campaign).values())


def lanes(ws: Workspace, campaign: int) -> list[str]:
    """The lanes of a campaign, largest first."""
    by_lane = stored.load_counts(ws.spool, campaign)
    return sorted(by_lane, key=lambda lane: -by_lane[lane].total)


def reasons(ws: Workspace, campaign: int, state: RecipientState) -> dict[Reason, int]:
    """How many recipients of a state for which reason."""
    return stored.reason_counts(ws.spool, campaign, state)


def waiting(ws: Workspace, campaign: int, before: datetime) -> int:
    """How many wait for a retry that is due before then."""
    return stored.count_due(ws.spool, campaign, before)


def message(ws: Workspace, recipient: int) -> bytes:
    """The recipient's mail, built again from the snapshot; raises ``NotFound`` or ``BadInput``."""
    found = stored.load_recipient(ws.spool, recipient)
    if found is None:
        raise NotFound(ErrorCode.NO_SUCH_RECIPIENT, recipient=recipient)
    submitted = stored.load_campaign_row(ws.spool, found.campaign)
    if submitted is None:
        raise NotFound(ErrorCode.NO_SUCH_CAMPAIGN, campaign=found.campaign)
    identity = submitted.snapshot.identity
    keys = load_dkim_keys(ws.directory, identity.domain, identity.selector) if identity.selector else None
    builder = Builder(
        submitted.snapshot, keys=keys, attachments=load_attachments(submitted.snapshot.template)
    )
    return builder.build(found, ws.now()).content


def export(ws: Workspace, path: Path, query: LedgerQuery) -> int:
    """Write the ledger as CSV for spreadsheets, formulas made harmless; answers the rows written."""
    ids = list_ids(ws, query)
    content = io.BytesIO()
    # encoded row by row: all at once a million rows would hold up whatever else the process does
    text = io.TextIOWrapper(content, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(EXPORT_COLUMNS)
    for start in range(0, len(ids), _PAGE):
        for row in rows(ws, list(ids[start : start + _PAGE])):
            writer.writerow([_cell(getattr(row, column)) for column in EXPORT_COLUMNS])
    text.flush()
    write_file(path, content.getvalue())
    return len(ids)


def _cell(value: object) -> str:
    return neutralise("" if value is None else str(value))
