"""A small internet of network namespaces: one machine, its lines, and the world behind them."""

from __future__ import annotations

import ctypes
import itertools
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.name_server import NameServer
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE

_CLONE_NEWNET = 0x40000000
_OWN = Path("/proc/thread-self/ns/net")
_NUMBERS = itertools.count()


@dataclass(frozen=True, slots=True)
class Cable:
    """One line of the machine: its address there, and the router's, which is name server, too."""

    name: str
    machine: str
    router: str


HOME = Cable("home", "192.168.1.5", "192.168.1.1")
MOBILE = Cable("mobile", "10.20.0.7", "10.20.0.1")
VPN = Cable("vpn", "10.99.0.2", "10.99.0.1")

NEAR, FAR, PORTAL = "203.0.113.10", "203.0.113.20", "203.0.113.99"
"""Addresses in the world that anybody may listen on."""

ROLLED_UP = "mx:mx.example"
"""The lane of the scenario's domain where a name server tells whose hosts take its mail."""


class CannotMake(Exception):
    """This system lets nobody make network namespaces, or has no iproute2."""


class Internet:
    """Exists while the ``with`` block runs."""

    def __init__(
        self, hosts: Sequence[str] = (NEAR, FAR, PORTAL), cables: Sequence[Cable] = (HOME, MOBILE, VPN)
    ) -> None:
        number = f"{os.getpid()}-{next(_NUMBERS)}"
        self._world, self._machine = f"world-{number}", f"machine-{number}"
        self._etc = Path("/etc/netns", self._machine)
        self._hosts, self._cables = hosts, cables

    def __enter__(self) -> Internet:
        try:
            self._make()
        except (OSError, subprocess.CalledProcessError) as error:
            self._remove()
            raise CannotMake(str(error)) from error
        return self

    def __exit__(self, *_: object) -> None:
        self._remove()

    def inside(self) -> list[str]:
        """What a command begins with to run on the machine."""
        return ["ip", "netns", "exec", self._machine]

    def plug_in(self, cable: Cable, *, metric: int = 100) -> None:
        """The line comes up; the way to the world leads over it where no other has a lower ``metric``."""
        _ip(self._machine, "link", "set", cable.name, "up")
        _ip(self._machine, "route", "replace", "default", "via", cable.router, "metric", str(metric))

    def pull_out(self, cable: Cable) -> None:
        """The line goes down, and its ways with it."""
        _ip(self._machine, "link", "set", cable.name, "down")

    def ask(self, cable: Cable) -> None:
        """The machine's name server is that line's router from now on."""
        (self._etc / "resolv.conf").write_text(f"nameserver {cable.router}\n", encoding="ascii")

    @asynccontextmanager
    async def listening(self, *servers: Receiver | NameServer) -> AsyncIterator[None]:
        """Servers out in the world, at addresses of their own."""
        async with AsyncExitStack() as stack:
            with self._in_the_world():
                for server in servers:
                    await stack.enter_async_context(server)
            yield

    @contextmanager
    def _in_the_world(self) -> Iterator[None]:
        """Sockets that this thread makes meanwhile are out there, and stay there."""
        with _OWN.open() as back, Path("/run/netns", self._world).open() as there:
            _enter(there.fileno())
            try:
                yield
            finally:
                _enter(back.fileno())

    def _make(self) -> None:
        self._etc.mkdir(parents=True)
        for name in (self._world, self._machine):
            _run("ip", "netns", "add", name)
            _ip(name, "link", "set", "lo", "up")
        for host in self._hosts:
            _ip(self._world, "addr", "add", f"{host}/32", "dev", "lo")
        for cable in self._cables:
            ends = ("type", "veth", "peer", "name", cable.name, "netns", self._world)
            _ip(self._machine, "link", "add", cable.name, *ends)
            _ip(self._machine, "addr", "add", f"{cable.machine}/24", "dev", cable.name)
            _ip(self._world, "addr", "add", f"{cable.router}/24", "dev", cable.name)
            _ip(self._world, "link", "set", cable.name, "up")
        self.ask(self._cables[0])
        _run(*self.inside(), "true")

    def _remove(self) -> None:
        for name in (self._world, self._machine):
            subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)
        shutil.rmtree(self._etc, ignore_errors=True)


def _ip(namespace: str, *words: str) -> None:
    _run("ip", "-netns", namespace, *words)


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


def _enter(descriptor: int) -> None:
    # os.setns came with Python 3.12
    if ctypes.CDLL(None, use_errno=True).setns(descriptor, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


class Everywhere(dict[tuple[str, str], list[str] | str]):
    """The zone of a portal's name server: every name leads to it."""

    def get(self, key: tuple[str, str], _default: object = None) -> list[str]:
        """Its address, for any name."""
        return [f"1 A {PORTAL}"] if key[1] == "A" else []


def names(cable: Cable, host: str) -> NameServer:
    """The name server of a line: mail for the scenario's domain goes to ``host``, kept for an hour."""
    zone: dict[tuple[str, str], list[str] | str] = {
        (LANE, "MX"): ["3600 MX 10 mx.example."],
        ("mx.example", "A"): [f"3600 A {host}"],
    }
    return NameServer(zone, host=cable.router, port=53)
