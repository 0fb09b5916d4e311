"""Server and client in one process over a real socket: answers, pushes, and peers that misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import stat
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop_relay.domain.command import Cancel, Command, Pause, Resume, Status, Suppress, Watch
from desktop_relay.domain.errors import EngineUnreachable, ErrorCode, NotFound, Refused
from desktop_relay.domain.progress import Changed, Progress
from desktop_relay.ipc import messages
from desktop_relay.ipc import server as serving
from desktop_relay.ipc.client import Client
from desktop_relay.ipc.endpoint import endpoint_of
from desktop_relay.ipc.server import Server

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Unix sockets")

PROGRESS = Progress(pid=1, version="9", uptime=1.0, memory=1, generation=1)
PATIENCE = 20.0


async def obey(command: Command) -> Mapping[str, Any]:
    """A small engine."""
    match command:
        case Pause(campaign):
            return {"campaign": campaign}
        case Resume():
            raise Refused(ErrorCode.TRANSITION_REFUSED, state="finished")
        case Cancel():
            raise ZeroDivisionError("a bug")
        case Suppress(patterns):
            return {"added": len(patterns)}
        case Watch():
            return {}
        case _:
            await asyncio.sleep(3600)
            return {}


@pytest.fixture
async def server(directory: Path) -> AsyncIterator[Server]:
    found = Server(endpoint_of(directory), obey, version="9.9")
    await found.start()
    yield found
    await found.close()


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110  (what is waited for has no event)
            await asyncio.sleep(0.01)


async def in_thread(function: Callable[[], Any]) -> Any:
    """The blocking client stands in a thread, as it does in the program."""
    async with asyncio.timeout(PATIENCE):
        return await asyncio.to_thread(function)


class Peer:
    """A client that says what a test wants."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def say(self, *lines: bytes) -> None:
        self.writer.write(b"".join(lines))
        await self.writer.drain()

    async def hear(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            line = await self.reader.readline()
        return json.loads(line) if line else {}

    async def is_hung_up_on(self) -> bool:
        async with asyncio.timeout(PATIENCE):
            with contextlib.suppress(ConnectionError):
                while await self.reader.read(65536):
                    pass
        return True


@pytest.fixture
async def peer(directory: Path, server: Server) -> AsyncIterator[Peer]:
    reader, writer = await asyncio.open_unix_connection(endpoint_of(directory), limit=messages.MAX_LINE)
    yield Peer(reader, writer)
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


def call(directory: Path, command: Command, **options: Any) -> Callable[[], Any]:
    def talk() -> Mapping[str, Any]:
        with Client(directory, **options) as client:
            return client.call(command)

    return talk


async def test_one_command_one_answer(directory: Path, server: Server) -> None:
    assert await in_thread(call(directory, Pause(3))) == {"campaign": 3}
    await until(lambda: server.clients == 0)


async def test_what_is_told_of_very_many_lanes_arrives(directory: Path) -> None:
    text = "x" * (messages.MAX_REQUEST + 1)

    async def tell(command: Command) -> Mapping[str, Any]:
        return {"told": text}

    server = Server(endpoint_of(directory), tell, version="9.9")
    await server.start()
    assert (await in_thread(call(directory, Status())))["told"] == text
    await server.close()


async def test_many_commands_over_one_connection(directory: Path, server: Server) -> None:
    def talk() -> list[int]:
        with Client(directory) as client:
            assert client.hello == {"hello": 1, "version": "9.9", "pid": os.getpid()}
            return [client.call(Pause(number))["campaign"] for number in range(50)]

    assert await in_thread(talk) == list(range(50))


async def test_a_typed_error_arrives_as_itself(directory: Path, server: Server) -> None:
    with pytest.raises(Refused) as caught:
        await in_thread(call(directory, Resume(1)))
    assert (caught.value.code, caught.value.params) == (
        ErrorCode.TRANSITION_REFUSED,
        {"state": "finished"},
    )


@pytest.mark.expect_warnings
async def test_a_bug_in_a_command_is_told_and_ends_nothing(directory: Path, server: Server) -> None:
    with pytest.raises(Exception, match="internal") as caught:
        await in_thread(call(directory, Cancel(1)))
    assert "a bug" in str(caught.value)
    assert await in_thread(call(directory, Pause(1))) == {"campaign": 1}


async def test_a_large_command(directory: Path, server: Server) -> None:
    patterns = tuple(f"person{number}@example.jp" for number in range(100_000))
    assert await in_thread(call(directory, Suppress(patterns))) == {"added": 100_000}


async def test_answers_come_as_they_are_ready(peer: Peer) -> None:
    await peer.say(
        messages.compose_hello(client="t"),
        messages.compose_request(1, Status()),
        messages.compose_request(2, Pause(2)),
    )
    await peer.hear()
    assert await peer.hear() == {"id": 2, "ok": {"campaign": 2}}


async def test_who_watches_hears(directory: Path, server: Server, peer: Peer) -> None:
    watched_before = server.watched
    await peer.say(messages.compose_hello(client="t"))
    await peer.hear()
    server.push(PROGRESS)
    await peer.say(messages.compose_request(1, Watch()))
    assert await peer.hear() == {"id": 1, "ok": {}}
    assert (watched_before, server.watched) == (False, True)
    server.push(PROGRESS)
    server.push(Changed(generation=2, recipients=True))
    assert (await peer.hear())["progress"]["pid"] == 1
    assert (await peer.hear())["changed"]["recipients"] is True
    assert await in_thread(call(directory, Pause(1))) == {"campaign": 1}


async def test_who_watches_and_does_not_read_is_left_out_not_waited_for(server: Server, peer: Peer) -> None:
    await peer.say(messages.compose_hello(client="t"), messages.compose_request(1, Watch()))
    await until(lambda: server.watched)
    heavy = Progress(pid=1, version="x" * 500_000, uptime=1.0, memory=1, generation=1)
    for _ in range(40):
        server.push(heavy)
    (client,) = server._clients
    assert client.backlog < serving.SLOW_CLIENT_OCTETS + 600_000
    heard = [await peer.hear() for _ in range(4)]
    assert sum("progress" in document for document in heard) >= 2, "it may come back"


async def test_what_changed_is_told_with_a_progress_of_any_length(server: Server, peer: Peer) -> None:
    await peer.say(messages.compose_hello(client="t"), messages.compose_request(1, Watch()))
    await peer.hear()
    await peer.hear()
    long = replace(PROGRESS, version="9" * (2 * serving.SLOW_CLIENT_OCTETS))
    for generation in range(3):
        server.push(long)
        server.push(Changed(generation, recipients=True))
        assert "progress" in await peer.hear()
        assert (await peer.hear())["changed"]["generation"] == generation


async def test_who_asks_and_does_not_read_is_not_read_from(
    directory: Path, server: Server, peer: Peer
) -> None:
    async def ask_for_ever() -> None:
        await peer.say(messages.compose_hello(client="t"))
        while True:
            await peer.say(messages.compose_request(1, Pause(1)) * 500)

    asking = asyncio.create_task(ask_for_ever())
    await asyncio.sleep(0.5)
    (client,) = server._clients
    assert client.backlog < serving.SLOW_CLIENT_OCTETS
    assert await in_thread(call(directory, Pause(1))) == {"campaign": 1}, "others are served"
    asking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asking
    peer.writer.transport.abort()  # what it has still to say nobody waits for
    await until(lambda: server.clients == 0)


@pytest.mark.parametrize(
    "lines",
    [
        b"hello\n",
        b"\n",
        b"[1]\n",
        b"[" * 50_000 + b"\n",
        b'{"hello": 99}\n',
        b'{"hello": 1}\nnonsense\n',
        b'{"hello": 1}\n{"id": "x", "command": "Pause"}\n',
        b'{"hello": 1}\n{"command": "Pause", "args": {"campaign": 1}}\n',
    ],
    ids=range(8),
)
async def test_who_is_no_peer_is_hung_up_on(
    directory: Path, server: Server, peer: Peer, lines: bytes
) -> None:
    await peer.say(lines)
    assert await peer.is_hung_up_on()
    assert await in_thread(call(directory, Pause(1))) == {"campaign": 1}


async def test_a_line_without_end(directory: Path, server: Server, peer: Peer) -> None:
    with contextlib.suppress(ConnectionError):
        for _ in range(40):
            await peer.say(b"x" * 1024 * 1024)
    assert await peer.is_hung_up_on()
    assert await in_thread(call(directory, Pause(1))) == {"campaign": 1}


async def test_who_asks_without_end_is_read_no_further_than_is_worked_on(directory: Path) -> None:
    begun: list[Command] = []
    may_answer = asyncio.Event()

    async def slowly(command: Command) -> Mapping[str, Any]:
        begun.append(command)
        await may_answer.wait()
        return {}

    server = Server(endpoint_of(directory), slowly, version="1")
    await server.start()
    reader, writer = await asyncio.open_unix_connection(endpoint_of(directory))
    asked = 10 * serving.MOST_AT_ONCE
    writer.write(messages.compose_hello(client="t"))
    writer.writelines(messages.compose_request(number, Pause(number)) for number in range(asked))
    await until(lambda: len(begun) >= serving.MOST_AT_ONCE)
    another = asyncio.create_task(in_thread(call(directory, Cancel(1))))
    await until(lambda: Cancel(1) in begun)
    assert len(begun) == serving.MOST_AT_ONCE + 1
    may_answer.set()
    await another
    for _ in range(1 + asked):
        assert await reader.readline()
    assert len(begun) == asked + 1
    writer.close()
    await writer.wait_closed()
    await server.close()


@pytest.mark.parametrize(
    "request_line",
    [
        b'{"id": 5, "command": "Fly", "args": {}}\n',
        b'{"id": 5, "command": "Pause", "args": {"campaign": "x"}}\n',
        b'{"id": 5, "command": "Submit", "args": {"campaign": 1, "at": "2026-01-01T00:00:00"}}\n',
    ],
)
async def test_a_command_that_is_none_gets_an_error(peer: Peer, request_line: bytes) -> None:
    await peer.say(messages.compose_hello(client="t"), request_line)
    await peer.hear()
    answer = await peer.hear()
    assert (answer["id"], answer["error"]["code"]) == (5, "command_invalid")
    await peer.say(messages.compose_request(6, Pause(1)))
    assert (await peer.hear())["id"] == 6


async def test_a_client_that_goes_away_in_the_middle(server: Server, peer: Peer) -> None:
    await peer.say(messages.compose_hello(client="t"), messages.compose_request(1, Pause(1)), b'{"id": 2')
    peer.writer.transport.abort()
    await until(lambda: server.clients == 0)


async def test_other_versions_do_not_talk(directory: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b'{"hello": 2, "version": "10.0"}\n')
        writer.close()

    other = await listen(directory, answer)
    with pytest.raises(EngineUnreachable) as caught:
        await in_thread(call(directory, Pause(1)))
    assert (caught.value.code, caught.value.params["version"]) == (ErrorCode.ENGINE_VERSION, "10.0")
    other.close()


async def listen(
    directory: Path, answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
) -> asyncio.AbstractServer:
    """An engine that says what a test wants."""
    Path(endpoint_of(directory)).parent.mkdir(mode=0o700, exist_ok=True)
    return await asyncio.start_unix_server(answer, endpoint_of(directory))


@pytest.mark.parametrize(
    "words", [b"", b"garbage\n", b'{"id": 1}\n', b'{"id": 1, "error": "x"}\n', b'{"id": 1, "ok"', b"[]\n"]
)
async def test_an_engine_that_makes_no_sense(directory: Path, words: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(messages.compose_hello(version="1"))
        await reader.readline()
        writer.write(words)
        writer.close()

    other = await listen(directory, answer)
    with pytest.raises(EngineUnreachable) as caught:
        await in_thread(call(directory, Pause(1)))
    assert caught.value.code is ErrorCode.ENGINE_NOT_RUNNING
    other.close()


async def test_an_engine_that_says_nothing(directory: Path, server: Server) -> None:
    with pytest.raises(EngineUnreachable) as caught:
        await in_thread(call(directory, Status(), timeout=0.2))
    assert caught.value.code is ErrorCode.ENGINE_SILENT


async def test_the_end_answers_first_then_hangs_up(directory: Path) -> None:
    started, may_answer = asyncio.Event(), asyncio.Event()

    async def slowly(command: Command) -> Mapping[str, Any]:
        started.set()
        await may_answer.wait()
        raise NotFound(ErrorCode.NO_SUCH_CAMPAIGN, campaign=1)

    server = Server(endpoint_of(directory), slowly, version="1")
    await server.start()
    asked = asyncio.create_task(in_thread(call(directory, Pause(1))))
    await started.wait()
    closing = asyncio.create_task(server.close())
    await asyncio.sleep(0)
    may_answer.set()
    with pytest.raises(NotFound):
        await asked
    await closing
    with pytest.raises(EngineUnreachable):
        await in_thread(call(directory, Pause(1)))
    assert not os.path.exists(endpoint_of(directory))  # noqa: ASYNC240, PTH110
    await server.close()


async def test_a_watcher_that_never_reads_does_not_hold_up_the_end(server: Server, peer: Peer) -> None:
    await peer.say(messages.compose_hello(client="t"), messages.compose_request(1, Watch()))
    await until(lambda: server.watched)
    for _ in range(10):
        server.push(Progress(pid=1, version="x" * 500_000, uptime=1.0, memory=1, generation=1))
    async with asyncio.timeout(PATIENCE):
        await server.close()


async def test_the_socket_is_its_owners_alone(directory: Path, server: Server) -> None:
    path = Path(endpoint_of(directory))
    mode, above = await in_thread(path.stat), await in_thread(path.parent.stat)
    assert stat.S_ISSOCK(mode.st_mode)
    assert stat.S_IMODE(mode.st_mode) & 0o077 == 0
    assert stat.S_IMODE(above.st_mode) == 0o700


async def test_a_dead_engines_socket_is_no_obstacle(directory: Path) -> None:
    first = Server(endpoint_of(directory), obey, version="1")
    await first.start()
    assert first._server is not None
    first._server.close()  # as if killed: the socket's file stays
    with pytest.raises(EngineUnreachable):
        await in_thread(call(directory, Pause(1)))
    second = Server(endpoint_of(directory), obey, version="2")
    await second.start()
    assert await in_thread(call(directory, Pause(1))) == {"campaign": 1}
    await second.close()
