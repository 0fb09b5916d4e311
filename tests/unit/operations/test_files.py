"""Files of people: read within bounds, written whole or not at all, never in place of something else."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.operations.files import read_file, write_file

posix = pytest.mark.skipif(os.name != "posix", reason="devices and links of POSIX")


@posix
def test_a_device_without_end_is_too_large() -> None:
    with pytest.raises(BadInput) as caught:
        read_file(Path("/dev/zero"), largest=1000)
    assert caught.value.code is ErrorCode.FILE_TOO_LARGE


def test_a_folder_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read_file(tmp_path, largest=1000)
    assert caught.value.code is ErrorCode.FILE_UNREADABLE


def test_the_largest_one_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 1000)
    assert len(read_file(path, largest=1000)) == 1000


def test_a_long_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("長" * 80)
    write_file(path, b"content")
    assert path.read_bytes() == b"content"
    assert list(tmp_path.iterdir()) == [path]


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"old")
    link.symlink_to(real)
    write_file(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


@posix
def test_a_pipe_is_written_to_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_file(pipe, b"through")
    reader.join(10)
    assert read == [b"through"]
    assert pipe.is_fifo()


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    for path in (tmp_path / "no" / "such" / "folder.csv", tmp_path):
        with pytest.raises(BadInput) as caught:
            write_file(path, b"x")
        assert caught.value.code is ErrorCode.FILE_UNWRITABLE
    assert list(tmp_path.iterdir()) == []
