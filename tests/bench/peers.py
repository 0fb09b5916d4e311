"""Senders that ``bench_peers`` compares, each proved to sign what it sends."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import dkim
import psutil
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.bench.bench_path import LETTER, SESSIONS, SIZE, send_ours, send_source
from tests.servers.opendkim import open_opendkim
from tests.servers.postfix import Relay, open_relay
from tests.servers.process import free_ports

NODEMAILER = "nodemailer@10.6.1"
_SCRIPT = Path(__file__).with_name("nodemailer_send.mjs")
_SELECTOR = "relay"


class Missing(Exception):
    """A sender that cannot be had here, with the reason."""


Sender = Callable[[int, int], tuple[float, float]]
"""Sends so many messages to a port; answers messages per second and processor time for one."""


@contextlib.contextmanager
def open_senders(folder: Path, key: rsa.RSAPrivateKey) -> Iterator[dict[str, Sender]]:
    """All that can be had, each proved to sign."""
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = _public(key)
    ours = Ours(folder)
    found: dict[str, Sender] = {"smtp-source": _source, "ours": ours.send}
    prove("ours", ours.send, ours.public)
    with contextlib.ExitStack() as stack:
        for name, prepare in (
            ("nodemailer", lambda: Nodemailer(folder / "node", pem)),
            ("postfix+opendkim", lambda: Relayed(stack, pem)),
        ):
            try:
                sender: Nodemailer | Relayed = prepare()
                prove(name, sender.send, lambda: public)
            except (Missing, pytest.skip.Exception) as reason:
                print(f"{name} is left out: {reason}")
            else:
                found[name] = sender.send
        yield found


def _source(port: int, messages: int) -> tuple[float, float]:
    before = os.times()
    rate = send_source(port, messages)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return rate, used / messages


class Ours:
    """The engine, on a data directory of its own each time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs = 0

    def send(self, port: int, messages: int) -> tuple[float, float]:
        """See ``Sender``."""
        self._runs += 1
        sent = send_ours(self._folder / f"data{self._runs}", port, messages)
        return sent.rate, sent.cpu

    def public(self) -> bytes:
        """The DNS record of the key that the last run made."""
        (path,) = (self._folder / f"data{self._runs}" / "keys").rglob("*.pem")
        key = serialization.load_pem_private_key(path.read_bytes(), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return _public(key)


class Nodemailer:
    """Node with nodemailer of the version named above."""

    def __init__(self, folder: Path, pem: bytes) -> None:
        """Install it; raises ``Missing``."""
        node, npm = shutil.which("node"), shutil.which("npm")
        if node is None or npm is None:
            raise Missing("node and npm are not installed")
        folder.mkdir()
        command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", NODEMAILER]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Missing(f"{NODEMAILER} cannot be installed: {done.stderr.strip()[-300:]}")
        self._node, self._folder, self._pem = node, folder, pem.decode("ascii")

    def send(self, port: int, messages: int) -> tuple[float, float]:
        """See ``Sender``; without the start of node, but with its processor time."""
        wanted = {
            "port": port,
            "messages": messages,
            "connections": SESSIONS,
            "key": self._pem,
            "html": LETTER,
            "text": re.sub(r"<[^>]+>", "", LETTER.replace("</p>", "\n")),
        }
        done = subprocess.run(
            [self._node, str(_SCRIPT), json.dumps(wanted)],
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=True,
        )
        told = json.loads(done.stdout)
        return messages / told["seconds"], told["cpu"] / messages


class Relayed:
    """``smtp-source`` into a Postfix that has OpenDKIM sign and relays."""

    def __init__(self, stack: contextlib.ExitStack, pem: bytes) -> None:
        """Start OpenDKIM; raises ``pytest.skip.Exception`` where one of both is not installed."""
        self._milter = stack.enter_context(open_opendkim("example.com", _SELECTOR, pem))
        self._signer = _child_named("opendkim")

    def send(self, port: int, messages: int) -> tuple[float, float]:
        """See ``Sender``."""
        with open_relay(port, self._milter) as relay:
            master = _child_named("master")
            used = _tree_cpu(master) + _tree_cpu(self._signer)
            started = time.perf_counter()
            send_source(relay.port, messages)
            wait_until_empty(relay)
            seconds = time.perf_counter() - started
            used = _tree_cpu(master) + _tree_cpu(self._signer) - used
        return messages / seconds, used / messages


def wait_until_empty(relay: Relay) -> None:
    """Until everything was handed on."""
    while relay.waiting():
        time.sleep(0.02)


def _child_named(name: str) -> psutil.Process:
    return next(child for child in psutil.Process().children() if child.name() == name)


def _tree_cpu(process: psutil.Process) -> float:
    total = 0.0
    for each in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


# proof


class Catcher:
    """A server that keeps what it takes; a context manager."""

    def __init__(self) -> None:
        self.caught: list[bytes] = []
        (self.port,) = free_ports(1)
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep it."""
        content: Any = envelope.content
        self.caught.append(content)
        return "250 2.0.0 kept"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()


def prove(name: str, send: Sender, public: Callable[[], bytes]) -> None:
    """Have it send one message; ends the run unless that has a signature that holds, and the size."""
    with Catcher() as catcher:
        send(catcher.port, 1)
    (message,) = catcher.caught
    record = public()
    if not dkim.verify(message, dnsfunc=lambda *_, **__: record):
        raise SystemExit(f"{name} did not sign: {message[:600]!r}")
    print(f"{name}: {len(message)} octets, signature verified")
    if abs(len(message) - SIZE) > SIZE * 0.2:
        raise SystemExit(f"{name}: that is another size")


def _public(key: rsa.RSAPrivateKey) -> bytes:
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)
