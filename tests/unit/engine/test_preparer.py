"""Messages are the same whoever builds them, a killed helper costs nothing, helpers end with the engine."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.domain.template import Template
from desktop_relay.engine.preparer import Preparer
from tests.fakes.letters import NOON, SHOP, recipient, snapshot

CAMPAIGN = snapshot(
    Template("会員", "{{ name }}", "<p>{{ name }}様</p><p>{{ 会員番号 }}</p>", ""),
    replace(SHOP, selector=None),
)
PEOPLE = [recipient(f"p{n}@example.test", name=f"人{n}", 会員番号=str(n)) for n in range(80)]
NAMELESS = recipient("gone@example.test", name="誰か")


@pytest.fixture
async def preparer(tmp_path: Path) -> AsyncIterator[Preparer]:
    made = Preparer(tmp_path)
    yield made
    made.close()


async def helpers_of(preparer: Preparer) -> list[psutil.Process]:
    """Let helpers come and answer them."""
    preparer.hasten()
    return [psutil.Process(helper.pid) for helper in await preparer.helped()]


async def test_helpers_build_what_threads_build(preparer: Preparer) -> None:
    blueprint = await preparer.open(CAMPAIGN)
    by_threads = await preparer.build(blueprint, PEOPLE, NOON)
    assert await helpers_of(preparer)
    assert await preparer.build(blueprint, PEOPLE, NOON) == by_threads
    assert all(isinstance(message, Outgoing) for message in by_threads)


async def test_a_missing_field_crosses_as_what_it_is(preparer: Preparer) -> None:
    blueprint = await preparer.open(CAMPAIGN)
    await helpers_of(preparer)
    good, bad = await preparer.build(blueprint, [PEOPLE[0], NAMELESS], NOON)
    assert isinstance(good, Outgoing)
    assert isinstance(bad, BadInput)
    assert (bad.code, bad.params["field"]) == (ErrorCode.MERGE_FIELD_MISSING, "会員番号")


async def test_answers_of_any_size_come_whole_and_in_order(preparer: Preparer) -> None:
    """Short ones, ones larger than what is read at a time, and nothing at all, several under way."""
    letters = [replace(CAMPAIGN, template=Template(str(size), "x", "", "あ" * size)) for size in (1, 60_000)]
    blueprints = [await preparer.open(letter) for letter in letters]
    lots = [PEOPLE[:1], [], PEOPLE[:32], PEOPLE[:3]]
    jobs = [(blueprint, lot) for lot in lots for blueprint in blueprints]
    by_threads = [await preparer.build(blueprint, lot, NOON) for blueprint, lot in jobs]
    await helpers_of(preparer)
    for _ in range(3):
        built = await asyncio.gather(*(preparer.build(blueprint, lot, NOON) for blueprint, lot in jobs))
        assert built == by_threads


async def test_threads_go_on_when_helpers_are_killed(preparer: Preparer) -> None:
    blueprint = await preparer.open(CAMPAIGN)
    for helper in await helpers_of(preparer):
        helper.kill()
        helper.wait(10)
    built = await preparer.build(blueprint, PEOPLE, NOON)
    assert [message.envelope.recipient for message in built if isinstance(message, Outgoing)] == [
        person.address for person in PEOPLE
    ]


PROGRAM = """
import asyncio, sys
from pathlib import Path
from desktop_relay.engine.preparer import Preparer

async def main():
    preparer = Preparer(Path("."))
    preparer.hasten()
    await preparer.helped()
    print("here", flush=True)
    await asyncio.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_helpers_end_with_the_engine_however_it_ends(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "here\n"
        helpers = psutil.Process(program.pid).children()
        assert helpers
        os.kill(program.pid, signal.SIGKILL)
        end = time.monotonic() + 20
        while any(helper.is_running() for helper in helpers) and time.monotonic() < end:
            time.sleep(0.05)
    assert not any(helper.is_running() for helper in helpers)
