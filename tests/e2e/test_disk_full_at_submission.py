"""A campaign that does not fit on the disk: refused in words, taken back, and others have room to go on."""

from __future__ import annotations

from pathlib import Path

from desktop_relay.store.copying import ROOM_LEFT
from desktop_relay.store.database import open_library, open_spool
from tests.e2e.letters import draft
from tests.e2e.program import Program
from tests.e2e.test_disk_full import mounted
from tests.unit.store.crowd import add_crowd

MEGABYTES = (ROOM_LEFT >> 20) + 34
PEOPLE = 80_000
"""Some 20 MB in the library, and as many again would be in the spool."""


def test_it_is_taken_back(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", MEGABYTES) as disk:
        program = Program(disk / "data")
        try:
            campaign = draft(program, tmp_path, ["a@lane0.example"], "sandbox")
            with open_library(program.directory) as library:
                add_crowd(library, "crowd", range(2, PEOPLE + 2))
                library.execute("""UPDATE drafts SET lists = '["crowd"]'""")
            code, sentence = program.fails("campaign", "send", str(campaign), "--force", "all")
            assert code == 1
            assert "full" in sentence
            with open_spool(program.directory) as spool:
                for table in ("campaigns", "submissions", "recipients", "merge_fields", "recipient_keys"):
                    assert spool.number(f"SELECT count(*) FROM {table}") == 0, table
            other = draft(program, tmp_path, ["b@lane0.example"], "sandbox")
            assert program.call("campaign", "send", str(other), "--force", "all")["total"] == 2
        finally:
            program.stop()
