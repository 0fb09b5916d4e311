"""Dovecot's authentication service alone, for Postfix to ask."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.servers.process import find_program, open_folder, require_root, running

_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols =
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5
# a refused login answers at once
auth_failure_delay = 0
service auth {{
  unix_listener {folder}/auth {{
    mode = 0666
  }}
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}}
"""


@contextlib.contextmanager
def open_dovecot(users: Mapping[str, str]) -> Iterator[Path]:
    """The authentication socket; ``users`` are names with passwords."""
    program = find_program("dovecot")
    require_root("dovecot")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith("2.3."):
        pytest.skip(f"the configuration is written for Dovecot 2.3, not {version.strip()}")
    with open_folder("dovecot") as folder:
        (folder / "users").write_text("".join(f"{name}:{secret}\n" for name, secret in users.items()))
        (folder / "users").chmod(0o644)
        config = folder / "dovecot.conf"
        config.write_text(_CONFIG.format(folder=folder))
        with running([program, "-F", "-c", str(config)], folder / "log"):
            _wait_for(folder / "auth", folder / "log")
            yield folder / "auth"


def _wait_for(socket_path: Path, log: Path) -> None:
    end = time.monotonic() + 20
    while not socket_path.is_socket():
        if time.monotonic() > end:
            pytest.fail(f"did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)
