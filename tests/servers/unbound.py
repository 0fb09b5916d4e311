"""Unbound answering for test zones of its own, on a high port."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import pytest

from tests.servers.process import find_program, free_ports, open_folder, running

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
  module-config: "iterator"
  do-not-query-localhost: no
  root-hints: ""
  local-zone: "test." nodefault
  local-zone: "refused.example." refuse
auth-zone:
  name: "example."
  zonefile: "{folder}/example.zone"
  for-downstream: no
  for-upstream: yes
forward-zone:
  name: "dead.test"
  forward-addr: 127.0.0.1@{dead}
remote-control:
  control-enable: no
"""

_APEX = (
    "example. 300 IN SOA ns.example. hostmaster.example. 1 3600 600 86400 60",
    "example. 300 IN NS ns.example.",
    "ns.example. 300 IN A 127.0.0.1",
    "up.example. 60 IN A 127.0.0.1",
)


@contextlib.contextmanager
def open_unbound(records: Sequence[str]) -> Iterator[str]:
    """``address:port`` of a server that knows ``records`` (zone file lines, absolute names) under example.

    Other names under example do not exist, ``refused.example`` is refused, ``dead.test`` is not answered.
    """
    program = find_program("unbound")
    port, dead = free_ports(2)
    with open_folder("unbound") as folder:
        (folder / "example.zone").write_text("\n".join([*_APEX, *records, ""]))
        config = folder / "unbound.conf"
        config.write_text(_CONFIG.format(port=port, folder=folder, dead=dead))
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
