"""Walks of recipients through all their states: counters agree, no step is illegal, nobody is lost."""

import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from desktop_relay.domain.errors import ErrorCode, Refused
from desktop_relay.domain.outcome import Disposition
from desktop_relay.domain.recipient import RECIPIENT_TRANSITIONS, RecipientState
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.slicing import at_once
from desktop_relay.store.spool import Spool
from tests.unit.store.samples import LIFE, accepted, deferred, ended, people, snapshot

S = RecipientState
LANES = ("docomo", "au")
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
DONE = frozenset({S.ACCEPTED, S.BOUNCED, S.SUPPRESSED})
ENDS = sorted(Disposition(state.value) for state in RECIPIENT_TRANSITIONS[S.IN_FLIGHT] - {S.READY})
DISPOSITIONS = st.sampled_from(list(Disposition))


def reachable(old: S, steps: int = 2) -> set[S]:
    """What the table leads to; a due deferred one passes through pending when it is leased."""
    found = {old}
    for _ in range(steps):
        found |= {new for state in found for new in RECIPIENT_TRANSITIONS[state]}
    return found


class Walk(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.at = START
        self.sizes: dict[int, int] = {}
        self.seen: dict[int, S] = {}
        self.attempts: Counter[int] = Counter()
        self.open()

    def open(self) -> None:
        self.spool = Spool(open_spool_for_engine(Path(self.folder.name)))
        # what a lost power supply does is not the subject here
        self.spool.db.execute("PRAGMA synchronous=OFF")

    def teardown(self) -> None:
        self.spool.db.close()
        self.folder.cleanup()

    def states(self) -> dict[int, S]:
        return {number: S(name) for number, name in self.spool.db.rows("SELECT id, state FROM recipients")}

    def within(self, *states: S) -> list[int]:
        return [number for number, state in sorted(self.states().items()) if state in states]

    @initialize(number=st.integers(4, 12))
    def first(self, number: int) -> None:
        self.submit(number, again=False)

    @precondition(lambda self: len(self.sizes) < 3)
    @rule(number=st.integers(1, 8), again=st.booleans())
    def submit(self, number: int, again: bool) -> None:
        campaign = 1 if again and self.sizes else len(self.sizes) + 1
        told = self.spool.submit(
            snapshot(campaign, expires_at=self.at + LIFE), people(number, LANES), self.at
        )
        assert told.total == self.sizes.setdefault(campaign, number)

    @rule(seconds=st.sampled_from([1, 700, 100_000, 200_000]))
    def wait(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)

    @rule(data=st.data(), lane=st.sampled_from(LANES), limit=st.integers(1, 5))
    def lease(self, data: st.DataObject, lane: str, limit: int) -> None:
        campaign = data.draw(st.sampled_from(sorted(self.sizes)))
        due = self.spool.next_due(campaign, lane)
        before = self.states()
        leased = self.spool.lease(campaign, lane, limit, self.at)
        assert bool(leased) == (due is not None and due <= self.at)
        assert len(leased) <= limit
        for recipient in leased:
            assert before[recipient.id] in (S.PENDING, S.DEFERRED)
            assert (recipient.campaign, recipient.lane) == (campaign, lane)
            assert recipient.attempts == self.attempts[recipient.id]

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        ready = self.within(S.READY)
        chosen = data.draw(st.lists(st.sampled_from([*ready, 999]), unique=True))
        assert self.spool.release(chosen, self.at) == len(set(chosen) & set(ready))

    @rule(data=st.data())
    def apply(self, data: st.DataObject) -> None:
        ready, flying = self.within(S.READY), self.within(S.IN_FLIGHT)
        begins = data.draw(st.lists(st.sampled_from(ready), unique=True)) if ready else []
        settled = data.draw(st.lists(st.sampled_from(flying), unique=True)) if flying else []
        settlements = []
        for number in settled:
            kind = data.draw(st.sampled_from(ENDS))
            settlements.append(
                accepted(number, self.at)
                if kind is Disposition.ACCEPTED
                else deferred(number, self.at)
                if kind is Disposition.DEFERRED
                else ended(number, kind, self.at)
            )
        self.spool.apply(begins, settlements, self.at)
        self.attempts.update(begins)

    @rule(data=st.data())
    def hand_back(self, data: st.DataObject) -> None:
        """Begun, and stopped before anything was sent: as if it had not been begun."""
        flying, ready = self.within(S.IN_FLIGHT), self.within(S.READY)
        chosen = set(data.draw(st.lists(st.sampled_from([*flying, *ready, 999]))))
        assert self.spool.hand_back(sorted(chosen), self.at) == len(chosen & {*flying, *ready})
        self.attempts.subtract(chosen & set(flying))
        for number in chosen & {*flying, *ready}:
            assert self.states()[number] is (S.DEFERRED if self.attempts[number] else S.PENDING)

    @rule(lane=st.sampled_from(LANES), retry=st.booleans())
    def send_a_round(self, lane: str, retry: bool) -> None:
        """The ordinary way, as a whole, so that walks get to retries of retries."""
        leased = [recipient.id for recipient in self.spool.lease(1, lane, 1, self.at)]
        self.every_step_was_legal()
        self.spool.apply(leased, [], self.at)
        self.attempts.update(leased)
        self.every_step_was_legal()
        settle = deferred if retry else accepted
        self.spool.apply([], [settle(number, self.at) for number in leased], self.at)
        self.at += timedelta(seconds=700)

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), disposition=DISPOSITIONS)
    def apply_anything(self, data: st.DataObject, disposition: Disposition) -> None:
        states = self.states()
        number = data.draw(st.sampled_from(sorted(states)))
        settlements = [ended(number, disposition, self.at)]
        if S(disposition.value) in RECIPIENT_TRANSITIONS[states[number]]:
            self.spool.apply([], settlements, self.at)
            return
        with pytest.raises(Refused) as caught:
            self.spool.apply([], settlements, self.at)
        assert caught.value.code is ErrorCode.TRANSITION_REFUSED
        assert self.states() == states

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def begin_anything(self, data: st.DataObject) -> None:
        states = self.states()
        number = data.draw(st.sampled_from(sorted(states)))
        if states[number] is S.READY:
            self.spool.apply([number], [], self.at)
            self.attempts[number] += 1
            return
        with pytest.raises(Refused):
            self.spool.apply([number], [], self.at)
        assert self.states() == states

    @rule()
    def crash_and_recover(self) -> None:
        flying, ready = self.within(S.IN_FLIGHT), self.within(S.READY)
        self.spool.db.close()
        self.open()
        recovered = at_once(self.spool.recover(self.at))
        assert (recovered.unknown, recovered.released) == (len(flying), len(ready))
        states = self.states()
        assert {states[number] for number in flying} <= {S.UNKNOWN}
        for number in ready:
            assert states[number] is (S.DEFERRED if self.attempts[number] else S.PENDING)

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        campaign = data.draw(st.sampled_from(sorted(self.sizes)))
        at_once(self.spool.cancel(campaign, self.at))
        left = self.spool.db.number(
            "SELECT count(*) FROM recipients "
            "WHERE campaign = ? AND state IN ('pending', 'ready', 'deferred')",
            [campaign],
        )
        assert left == 0

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), whole=st.booleans())
    def retry_now(self, data: st.DataObject, whole: bool) -> None:
        states = self.states()
        number = data.draw(st.sampled_from(sorted(states)))
        campaign = self.spool.db.number("SELECT campaign FROM recipients WHERE id = ?", [number])
        moved = at_once(self.spool.retry_now(campaign, None if whole else number, self.at))
        if not whole:
            assert moved == (states[number] is S.DEFERRED)

    @rule(data=st.data(), state=st.sampled_from(list(S)))
    def resend(self, data: st.DataObject, state: S) -> None:
        campaign = data.draw(st.sampled_from(sorted(self.sizes)))
        before = self.states()
        if state not in DONE | {S.PENDING, S.READY, S.IN_FLIGHT}:
            at_once(self.spool.resend(campaign, state, self.at))
            return
        with pytest.raises(Refused):
            at_once(self.spool.resend(campaign, state, self.at))
        assert self.states() == before

    @rule(data=st.data())
    def expire(self, data: st.DataObject) -> None:
        at_once(self.spool.expire(data.draw(st.sampled_from(sorted(self.sizes))), self.at))

    @invariant()
    def counters_are_what_a_scan_finds(self) -> None:
        scanned = self.spool.db.rows(
            "SELECT campaign, lane, state, count(*) FROM recipients GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        )
        kept = self.spool.db.rows(
            "SELECT campaign, lane, state, n FROM counters WHERE n > 0 ORDER BY 1, 2, 3"
        )
        assert kept == scanned

    @invariant()
    def nobody_is_lost(self) -> None:
        rows = self.spool.db.rows("SELECT campaign, count(*) FROM recipients GROUP BY campaign")
        assert dict(rows) == self.sizes

    @invariant()
    def every_step_was_legal(self) -> None:
        now = self.states()
        for number, state in now.items():
            old = self.seen.get(number, state)
            assert state in reachable(old)
            assert old not in DONE or state is old
        self.seen = now

    @invariant()
    def every_attempt_is_on_record(self) -> None:
        rows = self.spool.db.rows("SELECT recipient, count(*) FROM attempts GROUP BY recipient")
        assert dict(rows) == {number: n for number, n in self.attempts.items() if n}
        open_ones = self.spool.db.rows("SELECT DISTINCT recipient FROM attempts WHERE ended_at IS NULL")
        flying = set(self.within(S.IN_FLIGHT))
        assert flying <= {row[0] for row in open_ones}


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=100, stateful_step_count=50, deadline=None)
