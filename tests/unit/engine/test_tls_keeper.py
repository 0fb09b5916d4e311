"""What is remembered of others' encryption outlives the engine, and a disk that is full."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from desktop_relay.domain.errors import StoreUnusable
from desktop_relay.engine.clock import SystemClock
from desktop_relay.engine.tls_keeper import TlsKeeper
from desktop_relay.protocol.mta_sts import KeptPolicy, StsMode, StsPolicy
from desktop_relay.transport.tls_memory import TlsMemory
from tests.fakes.transport import FakeOutlets
from tests.unit.engine.desk import Desk

HOST, DOMAIN = "mx.example", "test.example"


async def test_remembered_over_a_crash(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    engine = await desk.start()
    now = SystemClock().now()
    kept = KeptPolicy("1", StsPolicy(StsMode.ENFORCE, (HOST,), timedelta(days=1)), now)
    desk.outlets.tls.note_encrypted(HOST, now)
    desk.outlets.tls.keep_policy(DOMAIN, kept)
    await engine.lines.save()
    await desk.crash()
    desk.outlets = FakeOutlets(desk.way)
    await desk.start()
    assert not desk.outlets.tls.was_encrypted(HOST, now)
    await desk.send(desk.write(["anna@test.example"]))
    # known before the first way is opened
    assert desk.outlets.tls.was_encrypted(HOST, now)
    found = desk.outlets.tls.policy_of(DOMAIN, now)
    assert found is not None
    assert found.policy == kept.policy
    await desk.engine.stop()


async def test_what_could_not_be_written_is_written_later(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    engine = await desk.start()
    memory, now = TlsMemory(), SystemClock().now()
    keeper = TlsKeeper(engine.shop, memory)
    memory.note_encrypted(HOST, now)
    engine._database.execute("PRAGMA query_only = on")
    with pytest.raises(StoreUnusable):
        await keeper.save()
    engine._database.execute("PRAGMA query_only = off")
    await keeper.save()
    again = TlsMemory()
    await TlsKeeper(engine.shop, again).load()
    assert again.was_encrypted(HOST, now)
    await engine.stop()
