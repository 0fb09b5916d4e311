"""What the queue shows and does; no widgets here."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.exchange import OPENING
from desktop_relay.domain.progress import CampaignProgress, LaneProgress, Progress
from desktop_relay.domain.protection import parse_protection
from desktop_relay.domain.query import LedgerQuery
from desktop_relay.domain.recipient import AttemptRow, LedgerRow, RecipientState
from desktop_relay.operations import campaigns, ledger

from ui import wording
from ui.context import Context
from ui.explanation import Explanation, explain, explain_row

FILTERS = (
    RecipientState.ACCEPTED,
    RecipientState.DEFERRED,
    RecipientState.BOUNCED,
    RecipientState.UNKNOWN,
    RecipientState.PENDING,
    RecipientState.HELD,
    RecipientState.SUPPRESSED,
    RecipientState.EXPIRED,
    RecipientState.CANCELLED,
)
"""The chips, in their order; what passes in a blink (ready, in flight) has none."""

RESENDABLE = (
    RecipientState.UNKNOWN,
    RecipientState.HELD,
    RecipientState.EXPIRED,
    RecipientState.CANCELLED,
)
"""Outcomes after which a person may send again; those who wait for a retry are made due instead."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A campaign in the chooser."""

    campaign: int
    name: str
    state: CampaignState


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to be read: the headers as they go out, and its text."""

    subject: str
    headers: str
    text: str


class Presenter:
    """Reads and acts; every method that waits is a coroutine."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lane_names: dict[str, str] = {}

    async def choices(self) -> list[Choice]:
        """Submitted campaigns, newest first."""
        ws = self._context.workspace
        rows = await self._context.tasks.in_worker(campaigns.overview, ws)
        rows = [row for row in rows if row.counts is not None]
        names = wording.told_apart([row.name for row in rows], [row.submitted_at for row in rows], ws.now())
        return [Choice(row.id, name, row.state) for row, name in zip(rows, names, strict=True)]

    async def standing(self, campaign: int) -> CampaignProgress:
        """How the campaign stands; names its lanes, too."""
        found = self.find(self._context.engine.latest, campaign)
        if found is None:
            found = await self._context.tasks.in_worker(campaigns.status, self._context.workspace, campaign)
        self.learn_lanes(found.lanes)
        return found

    @staticmethod
    def find(progress: Progress | None, campaign: int | None) -> CampaignProgress | None:
        """A campaign in the engine's snapshot."""
        return next((c for c in progress.campaigns if c.campaign == campaign), None) if progress else None

    # -- words

    def learn_lanes(self, lanes: Sequence[LaneProgress]) -> None:
        """Remember what the lanes are called."""
        japanese = self._context.language == "ja"
        for lane in lanes:
            self._lane_names[lane.lane] = (lane.name_ja or lane.name) if japanese else lane.name

    def lane_name(self, lane: str) -> str:
        """A lane's name, or its key while nobody told it."""
        return self._lane_names.get(lane, lane)

    @property
    def lane_names(self) -> Mapping[str, str]:
        """Every lane known, by key."""
        return self._lane_names

    @staticmethod
    def chip_counts(counts: Counts) -> dict[RecipientState | None, int]:
        """What stands behind the chips; ``None`` is everything."""
        found: dict[RecipientState | None, int] = {s: int(getattr(counts, s.value)) for s in FILTERS}
        found[None] = counts.total
        return found

    def verdict(self, row: LedgerRow, now: datetime) -> str:
        """When: for those who wait with how long it still takes."""
        if row.state is RecipientState.DEFERRED and row.next_attempt is not None:
            at = wording.day_and_time(row.next_attempt, now)
            return f"{at} ({wording.until(row.next_attempt, now)})"
        return wording.day_and_time(row.accepted_at or row.updated_at, now)

    def explanation(self, row: LedgerRow, now: datetime) -> Explanation:
        """Who, why, what now."""
        return explain_row(self._context, row, self.lane_name(row.lane), now)

    def conversation(self, attempts: Sequence[AttemptRow]) -> str:
        """Every attempt, newest first, the way people read a log."""
        return "\n\n".join(self._attempt_text(attempt) for attempt in reversed(attempts))

    def _attempt_text(self, attempt: AttemptRow) -> str:
        started = attempt.started_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        head = QCoreApplication.translate("Queue", "Try {n}").format(n=attempt.number)
        parts = (head, started, attempt.host or "", self._protection_text(attempt))
        lines = [" · ".join(part for part in parts if part)]
        if attempt.transcript:
            lines += attempt.transcript
        elif attempt.code is not None:
            words = (attempt.stage.upper(), "→", str(attempt.code), attempt.enhanced or "", attempt.text)
            lines.append(" ".join(word for word in words if word))
        elif attempt.ended_at is None:
            lines.append(QCoreApplication.translate("Queue", "never ended: the engine stopped in between"))
        else:
            told = explain(self._context, attempt.reason, lane="", text=attempt.text)
            lines.append(
                " ".join(part for part in (attempt.stage.upper(), "→", told.what, attempt.text) if part)
            )
        return "\n".join(lines)

    def _protection_text(self, attempt: AttemptRow) -> str:
        """How it was protected in words, with what experts look for behind them; nothing before it was."""
        if attempt.tls is None:
            plain = attempt.host and attempt.stage and attempt.stage not in OPENING
            return QCoreApplication.translate("Queue", "not encrypted") if plain else ""
        found = parse_protection(attempt.tls)
        if found is None:
            return attempt.tls
        phrase = self._context.phrase
        text = f"{phrase('verified', found.verified)} ({found.version} {found.cipher})"
        return f"{text}; {phrase('protection', 'fails_testing')}" if found.fails_testing else text

    # -- reading and acting

    async def attempts(self, recipient: int) -> list[AttemptRow]:
        """Every attempt, oldest first."""
        return await self._context.tasks.in_worker(ledger.attempts, self._context.workspace, recipient)

    async def letter(self, recipient: int) -> Letter:
        """The mail, built again; raises ``NotFound`` or ``BadInput``."""
        content = await self._context.tasks.in_worker(ledger.message, self._context.workspace, recipient)
        return open_letter(content)

    async def retry_now(self, campaign: int, recipient: int | None = None) -> int:
        """Make one, or all who wait, due at once; answers how many."""
        ws = self._context.workspace
        return await self._context.tasks.in_worker(campaigns.retry_now, ws, campaign, recipient)

    async def resend(self, campaign: int, state: RecipientState) -> int:
        """Send again to those who ended so; answers how many."""
        ws = self._context.workspace
        return await self._context.tasks.in_worker(campaigns.resend, ws, campaign, state.value)

    async def reasons(self, campaign: int, state: RecipientState) -> list[str]:
        """Why people ended so, in a word with how many, the commonest first."""
        ws = self._context.workspace
        found = await self._context.tasks.in_worker(ledger.reasons, ws, campaign, state)
        words = ((self._context.phrase("reason_words", reason.value), n) for reason, n in found.items())
        return [f"{word} {wording.number(number)}" for word, number in words if word]

    async def export(self, path: Path, query: LedgerQuery) -> int:
        """Write what the table shows as CSV; answers the rows."""
        return await self._context.tasks.in_worker(ledger.export, self._context.workspace, path, query)


def open_letter(content: bytes) -> Letter:
    """A composed message as a person reads it."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    headers = content.partition(b"\r\n\r\n")[0].decode("ascii", "replace").replace("\r\n", "\n")
    body = message.get_body(("plain", "html"))
    text = str(body.get_content()) if body is not None else ""
    return Letter(str(message["Subject"] or ""), headers, text.replace("\r\n", "\n"))
