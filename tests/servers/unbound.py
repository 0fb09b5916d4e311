"""Unbound answering for test zones of its own, signed or not, on a high port."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import pytest

from tests.servers.process import find_program, free_ports, open_folder, running
from tests.servers.signed_zone import sign_zone

_CONFIG = """
server:
  interface: 127.0.0.1@{port}
  access-control: 127.0.0.0/8 allow
  directory: "{folder}"
  username: ""
  chroot: ""
  pidfile: ""
  do-daemonize: no
  use-syslog: no
  logfile: ""
  num-threads: 1
  module-config: "{modules}"
  do-not-query-localhost: no
  root-hints: ""
  local-zone: "test." nodefault
  local-zone: "refused.example." refuse
{anchor}{zones}forward-zone:
  name: "dead.test"
  forward-addr: 127.0.0.1@{dead}
remote-control:
  control-enable: no
"""

_ZONE = """auth-zone:
  name: "{name}"
  zonefile: "{folder}/{name}zone"
  for-downstream: no
  for-upstream: yes
"""

_APEX = (
    "example. 300 IN SOA ns.example. hostmaster.example. 1 3600 600 86400 60",
    "example. 300 IN NS ns.example.",
    "ns.example. 300 IN A 127.0.0.1",
    "up.example. 60 IN A 127.0.0.1",
)

_DELEGATION = ("unsigned.example. 300 IN NS ns.example.",)
_UNSIGNED = (
    "unsigned.example. 300 IN SOA ns.example. hostmaster.example. 1 3600 600 86400 60",
    "unsigned.example. 300 IN NS ns.example.",
)


@contextlib.contextmanager
def open_unbound(records: Sequence[str]) -> Iterator[str]:
    """``address:port`` of a server that knows ``records`` (zone file lines, absolute names) under example.

    Other names under example do not exist, ``refused.example`` is refused, ``dead.test`` is not answered.
    """
    with _running({"example.": "\n".join([*_APEX, *records, ""])}) as address:
        yield address


@contextlib.contextmanager
def open_validating_unbound(records: Sequence[str], tampered: Sequence[str] = ()) -> Iterator[str]:
    """Likewise, with the zone signed and every answer validated.

    ``unsigned.example`` is delegated without signatures, and has its records unsigned. Each line of
    ``tampered`` replaces a record whose signature stays behind: forged, as far as anybody can tell.
    """
    below = [record for record in records if record.split(" ", 1)[0].endswith(_UNSIGNED[0].split(" ")[0])]
    signed = sign_zone("example.", [*_APEX, *_DELEGATION, *(r for r in records if r not in below)], tampered)
    zones = {"example.": signed.text, "unsigned.example.": "\n".join([*_UNSIGNED, *below, ""])}
    with _running(zones, anchor=signed.anchor) as address:
        yield address


@contextlib.contextmanager
def _running(zones: Mapping[str, str], anchor: str = "") -> Iterator[str]:
    program = find_program("unbound")
    port, dead = free_ports(2)
    with open_folder("unbound") as folder:
        for name, text in zones.items():
            (folder / f"{name}zone").write_text(text)
        config = folder / "unbound.conf"
        config.write_text(
            _CONFIG.format(
                port=port,
                folder=folder,
                dead=dead,
                modules="validator iterator" if anchor else "iterator",
                anchor=f'  trust-anchor: "{anchor}"\n' if anchor else "",
                zones="".join(_ZONE.format(name=name, folder=folder) for name in zones),
            )
        )
        log = folder / "log"
        with running([program, "-d", "-c", str(config)], log) as process:
            _wait_until_answering(port, process, log)
            yield f"127.0.0.1:{port}"


def _wait_until_answering(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    question = dns.message.make_query("up.example.", "A")
    end = time.monotonic() + 20
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(dns.exception.DNSException, OSError):
            dns.query.udp(question, "127.0.0.1", port=port, timeout=0.5)
            return
        time.sleep(0.05)
    pytest.fail(f"did not start: {log.read_text(errors='replace')[-2000:]}")
