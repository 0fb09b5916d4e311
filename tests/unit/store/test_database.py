"""Opening databases, and every way in which that can fail."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.store.contacts import load_field_names
from desktop_relay.store.database import Database, open_library, open_spool, open_spool_for_engine
from desktop_relay.store.faults import raise_told, raise_told_by_system
from desktop_relay.store.ledger import load_campaign_rows
from desktop_relay.store.library_schema import LIBRARY
from desktop_relay.store.spool_schema import SPOOL

posix_only = pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX's")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix_only
def test_directory_and_files_are_private(tmp_path: Path) -> None:
    directory = tmp_path / "deep" / "data"
    with open_library(directory) as library, open_spool_for_engine(directory):
        library.execute("INSERT INTO lists (name) VALUES ('x')")
        assert mode(directory) == 0o700
        assert {mode(file) for file in directory.iterdir()} == {0o600}


@posix_only
def test_an_empty_directory_becomes_private_and_a_used_one_stays(tmp_path: Path) -> None:
    empty, used = tmp_path / "empty", tmp_path / "used"
    for directory in (empty, used):
        directory.mkdir()
        directory.chmod(0o755)
    (used / "photo.png").touch()
    open_library(empty).close()
    open_library(used).close()
    assert (mode(empty), mode(used)) == (0o700, 0o755)


@posix_only
def test_a_copy_that_others_may_read_becomes_private(tmp_path: Path) -> None:
    open_library(tmp_path).close()
    (tmp_path / "library.db").chmod(0o644)
    with open_library(tmp_path) as library:
        library.execute("INSERT INTO lists (name) VALUES ('x')")
        assert {mode(file) for file in tmp_path.iterdir()} == {0o600}


def test_pragmas(tmp_path: Path) -> None:
    with open_library(tmp_path) as library, open_spool_for_engine(tmp_path) as spool:
        for database, synchronous in ((library, 1), (spool, 2)):
            assert database.rows("PRAGMA journal_mode") == [("wal",)]
            assert database.number("PRAGMA synchronous") == synchronous
            assert database.number("PRAGMA foreign_keys") == 1
            assert database.number("PRAGMA busy_timeout") == 5000


@pytest.mark.parametrize("schema", [LIBRARY, SPOOL])
def test_version_is_the_number_of_migrations(schema: object, tmp_path: Path) -> None:
    with open_library(tmp_path) as library, open_spool_for_engine(tmp_path) as spool:
        database = library if schema is LIBRARY else spool
        applied = database.number("SELECT count(*) FROM _sqlite_migrations")
        assert database.number("PRAGMA user_version") == applied
        assert applied == (LIBRARY if schema is LIBRARY else SPOOL).version


def test_opening_again_keeps_everything(tmp_path: Path) -> None:
    with open_library(tmp_path) as library:
        library.execute("INSERT INTO lists (name) VALUES ('顧客')")
    with open_library(tmp_path) as library:
        assert library.rows("SELECT name FROM lists") == [("顧客",)]


def test_many_open_a_new_library_at_once(tmp_path: Path) -> None:
    failures: list[StoreUnusable] = []

    def work() -> None:
        try:
            open_library(tmp_path / "data").close()
        except StoreUnusable as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.parametrize("opener", [open_library, open_spool_for_engine])
def test_damaged_file(opener: type, tmp_path: Path) -> None:
    for name in ("library.db", "spool.db"):
        (tmp_path / name).write_bytes(b"this is no database at all" * 100)
    with pytest.raises(StoreUnusable) as caught:
        opener(tmp_path)
    assert caught.value.code is ErrorCode.DATA_CORRUPT
    assert str(tmp_path) in str(caught.value.params["path"])


def test_damaged_file_for_readers(tmp_path: Path) -> None:
    for name in ("library.db", "spool.db"):
        (tmp_path / name).write_bytes(b"garbage" * 1000)
    with pytest.raises(StoreUnusable) as spool:
        open_spool(tmp_path)
    with pytest.raises(StoreUnusable) as library:
        open_library(tmp_path, read_only=True)
    assert spool.value.code is library.value.code is ErrorCode.DATA_CORRUPT


def test_damaged_page_is_told_when_it_is_met(tmp_path: Path) -> None:
    with open_library(tmp_path) as library:
        library.executemany("INSERT INTO lists (name) VALUES (?)", ((f"{n:0300}",) for n in range(200)))
    path = tmp_path / "library.db"
    content = bytearray(path.read_bytes())
    size = 4096
    for start in range(size, len(content), size):
        content[start : start + size] = b"\xff" * size
    path.write_bytes(content)
    with pytest.raises(StoreUnusable) as caught, open_library(tmp_path) as library:
        library.rows("SELECT * FROM lists")
    assert caught.value.code is ErrorCode.DATA_CORRUPT


def test_foreign_database_is_no_library(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "library.db")) as other:
        other.execute("CREATE TABLE contacts (phone TEXT)")
    with pytest.raises(StoreUnusable) as caught:
        open_library(tmp_path)
    assert caught.value.code is ErrorCode.DATA_CORRUPT
    with closing(sqlite3.connect(tmp_path / "library.db")) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("contacts",)]


@pytest.mark.parametrize("name", ["library.db", "spool.db"])
def test_newer_data_is_left_alone(name: str, tmp_path: Path) -> None:
    open_library(tmp_path).close()
    open_spool_for_engine(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / name)) as newer:
        newer.execute("PRAGMA user_version=99")
    openers = (
        [open_library, lambda directory: open_library(directory, read_only=True)]
        if name == "library.db"
        else [open_spool_for_engine, open_spool]
    )
    for opener in openers:
        with pytest.raises(StoreUnusable) as caught:
            opener(tmp_path)
        assert caught.value.code is ErrorCode.DATA_NEWER
        assert caught.value.params["path"] == str(tmp_path / name)


def test_file_in_place_of_the_directory(tmp_path: Path) -> None:
    place = tmp_path / "data"
    place.write_text("no directory")
    for opener in (open_library, open_spool_for_engine, open_spool):
        with pytest.raises(StoreUnusable) as caught:
            opener(place)
        assert caught.value.code is ErrorCode.DATA_READ_ONLY


@posix_only
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_directory(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StoreUnusable) as caught:
            open_library(tmp_path)
    finally:
        tmp_path.chmod(0o700)
    assert caught.value.code is ErrorCode.DATA_READ_ONLY


def test_writing_through_a_reader_is_refused(tmp_path: Path) -> None:
    open_library(tmp_path).close()
    with (
        open_library(tmp_path, read_only=True) as library,
        pytest.raises(StoreUnusable) as caught,
    ):
        library.execute("INSERT INTO lists (name) VALUES ('x')")
    assert caught.value.code is ErrorCode.DATA_READ_ONLY


def test_reader_of_a_missing_library(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable) as caught:
        open_library(tmp_path, read_only=True)
    assert caught.value.code is ErrorCode.DATA_READ_ONLY
    assert not (tmp_path / "library.db").exists()


def test_disk_full_leaves_everything_as_it_was(library: Database) -> None:
    library.execute("INSERT INTO lists (name) VALUES ('before')")
    library.execute(f"PRAGMA max_page_count={library.number('PRAGMA page_count')}")

    def fill() -> None:
        with library.transaction():
            for number in range(5000):
                library.execute("INSERT INTO lists (name) VALUES (?)", [f"{number:0500}"])

    with pytest.raises(StoreUnusable) as caught:
        fill()
    assert caught.value.code is ErrorCode.DISK_FULL
    assert library.rows("SELECT name FROM lists") == [("before",)]
    assert not library.connection.in_transaction


def test_locked_database_is_told_after_a_while(library: Database, tmp_path: Path) -> None:
    with open_library(tmp_path) as other, other.transaction():
        library.execute("PRAGMA busy_timeout=50")
        with pytest.raises(StoreUnusable) as caught, library.transaction():
            pass
    assert caught.value.code is ErrorCode.DATA_BUSY


def test_every_system_error_has_a_code() -> None:
    for number, code in ((28, ErrorCode.DISK_FULL), (13, ErrorCode.DATA_READ_ONLY)):
        with pytest.raises(StoreUnusable) as caught:
            raise_told_by_system(OSError(number, "why"), Path("data"))
        assert caught.value.code is code


def test_misuse_stays_a_bug() -> None:
    with pytest.raises(sqlite3.ProgrammingError):
        raise_told(sqlite3.ProgrammingError("closed"), None)


def test_transaction_rolls_back_and_nests(library: Database) -> None:
    def break_off() -> None:
        with library.transaction():
            library.execute("INSERT INTO lists (name) VALUES ('outer')")
            with library.transaction():
                library.execute("INSERT INTO lists (name) VALUES ('inner')")
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert library.rows("SELECT name FROM lists") == []


def test_ids_come_in_order_and_whole(library: Database) -> None:
    library.executemany("INSERT INTO lists (name) VALUES (?)", ((f"{n}",) for n in range(45_000)))
    ids = library.ids("SELECT id FROM lists ORDER BY id DESC")
    assert list(ids) == list(range(45_000, 0, -1))


def test_missing_spool_is_empty_and_unwritable(tmp_path: Path) -> None:
    with open_spool(tmp_path) as spool:
        assert spool.path is None
        assert load_campaign_rows(spool) == []
        with pytest.raises(StoreUnusable) as caught:
            spool.execute("DELETE FROM recipients")
    assert caught.value.code is ErrorCode.DATA_READ_ONLY
    assert list(tmp_path.iterdir()) == []


def test_spool_that_its_engine_is_just_making_counts_as_missing(tmp_path: Path) -> None:
    (tmp_path / "spool.db").touch()
    with open_spool(tmp_path) as spool:
        assert spool.path is None
    with closing(sqlite3.connect(tmp_path / "spool.db")) as half_made:
        half_made.execute("PRAGMA journal_mode=WAL")
    with open_spool(tmp_path) as spool:
        assert spool.path is None
        assert load_campaign_rows(spool) == []


def test_reader_sees_what_the_engine_committed(tmp_path: Path) -> None:
    with open_spool_for_engine(tmp_path) as engine, open_spool(tmp_path) as reader:
        assert reader.path == tmp_path / "spool.db"
        engine.execute("INSERT INTO suppressions VALUES ('a@b.example', 'by_hand', '', 0)")
        assert reader.number("SELECT count(*) FROM suppressions") == 1


def test_committed_work_survives_a_killed_process(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from desktop_relay.store.database import open_spool_for_engine\n"
        "db = open_spool_for_engine(Path(sys.argv[1]))\n"
        "db.execute(\"INSERT INTO suppressions VALUES ('kept@b.example', 'by_hand', '', 0)\")\n"
        "db.execute('BEGIN IMMEDIATE')\n"
        "db.execute(\"INSERT INTO suppressions VALUES ('lost@b.example', 'by_hand', '', 0)\")\n"
        "os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, timeout=60)
    assert done.returncode == 9
    with open_spool_for_engine(tmp_path) as spool:
        assert spool.rows("SELECT pattern FROM suppressions") == [("kept@b.example",)]


def test_a_library_is_usable_at_once(library: Database) -> None:
    assert load_field_names(library)[0] == "email"


def test_a_file_that_is_gone_or_another_is_not_in_place(tmp_path: Path) -> None:
    with open_spool_for_engine(tmp_path / "data") as spool:
        assert spool.is_in_place()
        moved = (tmp_path / "data").rename(tmp_path / "elsewhere")
        assert not spool.is_in_place()
        open_spool_for_engine(tmp_path / "data").close()
        assert not spool.is_in_place(), "another one of the same name"
        shutil.rmtree(tmp_path / "data")
        moved.rename(tmp_path / "data")
        assert spool.is_in_place()
    with open_spool(tmp_path / "nothing") as nothing:
        assert nothing.is_in_place()


LONG = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT count(*) FROM n"


def test_closing_waits_for_the_statement_of_another_thread(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    begun = threading.Event()
    library.connection.set_progress_handler(begun.set, 1_000)
    with ThreadPoolExecutor(1) as thread:
        counting = thread.submit(library.number, LONG)
        assert begun.wait(30)
        library.close()
        assert counting.result(30) == 300_000


def test_closing_beside_a_busy_thread_never_takes_the_process_along(tmp_path: Path) -> None:
    open_library(tmp_path).close()

    def read_on(library: Database, begun: threading.Event) -> None:
        begun.set()
        while True:
            with library.transaction():
                assert library.rows("SELECT name FROM sqlite_master")
                assert list(library.chunks("SELECT name FROM sqlite_master"))

    with ThreadPoolExecutor(1) as thread:
        for _ in range(100):
            library, begun = open_library(tmp_path), threading.Event()
            reading = thread.submit(read_on, library, begun)
            assert begun.wait(30)
            library.close()
            with pytest.raises(StoreUnusable) as caught:
                reading.result(30)
            assert caught.value.code is ErrorCode.DATA_BUSY


def test_a_transaction_that_closing_broke_off_is_as_if_it_had_not_been(tmp_path: Path) -> None:
    library = open_library(tmp_path)

    def write_two() -> None:
        with library.transaction():
            library.execute("INSERT INTO lists (name) VALUES ('half')")
            library.close()
            library.execute("INSERT INTO lists (name) VALUES ('whole')")

    with pytest.raises(StoreUnusable):
        write_two()
    library.close()
    with open_library(tmp_path) as again:
        assert again.number("SELECT count(*) FROM lists") == 0


def test_rows_to_write_may_come_from_the_same_connection(tmp_path: Path) -> None:
    with open_library(tmp_path) as library:
        names = ("SELECT 'first' UNION SELECT 'second'",)
        written = library.executemany(
            "INSERT INTO lists (name) VALUES (?)", (row for sql in names for row in library.rows(sql))
        )
        assert written == library.number("SELECT count(*) FROM lists") == 2
