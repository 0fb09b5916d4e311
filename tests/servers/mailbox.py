"""Dovecot taking mail by LMTP for anybody and handing it out over IMAP."""

from __future__ import annotations

import contextlib
import imaplib
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.process import find_program, free_ports, open_folder, require_root, running

PASSWORD = "mailbox"

_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap lmtp
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
mail_location = maildir:{folder}/mail/everybody
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
default_internal_user = {internal}
default_login_user = {login}
recipient_delimiter =
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail allow_all_users=yes
}}
"""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One box for everybody; ``lmtp`` and ``imap`` are loopback ports."""

    folder: Path
    lmtp: int
    imap: int

    def read(self, count: int) -> list[bytes]:
        """So many messages, read over IMAP when they are there; fails when they do not come."""
        end = time.monotonic() + 60
        with imaplib.IMAP4("127.0.0.1", self.imap) as client:
            client.login("everybody", PASSWORD)
            while time.monotonic() < end:
                _, answer = client.select("INBOX", readonly=True)
                if int(answer[0] or b"0") >= count:
                    _, parts = client.fetch("1:*", "(BODY.PEEK[])")
                    return [part[1] for part in parts if isinstance(part, tuple)]
                time.sleep(0.1)
        pytest.fail(f"not delivered: {(self.folder / 'log').read_text(errors='replace')[-2000:]}")


@contextlib.contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """A running Dovecot with LMTP and IMAP."""
    program = find_program("dovecot")
    require_root("dovecot")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith("2.3."):
        pytest.skip(f"the configuration is written for Dovecot 2.3, not {version.strip()}")
    lmtp, imap = free_ports(2)
    with open_folder("mailbox") as folder:
        (folder / "mail").mkdir()
        (folder / "mail").chmod(0o777)
        config = folder / "dovecot.conf"
        config.write_text(
            _CONFIG.format(
                folder=folder, lmtp=lmtp, imap=imap, password=PASSWORD, internal="dovecot", login="dovenull"
            )
        )
        with running([program, "-F", "-c", str(config)], folder / "log") as process:
            _wait(imap, process, folder / "log")
            yield Mailbox(folder, lmtp, imap)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, imaplib.IMAP4.error), imaplib.IMAP4("127.0.0.1", port) as client:
            client.login("everybody", PASSWORD)
            return
        time.sleep(0.05)
    pytest.fail(f"did not start: {log.read_text(errors='replace')[-2000:]}")
