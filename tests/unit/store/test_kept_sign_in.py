"""The refresh token of an account: one user at a time, between processes too, and nothing newer is lost."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from desktop_relay.store import kept_sign_in
from desktop_relay.store.database import open_library
from desktop_relay.store.kept_sign_in import KeptSignIn
from desktop_relay.store.vault import Vault, sign_in_name


@pytest.fixture
def kept(tmp_path: Path) -> KeptSignIn:
    return KeptSignIn(tmp_path, Vault(tmp_path), "ショップ/メール")


def put(directory: Path, refresh: str) -> None:
    with open_library(directory) as library:
        Vault(directory).put(library, sign_in_name("ショップ/メール"), refresh)


def test_replaced_where_it_is_the_one_that_was_used(tmp_path: Path, kept: KeptSignIn) -> None:
    assert kept.load() is None
    put(tmp_path, "r0")
    kept.replace("r0", "r1")
    assert kept.load() == "r1"
    put(tmp_path, "signed in anew")
    kept.replace("r1", "r2")
    assert kept.load() == "signed in anew"


def test_a_person_who_signed_out_is_not_signed_in_again(kept: KeptSignIn) -> None:
    kept.replace("r0", "r1")
    assert kept.load() is None


def test_one_at_a_time(tmp_path: Path, kept: KeptSignIn) -> None:
    other = KeptSignIn(tmp_path, Vault(tmp_path), "ショップ/メール")
    order: list[str] = []
    waits = threading.Event()

    def follow() -> None:
        waits.set()
        with other.turn():
            order.append("other")

    thread = threading.Thread(target=follow)
    with kept.turn():
        thread.start()
        assert waits.wait(10)
        thread.join(0.2)
        order.append("first")
    thread.join(10)
    assert order == ["first", "other"]


def test_accounts_do_not_wait_for_each_other(tmp_path: Path, kept: KeptSignIn) -> None:
    with kept.turn(), KeptSignIn(tmp_path, Vault(tmp_path), "other").turn():
        pass
    files = list(tmp_path.glob("sign-in-*.lock"))
    assert len(files) == 2
    if os.name == "posix":
        assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


@pytest.mark.expect_warnings
def test_who_hangs_does_not_hold_the_others_for_ever(
    tmp_path: Path, kept: KeptSignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_sign_in, "PATIENCE_SECONDS", 0.1)
    with kept.turn(), KeptSignIn(tmp_path, Vault(tmp_path), "ショップ/メール").turn():
        pass


@pytest.mark.expect_warnings
def test_an_unusable_directory_stops_nobody(tmp_path: Path) -> None:
    gone = KeptSignIn(tmp_path / "gone", Vault(tmp_path / "gone"), "mine")
    with gone.turn():
        assert gone.load() is None
        gone.replace("r0", "r1")
