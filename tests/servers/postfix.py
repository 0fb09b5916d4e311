"""Postfix with a queue and a configuration of its own, delivering into a Maildir."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from tests.servers.process import (
    find_program,
    free_ports,
    open_folder,
    require_root,
    running,
    wait_until_open,
)

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mx.test.example
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
biff = no
notify_classes =
message_size_limit = 200000
virtual_mailbox_domains = test.example
virtual_mailbox_maps = inline:{{ {{ anna@test.example = inbox/ }}, {{ a..b@test.example = inbox/ }} }}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_limit = 0
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = reject_unlisted_recipient
smtpd_error_sleep_time = 0
smtpd_tls_security_level = may
smtpd_tls_cert_file = {folder}/cert.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_sasl_auth_enable = {sasl}
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth}
smtpd_sasl_security_options = noanonymous
default_transport = {transport}
# -someone@docomo.ne.jp is a real customer
allow_min_user = yes
disable_dns_lookups = yes
"""

HOLD = """
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_end_of_data_restrictions = check_client_access static:HOLD
"""
"""Settings with which it takes mail from here for everybody, and keeps it."""

_SERVICES = """
127.0.0.1:{plain} inet n - n - - smtpd -o smtpd_tls_security_level=none
127.0.0.1:{starttls} inet n - n - - smtpd
127.0.0.1:{wrapped} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
127.0.0.1:{auth_plain} inet n - n - - smtpd -o smtpd_sasl_mechanism_filter=plain
127.0.0.1:{auth_login} inet n - n - - smtpd -o smtpd_sasl_mechanism_filter=login
127.0.0.1:{auth_cram} inet n - n - - smtpd -o smtpd_sasl_mechanism_filter=cram-md5
127.0.0.1:{unpipelined} inet n - n - - smtpd -o smtpd_discard_ehlo_keywords=pipelining
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
lmtp unix - - n - - lmtp
postlog unix-dgram n - n - 1 postlogd
"""


_RELAY = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = relay.test.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
relayhost = [127.0.0.1]:{next}
smtpd_milters = inet:127.0.0.1:{milter}
milter_default_action = tempfail
"""

_RELAY_SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
scache unix - - n - 1 scache
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True)
class Postfix:
    """Where it listens, by how a session is protected and which login it offers.

    It takes mail for ``anna@test.example`` and ``a..b@test.example`` up to 200,000 octets.
    """

    folder: Path
    ports: dict[str, int]
    master: subprocess.Popen[bytes]

    def kill(self) -> None:
        """As a power cut would: all its processes at once, in the middle of whatever they do."""
        os.killpg(self.master.pid, signal.SIGKILL)

    def held(self) -> list[bytes]:
        """What it took for good and holds, where it was told to hold everything (``HOLD``)."""
        return [file.read_bytes() for file in (self.folder / "queue" / "hold").rglob("*") if file.is_file()]

    def delivered(self, count: int) -> list[bytes]:
        """So many messages out of the Maildir, waiting for them; fails when they do not come."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            files = list((self.folder / "mail" / "inbox" / "new").glob("*"))
            if len(files) >= count:
                return [file.read_bytes() for file in files]
            time.sleep(0.05)
        pytest.fail(f"not delivered: {self.log()[-2000:]}")

    def empty(self) -> None:
        """Throw away what was delivered."""
        for file in (self.folder / "mail" / "inbox" / "new").glob("*"):
            file.unlink()

    def log(self) -> str:
        """What it wrote."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""


@dataclass(frozen=True, slots=True)
class Relay:
    """A Postfix that takes everything from here and hands it on; ``queue`` is its queue directory."""

    port: int
    queue: Path

    def waiting(self) -> int:
        """How many messages it has taken and not handed on yet."""
        return sum(1 for name in ("incoming", "active", "deferred") for _ in (self.queue / name).iterdir())


@contextlib.contextmanager
def open_relay(next_port: int, milter_port: int) -> Iterator[Relay]:
    """A running Postfix that has a milter look at everything and relays it to a loopback port.

    What is not set is as Postfix has it.
    """
    program = find_program("postfix")
    require_root("postfix")
    (port,) = free_ports(1)
    with open_folder("relay") as folder:
        for name in ("etc", "queue", "data"):
            (folder / name).mkdir()
        shutil.chown(folder / "data", _setting("mail_owner"))
        settings = _RELAY.format(folder=folder, next=next_port, milter=milter_port)
        (folder / "etc" / "main.cf").write_text(settings)
        (folder / "etc" / "master.cf").write_text(_RELAY_SERVICES.format(port=port))
        config = str(folder / "etc")
        check = subprocess.run([program, "-c", config, "check"], capture_output=True, text=True, check=False)
        if check.returncode:
            pytest.fail(f"postfix check: {check.stdout}{check.stderr}")
        master = Path(_setting("daemon_directory")) / "master"
        with running([str(master), "-c", config, "-d"], folder / "master.log") as process:
            wait_until_open(port, process, folder / "log")
            yield Relay(port, folder / "queue")


@contextlib.contextmanager
def open_postfix(
    authority: trustme.CA, auth_socket: Path | None, lmtp_port: int | None = None, settings: str = ""
) -> Iterator[Postfix]:
    """A running Postfix with a certificate for mx.test.example and 127.0.0.1.

    What it relays for those who log in goes to ``lmtp_port``, and nowhere without one. ``settings`` are lines
    of its configuration that come after all others.
    """
    program = find_program("postfix")
    require_root("postfix")
    names = [word.split("}")[0] for word in _SERVICES.split("127.0.0.1:{")[1:]]
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    with open_folder("postfix") as folder:
        _write_configuration(folder, authority, auth_socket, ports, lmtp_port)
        with (folder / "etc" / "main.cf").open("a") as stream:
            stream.write(settings)
        config = str(folder / "etc")
        # makes the queue's folders, and names what is wrong
        check = subprocess.run([program, "-c", config, "check"], capture_output=True, text=True, check=False)
        if check.returncode:
            pytest.fail(f"postfix check: {check.stdout}{check.stderr}")
        master = Path(_setting("daemon_directory")) / "master"
        # -d: stay in the foreground, so that its pid is ours to stop
        with running([str(master), "-c", config, "-d"], folder / "master.log") as process:
            for name, port in ports.items():
                wait_until_open(port, process, folder / "log", greeting=b"" if name == "wrapped" else b"220 ")
            yield Postfix(folder, ports, process)


def _write_configuration(
    folder: Path,
    authority: trustme.CA,
    auth_socket: Path | None,
    ports: dict[str, int],
    lmtp_port: int | None,
) -> None:
    certificate = authority.issue_cert("mx.test.example", "127.0.0.1")
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(str(folder / "cert.pem"), append=True)
    for name in ("etc", "queue", "data", "mail"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", _setting("mail_owner"))
    shutil.chown(folder / "mail", 65534, 65534)
    sasl = "no" if auth_socket is None else "yes"
    transport = f"lmtp:inet:[127.0.0.1]:{lmtp_port}" if lmtp_port else "discard:nowhere"
    (folder / "etc" / "main.cf").write_text(
        _MAIN.format(folder=folder, sasl=sasl, auth=auth_socket or "none", transport=transport)
    )
    (folder / "etc" / "master.cf").write_text(_SERVICES.format(**ports))


def _setting(name: str) -> str:
    """A built-in default of the installed Postfix."""
    command = [find_program("postconf"), "-dh", name]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
