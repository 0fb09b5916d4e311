"""Practice: the bundled sample list, a starter template and a campaign into the practice carriers."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.query import LedgerQuery
from desktop_relay.domain.route import PRACTICE
from desktop_relay.operations import campaigns, identities, import_contacts, ledger, settings, templates
from desktop_relay.operations.workspace import Workspace
from desktop_relay.transport.sandbox.log import load_sandbox_log
from resources import locate
from resources.phrases import phrase

_SAMPLE = ("samples", "contacts-ja.csv")
_ENCODING = "cp932"
_ADDRESS_COLUMN = "メールアドレス"
SENDER = "shop@example.jp"
MOST_CONTACTS = 1_000_000
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Prepared:
    """A practice campaign ready to be sent, and the figures of the import before it."""

    campaign: int
    figures: dict[str, object]


def prepare(
    ws: Workspace, *, language: str, contacts: int | None = None, seed: int = 1, speed: float = 20.0
) -> Prepared:
    """Import the sample, choose a template, make a sender with keys, and draft the campaign.

    Raises ``BadInput`` for a number that makes no sense.
    """
    if contacts is not None and not 1 <= contacts <= MOST_CONTACTS:
        raise BadInput(ErrorCode.VALUE_INVALID, field="contacts", value=contacts)
    settings.set_value(ws, "sandbox.seed", str(seed))
    settings.set_value(ws, "sandbox.speed", str(speed))
    list_name = phrase(language, "practice", "list")
    figures = _import(ws, list_name, contacts)
    template = templates.starters(language)[0]
    if all(row.name != template.name for row in templates.overview(ws)):
        templates.save(ws, template)  # one that was edited since stays as it is
    sender = Identity(
        address=SENDER,
        name=phrase(language, "practice", "shop"),
        postal=phrase(language, "practice", "postal"),
        reply_to=SENDER,
        unsubscribe_mailto=f"unsubscribe@{SENDER.rpartition('@')[2]}",
    )
    identities.save(ws, sender)
    identities.create_key(ws, SENDER)
    draft, _ = campaigns.create(
        ws,
        phrase(language, "practice", "campaign"),
        template=template.name,
        sender=SENDER,
        route=PRACTICE.name,
        lists=(list_name,),
    )
    return Prepared(draft.id, figures)


def _import(ws: Workspace, list_name: str, contacts: int | None) -> dict[str, object]:
    sample = locate(*_SAMPLE)
    with tempfile.TemporaryDirectory() as folder:
        if contacts is not None:
            sample = _cut(sample, contacts, Path(folder) / sample.name)
        report, _ = import_contacts.import_file(ws, sample, list_name=list_name)
    return asdict(report)


def _cut(sample: Path, rows: int, target: Path) -> Path:
    """The first ``rows`` of the sample; over again with numbered addresses when it has fewer."""
    header, *people = csv.reader(io.StringIO(sample.read_bytes().decode(_ENCODING)))
    column = header.index(_ADDRESS_COLUMN)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    for _, row in zip(range(rows), _rounds(people, column), strict=False):
        writer.writerow(row)
    target.write_bytes(text.getvalue().encode(_ENCODING))
    return target


def _rounds(people: list[list[str]], column: int) -> Iterator[list[str]]:
    yield from people
    for turn in count(2):
        for row in people:
            yield [f"r{turn}.{cell}" if place == column else cell for place, cell in enumerate(row)]


def received(ws: Workspace, campaign: int) -> int:
    """How many messages of a campaign the practice carriers really took, by their own log."""
    wanted: set[str] = set()
    ids = ledger.list_ids(ws, LedgerQuery(campaign))
    for start in range(0, len(ids), _PAGE):
        wanted.update(row.message_id for row in ledger.rows(ws, list(ids[start : start + _PAGE])))
    log = ws.directory / "logs" / "sandbox.jsonl"
    return sum(mail.message_id in wanted for mail in load_sandbox_log(log))
