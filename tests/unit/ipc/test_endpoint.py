"""The endpoint: the same for everybody who means the same directory, short, and nobody else's."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from desktop_relay.ipc.endpoint import endpoint_of, forget_endpoint, inode_of, is_own, prepare_endpoint

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Unix sockets")


def test_it_depends_on_the_directory_alone(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduled job has another environment than the desktop, and must find the same engine."""
    deep = directory / ("d" * 120)
    before = endpoint_of(directory), endpoint_of(deep)
    for name in ("XDG_RUNTIME_DIR", "TMPDIR", "HOME"):
        monkeypatch.setenv(name, str(directory / "elsewhere"))
    assert (endpoint_of(directory), endpoint_of(deep)) == before
    assert before[0] != before[1]


def test_it_is_the_same_over_a_link(directory: Path) -> None:
    (directory / "data").mkdir()
    (directory / "link").symlink_to(directory / "data")
    assert endpoint_of(directory / "link") == endpoint_of(directory / "data")
    assert endpoint_of(directory / "data" / ".." / "data") == endpoint_of(directory / "data")


@pytest.mark.parametrize("name", ["a", "長い" * 40, "x" * 200, "\udce3"])
def test_it_is_short_enough_for_a_socket(directory: Path, name: str) -> None:
    assert len(os.fsencode(endpoint_of(directory / name))) <= 100


def test_the_directory_is_made_private(directory: Path) -> None:
    endpoint = endpoint_of(directory)
    Path(endpoint).parent.mkdir(mode=0o755)
    Path(endpoint).write_bytes(b"left over")
    prepare_endpoint(endpoint)
    assert stat.S_IMODE(Path(endpoint).parent.stat().st_mode) == 0o700
    assert not Path(endpoint).exists()


def test_only_ones_own_socket_is_taken_away(directory: Path) -> None:
    endpoint = endpoint_of(directory)
    prepare_endpoint(endpoint)
    assert inode_of(endpoint) == 0
    first, second = Path(endpoint), Path(endpoint + ".new")
    first.write_bytes(b"")
    second.write_bytes(b"")
    own = inode_of(endpoint)
    second.replace(first)  # another engine serves new data in the same place
    forget_endpoint(endpoint, own)
    assert first.exists()
    forget_endpoint(endpoint, inode_of(endpoint))
    forget_endpoint(endpoint, own)
    assert not first.exists()


def test_a_link_to_a_directory_of_ones_own_is_not_enough(directory: Path) -> None:
    """The link itself counts; where it is somebody else's, its owner could turn it round later."""
    assert is_own(str(directory / "engine.sock"))
    assert not is_own(str(directory / "gone" / "engine.sock"))


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="needs root to give a folder away")
def test_what_another_user_put_there_is_not_spoken_to(directory: Path) -> None:
    endpoint = endpoint_of(directory)
    Path(endpoint).parent.mkdir()
    os.chown(Path(endpoint).parent, 12345, 12345)
    assert not is_own(endpoint)
    with pytest.raises(PermissionError):
        prepare_endpoint(endpoint)
