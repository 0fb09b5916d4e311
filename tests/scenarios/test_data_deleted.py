"""The data directory is deleted while the engine runs.

Files that are open can be written to although nobody will ever see them again, so the engine looks every few
seconds whether its data is still where it was. If not, it begins nothing more, lets what is on the wire end,
says so in its log and to whoever started it, and ends.

Result: data_gone within seconds; nothing is sent after that; what was sent was sent once.
"""

from __future__ import annotations

import logging
import shutil

import pytest

from desktop_relay.domain.errors import ErrorCode
from desktop_relay.store.database import SPOOL_FILE
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account, waited


@pytest.mark.expect_warnings
async def test_the_engine_notices_and_ends(timed: Scene, caplog: pytest.LogCaptureFixture) -> None:
    async with Receiver() as receiver:
        draft = timed.write([f"p{n}@{LANE}" for n in range(400)], route=account(receiver.port))
        await timed.open_lanes(LANE)
        campaign = await timed.send(draft)
        await timed.turn_until(lambda: receiver.taken.total() >= 3, 0.01)
        shutil.rmtree(timed.directory)
        began = timed.clock.monotonic()
        with caplog.at_level(logging.ERROR):
            await timed.turn_until(timed.engine.shutdown.done, 0.2)
        assert timed.clock.monotonic() - began < 10
        assert timed.engine.failure is not None
        assert timed.engine.failure.code is ErrorCode.DATA_GONE
        assert any("no longer there" in record.getMessage() for record in caplog.records)
        await timed.stop(drain=True)
        taken = receiver.taken.total()
        await waited(0.2)
        assert receiver.taken.total() == taken
        assert set(receiver.taken.values()) == {1}
        assert not (timed.directory / SPOOL_FILE).exists()
        assert campaign
