"""Backups at any moment of any walk: accepted stays so, counters agree, nothing is sent by itself."""

from datetime import timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import initialize, rule

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.store.database import open_library, open_spool_for_engine
from desktop_relay.store.spool import Spool
from tests.unit.store.shops import back_up, restore
from tests.unit.store.test_spool_machine import Walk

S = RecipientState


class WalkWithBackups(Walk):
    @initialize()
    def furnish(self) -> None:
        open_library(Path(self.folder.name)).close()
        self.number = 0

    @rule(wait=st.sampled_from([0, 60, 500_000]))
    def back_up_and_restore(self, wait: int) -> None:
        here = Path(self.folder.name)
        self.number += 1
        path, there = here / f"{self.number}.drbackup", here / f"there-{self.number}"
        live = [c.snapshot.id for c in self.spool.load_campaigns() if c.state not in ENDED]
        back_up(here, path, at=self.at)
        assert self.states() == (before := self.states())
        restored = restore(there, path, at=self.at + timedelta(seconds=wait))
        with open_spool_for_engine(there) as db:
            found = {number: S(name) for number, name in db.rows("SELECT id, state FROM recipients")}
            assert {n: after(s, self.attempts[n]) for n, s in before.items()} == found
            counted = db.rows(
                "SELECT state, sum(n) FROM counters GROUP BY state HAVING sum(n) > 0 ORDER BY 1"
            )
            assert counted == db.rows("SELECT state, count(*) FROM recipients GROUP BY state ORDER BY 1")
            assert db.rows("PRAGMA foreign_key_check") == []
            paused = [c for c in Spool(db).load_campaigns() if c.pause_reason is PauseReason.RESTORED]
            assert [c.snapshot.id for c in paused] == live
            assert {c.state for c in paused} <= {CampaignState.PAUSED}
        assert restored.unknown == sum(state is S.IN_FLIGHT for state in before.values())


ENDED = (CampaignState.FINISHED, CampaignState.CANCELLED)


def after(state: S, attempts: int) -> S:
    """What was under way is in doubt, what was leased goes back; all else is as it was."""
    if state is S.READY:
        return S.DEFERRED if attempts else S.PENDING
    return S.UNKNOWN if state is S.IN_FLIGHT else state


@pytest.fixture(autouse=True)
def no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKTOP_RELAY_KEYCHAIN", "off")


TestBackups = WalkWithBackups.TestCase
TestBackups.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
