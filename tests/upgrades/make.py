"""Makes the stored old databases: ``python -m tests.upgrades.make``.

Run it once for a release, before the first migration after it, and keep the files for ever: each is what
somebody may still have on the disk. A file that is there already is never written again.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desktop_relay.domain.campaign import CampaignKind, CampaignSnapshot, Draft
from desktop_relay.domain.exchange import Stage
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.imports import ImportedContact
from desktop_relay.domain.lane import LaneOverride
from desktop_relay.domain.lane_memory import LaneMemory, PaceMemory
from desktop_relay.domain.outcome import Disposition, Outcome, Reason
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.domain.settlement import NewRecipient, Settlement
from desktop_relay.domain.suppression import Suppression, SuppressionReason
from desktop_relay.domain.template import Template
from desktop_relay.domain.usage import Elsewhere
from desktop_relay.store.contacts import insert_contact
from desktop_relay.store.database import (
    LIBRARY_FILE,
    SPOOL_FILE,
    open_library,
    open_spool_for_engine,
)
from desktop_relay.store.drafts import insert_draft, mark_submitted
from desktop_relay.store.identities import save_identity
from desktop_relay.store.imports import add_imported, begin_import, finish_import
from desktop_relay.store.library_schema import LIBRARY
from desktop_relay.store.lists import add_members, create_list
from desktop_relay.store.routes import save_route
from desktop_relay.store.settings import save_setting
from desktop_relay.store.spool import Spool
from desktop_relay.store.spool_schema import SPOOL
from desktop_relay.store.templates import save_template

HERE = Path(__file__).resolve().parent
AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LETTER = Template("秋", "{{ name }} 様へ", "<p>{{ name }} 様</p>", "")
SHOP = Identity("shop@example.jp", "みなと商店", postal="東京都千代田区1-1", selector="relay")
ACCOUNT = Route("account", RouteKind.SMARTHOST, "smtp.example.jp", 587, TlsMode.STARTTLS, "me", rate=2.5)
PEOPLE = ("a@docomo.ne.jp", "b@ezweb.ne.jp", "c@example.jp", "d@example.jp")


def make_library(directory: Path) -> None:
    """Something in every table."""
    with open_library(directory) as db:
        list_id = create_list(db, "客", AT)
        contact = insert_contact(
            db, "a..b@docomo.ne.jp", "a..b@docomo.ne.jp", True, {"email": "a..b@docomo.ne.jp"}, AT
        )
        add_members(db, list_id, [contact])
        number = begin_import(db, "people.csv", AT, list_id)
        rows = [
            ImportedContact(address, address, fields={"email": address, "name": "例田", "会員番号": "7"})
            for address in PEOPLE
        ]
        add_imported(db, number, rows, AT)
        finish_import(db, number, {"rows": len(rows)})
        save_template(db, LETTER, AT)
        save_identity(db, SHOP)
        save_route(db, ACCOUNT)
        draft = insert_draft(db, Draft(0, "秋のお知らせ", "秋", SHOP.address, "account", ("客",)), AT)
        mark_submitted(db, draft, AT)
        insert_draft(db, Draft(0, "冬のお知らせ", "秋", SHOP.address, "sandbox", ("客",), "件名"), AT)
        save_setting(db, "direct.port", 2525)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def make_spool(directory: Path) -> None:
    """A campaign in the middle: accepted, deferred, in flight, pending; and lanes that learned."""
    with open_spool_for_engine(directory) as db:
        spool = Spool(db)
        snapshot = CampaignSnapshot(1, "uid-1", CampaignKind.CAMPAIGN, "秋のお知らせ", LETTER, SHOP, ACCOUNT)
        people = [
            NewRecipient(address, address, "例田", "docomo", f"<{number}@example.jp>", {"name": "例田"})
            for number, address in enumerate(PEOPLE)
        ]
        spool.submit(snapshot, people, AT)
        leased = [recipient.id for recipient in spool.lease(1, "docomo", 3, AT)]
        spool.apply(leased, [], AT)
        accepted = Outcome(Disposition.ACCEPTED, Reason.ACCEPTED, Stage.DOT, 250, "2.0.0", "ok", "mx:25")
        deferred = Outcome(
            Disposition.DEFERRED,
            Reason.GREYLISTED,
            Stage.RCPT,
            450,
            "4.7.1",
            "later",
            "mx:25",
            retry_after=timedelta(minutes=5),
        )
        settlements = [Settlement(leased[0], accepted, AT), Settlement(leased[1], deferred, AT)]
        spool.apply([], settlements, AT)
        spool.add_suppressions([Suppression("x@example.jp", SuppressionReason.BOUNCED, "campaign 1", AT)])
        learned = LaneMemory(AT, 1.5, pace=PaceMemory(pace=0.5))
        spool.apply([], [], AT, {("account", "docomo"): learned})
        spool.save_lane_override("account", "docomo", LaneOverride(rate=0.5))
        spool.save_elsewhere("account", Elsewhere(AT.date(), 3))
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def keep(kind: str, version: int, file: str, make: Callable[[Path], None]) -> None:
    """Make one and put it among the old ones, unless it is there."""
    target = HERE / kind / f"v{version}.db"
    if target.exists():
        return
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder))
        shutil.copyfile(Path(folder) / file, target)


if __name__ == "__main__":
    keep("library", LIBRARY.version, LIBRARY_FILE, make_library)
    keep("spool", SPOOL.version, SPOOL_FILE, make_spool)
