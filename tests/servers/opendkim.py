"""OpenDKIM as a milter that signs what comes from here."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from tests.servers.process import find_program, free_ports, open_folder, running, wait_until_open

_CONFIG = """
Background no
Syslog no
Mode s
Socket inet:{port}@127.0.0.1
Canonicalization relaxed/relaxed
Domain {domain}
Selector {selector}
KeyFile {folder}/key.pem
# it would refuse any file below /tmp
RequireSafeKeys no
InternalHosts 127.0.0.1
PidFile {folder}/pid
"""


@contextlib.contextmanager
def open_opendkim(domain: str, selector: str, private_pem: bytes) -> Iterator[int]:
    """The loopback port of a running OpenDKIM that signs for ``domain``."""
    program = find_program("opendkim")
    (port,) = free_ports(1)
    with open_folder("opendkim") as folder:
        key = folder / "key.pem"
        key.touch(mode=0o600)
        key.write_bytes(private_pem)
        config = folder / "opendkim.conf"
        config.write_text(_CONFIG.format(port=port, domain=domain, selector=selector, folder=folder))
        with running([program, "-f", "-x", str(config)], folder / "log") as process:
            wait_until_open(port, process, folder / "log")
            yield port
