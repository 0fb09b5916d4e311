"""The list above all lists in the engine's memory is the one on the disk, and is read only once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.suppression import Suppression, SuppressionReason
from desktop_relay.engine.clock import SystemClock
from desktop_relay.engine.suppressions import REASONS, Suppressions
from desktop_relay.engine.writer import Writer
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.spool import Spool

PATTERNS = ("a@x.example", "b@x.example", "@x.example", "*.y.example")
CHANGES = st.lists(
    st.tuples(st.booleans(), st.lists(st.sampled_from(PATTERNS)), st.sampled_from(SuppressionReason)),
    max_size=8,
)


class CountingSpool(Spool):
    """How often all of the list was read."""

    reads = 0

    def load_suppressions(self) -> list[Suppression]:
        self.reads += 1
        return super().load_suppressions()


@given(CHANGES)
def test_what_is_asked_is_what_is_kept(changes: list[tuple[bool, list[str], SuppressionReason]]) -> None:
    async def change() -> None:
        with TemporaryDirectory() as directory, open_spool_for_engine(Path(directory)) as db:
            spool, writer = CountingSpool(db), Writer()
            inforce = Suppressions(writer, spool, SystemClock())
            await inforce.load()
            await asyncio.gather(  # all at once, as bounces come
                *(
                    inforce.add(patterns, reason, "") if adds else inforce.remove(patterns)
                    for adds, patterns, reason in changes
                )
            )
            assert spool.reads == 1
            later = Suppressions(writer, spool, SystemClock())
            await later.load()
            kept = {entry.pattern: REASONS[entry.reason] for entry in spool.load_suppressions()}
            for key in (*PATTERNS[:2], "c@x.example", "a@y.example", "a@z.y.example", "a@z.test"):
                assert inforce.reason_for(key) == later.reason_for(key)
            assert {p: inforce.reason_for(p) for p in kept if p[0] in "ab"} == {
                p: reason for p, reason in kept.items() if p[0] in "ab"
            }
            writer.close()

    asyncio.run(change())
