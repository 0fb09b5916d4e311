"""OpenSMTPD out of its Debian package, unpacked beside the system's mail server that it would push out."""

from __future__ import annotations

import contextlib
import shutil
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

_CONFIG = """
pki lab cert "{folder}/cert.pem"
pki lab key "{folder}/key.pem"
table boxes {{ "anna@test.example" = "nobody" }}
listen on 127.0.0.1 port {starttls} tls pki lab hostname mx.test.example
listen on 127.0.0.1 port {required} tls-require pki lab hostname mx.test.example
listen on 127.0.0.1 port {plain} hostname mx.test.example
action "keep" maildir "{folder}/mail" virtual <boxes>
match from any for domain "test.example" action "keep"
"""

# Users and folders that its package would make, in a view of the file system of its own: nothing outside
# changes, and nothing is left over.
_START = """
set -e
mount --bind {folder}/passwd /etc/passwd
mount --bind {folder}/group /etc/group
mount --bind {folder}/spool /var/spool
mount --bind {folder}/lib /var/lib
mount --bind {folder}/package/usr/libexec /usr/libexec
mount -t tmpfs tmpfs /run
exec {folder}/package/usr/sbin/smtpd -d -f {folder}/smtpd.conf
"""


@dataclass(frozen=True, slots=True)
class OpenSmtpd:
    """``ports`` by how a session is protected; it takes mail for ``anna@test.example``."""

    folder: Path
    ports: dict[str, int]

    def delivered(self, count: int) -> list[bytes]:
        """So many messages out of the Maildir, waiting for them; fails when they do not come."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            files = list((self.folder / "mail" / "new").glob("*"))
            if len(files) >= count:
                return [file.read_bytes() for file in files]
            time.sleep(0.05)
        pytest.fail(f"not delivered: {self.log()[-2000:]}")

    def log(self) -> str:
        """What it wrote."""
        return (self.folder / "log").read_text(errors="replace")


@contextlib.contextmanager
def open_opensmtpd(certificate: trustme.LeafCert) -> Iterator[OpenSmtpd]:
    """A running OpenSMTPD with this certificate; skips where it cannot be had."""
    require_root("smtpd")
    unshare = find_program("unshare")
    names = ("starttls", "required", "plain")
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    with open_folder("opensmtpd") as folder:
        _unpack(folder)
        _write_files(folder, certificate, ports)
        command = [unshare, "--mount", "--propagation", "private", "sh", "-c", _START.format(folder=folder)]
        with running(command, folder / "log") as process:
            for port in ports.values():
                wait_until_open(port, process, folder / "log")
            yield OpenSmtpd(folder, ports)


def _unpack(folder: Path) -> None:
    for command in (
        [find_program("apt-get"), "-q", "-o", "APT::Sandbox::User=root", "download", "opensmtpd"],
        ["sh", "-c", "dpkg -x opensmtpd_*.deb package"],
    ):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"opensmtpd cannot be had: {done.stderr.strip()[-200:]}")


def _write_files(folder: Path, certificate: trustme.LeafCert, ports: dict[str, int]) -> None:
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    (folder / "key.pem").chmod(0o600)
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(str(folder / "cert.pem"), append=True)
    (folder / "smtpd.conf").write_text(_CONFIG.format(folder=folder, **ports))
    for name in ("spool", "lib/opensmtpd/empty", "mail"):
        (folder / name).mkdir(parents=True)
    for name in ("spool", "lib", "lib/opensmtpd", "lib/opensmtpd/empty"):
        (folder / name).chmod(0o711)
    shutil.chown(folder / "mail", "nobody")
    users = "".join(
        f"{name}:x:{number}:{number}::/var/lib/opensmtpd/empty:/bin/false\n"
        for name, number in (("opensmtpd", 64101), ("opensmtpq", 64102))
    )
    groups = "opensmtpd:x:64101:\nopensmtpq:x:64102:\n"
    for file, more in (("passwd", users), ("group", groups)):
        (folder / file).write_text(Path("/etc", file).read_text() + more)
