"""Whatever an earlier release left on the disk is opened, migrated, and still says the same."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import Status
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.errors import StoreUnusable
from desktop_relay.domain.query import ContactQuery, LedgerQuery
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.settings import SETTINGS
from desktop_relay.operations import campaigns
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.contacts import load_contact_ids, load_contacts
from desktop_relay.store.database import (
    LIBRARY_FILE,
    SPOOL_FILE,
    open_library,
    open_spool,
    open_spool_for_engine,
)
from desktop_relay.store.drafts import load_drafts
from desktop_relay.store.identities import load_identities
from desktop_relay.store.imports import load_imports, undo_import
from desktop_relay.store.ledger import (
    load_attempts,
    load_campaign_rows,
    load_lane_memory,
    load_lane_overrides,
    load_ledger_rows,
    load_recipient_ids,
    load_suppressions,
)
from desktop_relay.store.library_schema import LIBRARY
from desktop_relay.store.lists import load_lists
from desktop_relay.store.lock import EngineLock
from desktop_relay.store.routes import load_routes
from desktop_relay.store.settings import load_settings
from desktop_relay.store.slicing import at_once
from desktop_relay.store.spool import Spool
from desktop_relay.store.spool_schema import SPOOL
from desktop_relay.store.swapping import hold_lock
from desktop_relay.store.templates import load_template
from tests.fakes.engine_link import FakeEngineLink
from tests.upgrades.make import ACCOUNT, AT, HERE, LETTER, PEOPLE, SHOP, make_library, make_spool


def old_files(kind: str) -> list[Path]:
    return sorted((HERE / kind).glob("v*.db"))


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def shape_of(path: Path) -> set[tuple[str, str]]:
    """Tables, columns and indexes, however they came about."""
    with closing(sqlite3.connect(path)) as db:
        names = db.execute("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").fetchall()
        columns = [
            (name, row[1])
            for kind, name in names
            if kind == "table"
            for row in db.execute(f'PRAGMA table_info("{name}")')
        ]
    return {*names, *columns}


def test_every_version_has_its_file() -> None:
    assert [path.stem for path in old_files("library")] == [f"v{n}" for n in range(1, LIBRARY.version + 1)]
    assert [path.stem for path in old_files("spool")] == [f"v{n}" for n in range(1, SPOOL.version + 1)]
    for path in (*old_files("library"), *old_files("spool")):
        assert path.stem == f"v{version_of(path)}"
        assert path.stat().st_size < 256 * 1024


@pytest.mark.parametrize("old", old_files("library"), ids=lambda path: path.stem)
def test_an_old_library(old: Path, tmp_path: Path) -> None:
    shutil.copyfile(old, tmp_path / LIBRARY_FILE)
    with open_library(tmp_path) as db:
        people = load_contacts(db, load_contact_ids(db, ContactQuery()))
        assert [person.email for person in people] == ["a..b@docomo.ne.jp", *PEOPLE]
        assert [person.legacy for person in people] == [True, False, False, False, False]
        assert people[1].fields["会員番号"] == "7"
        assert [(row.name, row.count) for row in load_lists(db)] == [("客", 5)]
        assert load_template(db, "秋") == LETTER
        assert load_identities(db) == [SHOP]
        assert load_routes(db)[1:] == [ACCOUNT]
        sent, unsent = load_drafts(db)
        assert (sent.name, sent.submitted_at) == ("秋のお知らせ", AT)
        assert (unsent.subject, unsent.submitted_at) == ("件名", None)
        assert load_settings(db) == {key: s.default for key, s in SETTINGS.items()} | {"direct.port": 2525}
        (past,) = load_imports(db)
        assert undo_import(db, past.id) == (4, 0)
        assert db.rows("PRAGMA integrity_check") == [("ok",)]
        assert db.rows("PRAGMA foreign_key_check") == []
    assert version_of(tmp_path / LIBRARY_FILE) == LIBRARY.version
    fresh = tmp_path / "fresh"
    make_library(fresh)
    assert shape_of(tmp_path / LIBRARY_FILE) == shape_of(fresh / LIBRARY_FILE)


@pytest.mark.parametrize("text", ["茅ケ崎", "葛城", "日本語.example", "山田"])
def test_people_of_an_old_library_are_found_by_any_spelling(text: str, tmp_path: Path) -> None:
    shutil.copyfile(HERE / "library" / "v2.db", tmp_path / LIBRARY_FILE)
    key = "a@xn--wgv71a119e.example"
    with closing(sqlite3.connect(tmp_path / LIBRARY_FILE)) as db, db:
        db.execute(
            "UPDATE contacts SET key = ?, email = ?, search = ? WHERE id = 2",
            [key, key, f"{key}\n山田\n茅ゖ崎市\n葛\U000e0100城"],
        )
    with open_library(tmp_path) as db:
        assert list(load_contact_ids(db, ContactQuery(text=text))) == [2]


@pytest.mark.parametrize("old", old_files("spool"), ids=lambda path: path.stem)
def test_an_old_spool(old: Path, tmp_path: Path) -> None:
    shutil.copyfile(old, tmp_path / SPOOL_FILE)
    with open_spool_for_engine(tmp_path) as db:
        spool = Spool(db)
        recovered = at_once(spool.recover(AT))
        assert (recovered.unknown, recovered.released) == (1, 0), "what was in flight nobody can say"
        assert Counts.sum(spool.counts(1).values()) == Counts(accepted=1, deferred=1, unknown=1, pending=1)
        (submitted,) = load_campaign_rows(db)
        assert (submitted.snapshot.template, submitted.snapshot.identity) == (LETTER, SHOP)
        assert submitted.snapshot.route == ACCOUNT
        rows = load_ledger_rows(db, load_recipient_ids(db, LedgerQuery(1, RecipientState.DEFERRED)))
        assert [(row.code, row.enhanced, row.text) for row in rows] == [(450, "4.7.1", "later")]
        assert [attempt.number for attempt in load_attempts(db, rows[0].recipient)] == [1]
        assert load_lane_memory(db, "account")["docomo"].pace.pace == 0.5
        assert load_lane_overrides(db, "account")["docomo"].rate == 0.5
        assert [entry.pattern for entry in load_suppressions(db)] == ["x@example.jp"]
        assert len(spool.lease(1, "docomo", 10, AT)) == 1, "and it goes on sending"
        assert db.rows("PRAGMA integrity_check") == [("ok",)]
    with open_spool(tmp_path) as reader:
        assert len(load_campaign_rows(reader)) == 1
    fresh = tmp_path / "fresh"
    make_spool(fresh)
    assert shape_of(tmp_path / SPOOL_FILE) == shape_of(fresh / SPOOL_FILE)


@pytest.mark.parametrize("old", old_files("spool"), ids=lambda path: path.stem)
def test_what_was_sent_is_shown_before_an_engine_runs(old: Path, tmp_path: Path) -> None:
    shutil.copyfile(old, tmp_path / SPOOL_FILE)
    with closing(Workspace(tmp_path, FakeEngineLink(tmp_path))) as ws:
        (row,) = campaigns.overview(ws)
        assert row.state is not CampaignState.UNRECORDED
        assert row.counts is not None
        assert row.counts.accepted == 1


@pytest.mark.parametrize("kind", ["spool", "library"])
def test_an_engine_of_before_makes_room_and_todays_goes_on(kind: str, tmp_path: Path) -> None:
    name, schema = (SPOOL_FILE, SPOOL) if kind == "spool" else (LIBRARY_FILE, LIBRARY)
    shutil.copyfile(HERE / kind / "v1.db", tmp_path / name)
    versions: list[int] = []

    class Link(FakeEngineLink):
        """Of an engine that runs, and holds the data until it is told to end."""

        lock: EngineLock | None = None

        def stop(self) -> bool:
            versions.append(version_of(tmp_path / name))
            assert self.lock is not None
            self.lock.release()
            return True

    link = Link(tmp_path)
    link.lock = EngineLock(tmp_path)
    link.lock.acquire()
    Workspace(tmp_path, link).close()
    assert versions == [1], "not before it had ended"
    assert version_of(tmp_path / name) == schema.version
    assert link.commands == [Status()], "mail goes on"
    Workspace(tmp_path, link).close()
    assert versions == [1], "once"


def test_an_engine_goes_on_although_the_data_could_not_be_opened(tmp_path: Path) -> None:
    shutil.copyfile(HERE / "library" / "v1.db", tmp_path / LIBRARY_FILE)

    class Link(FakeEngineLink):
        """Of an engine that runs; when it has ended the library can be opened by nobody."""

        def stop(self) -> bool:
            with closing(sqlite3.connect(tmp_path / LIBRARY_FILE)) as library, library:
                library.execute("PRAGMA user_version = 9999")
            return True

    link = Link(tmp_path)
    with pytest.raises(StoreUnusable):
        Workspace(tmp_path, link)
    assert link.commands == [Status()]


def test_an_engine_of_before_keeps_its_spool(tmp_path: Path) -> None:
    shutil.copyfile(HERE / "spool" / "v1.db", tmp_path / SPOOL_FILE)
    with hold_lock(tmp_path):
        Workspace(tmp_path, FakeEngineLink(tmp_path)).close()
    assert version_of(tmp_path / SPOOL_FILE) == 1
