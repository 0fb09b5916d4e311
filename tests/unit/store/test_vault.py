"""Secrets: sealed, bound to their name, and told when they cannot be read."""

import os
import stat
import threading
from pathlib import Path

import pytest

from desktop_relay.domain.errors import BadInput, ErrorCode, StoreUnusable
from desktop_relay.domain.identity import DkimKeys
from desktop_relay.store.database import Database, open_library
from desktop_relay.store.keychain import Keychain, choose_backend
from desktop_relay.store.keys import load_dkim_keys, save_dkim_keys
from desktop_relay.store.vault import Vault
from tests.unit.store.backends import Broken, Forgetful, Hanging, Plaintext, RealKeyring

posix_only = pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX's")
SECRET = "ひみつの合言葉"


@pytest.fixture(autouse=True)
def keychain_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKTOP_RELAY_KEYCHAIN", "off")


def keychain(*backends: object, timeout_seconds: float = 5.0) -> Keychain:
    return Keychain(lambda: list(backends), timeout_seconds=timeout_seconds)


def unreadable(caught: pytest.ExceptionInfo[StoreUnusable]) -> bool:
    assert SECRET not in str(caught.value)
    return caught.value.code is ErrorCode.SECRET_UNREADABLE


def test_kept_changed_and_forgotten(library: Database, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    assert vault.get(library, "route:会社") is None
    vault.put(library, "route:会社", SECRET)
    assert Vault(tmp_path).get(library, "route:会社") == SECRET
    vault.put(library, "route:会社", "")
    assert vault.get(library, "route:会社") == ""
    vault.forget(library, "route:会社")
    vault.forget(library, "route:会社")
    assert vault.get(library, "route:会社") is None


def test_nothing_on_the_disk_shows_the_secret(tmp_path: Path) -> None:
    with open_library(tmp_path) as library:
        Vault(tmp_path).put(library, "route:会社", SECRET)
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert SECRET.encode() not in file.read_bytes()


@posix_only
def test_key_file_is_private(library: Database, tmp_path: Path) -> None:
    Vault(tmp_path).put(library, "x", SECRET)
    path = tmp_path / "keys" / "master.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert len(path.read_bytes()) == 32
    assert list(path.parent.iterdir()) == [path]


@posix_only
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_key_file_that_others_may_read_is_refused(mode: int, library: Database, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    vault.put(library, "x", SECRET)
    (tmp_path / "keys" / "master.key").chmod(mode)
    with pytest.raises(StoreUnusable) as read:
        vault.get(library, "x")
    assert unreadable(read)
    vault.put(library, "x", "entered again")
    assert vault.get(library, "x") == "entered again"
    assert stat.S_IMODE((tmp_path / "keys" / "master.key").stat().st_mode) == 0o600


def test_damaged_or_lost_key(library: Database, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    vault.put(library, "x", SECRET)
    path = tmp_path / "keys" / "master.key"
    path.write_bytes(b"short")
    with pytest.raises(StoreUnusable) as caught:
        vault.get(library, "x")
    assert unreadable(caught)
    vault.put(library, "x", "entered again")
    assert vault.get(library, "x") == "entered again"
    path.unlink()
    with pytest.raises(StoreUnusable) as caught:
        vault.get(library, "x")
    assert unreadable(caught)
    vault.put(library, "x", "新しい")
    assert vault.get(library, "x") == "新しい"


@posix_only
def test_every_key_that_was_refused_is_kept(library: Database, tmp_path: Path) -> None:
    path, keys = tmp_path / "keys" / "master.key", []
    for secret in ("first", "second", "third"):
        Vault(tmp_path).put(library, "x", secret)
        keys.append(path.read_bytes())
        path.chmod(0o644)
    Vault(tmp_path).put(library, "x", SECRET)
    assert {file.read_bytes() for file in path.parent.iterdir()} == {*keys, path.read_bytes()}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE secrets SET sealed = substr(sealed, 2)",
        "UPDATE secrets SET sealed = zeroblob(length(sealed))",
        "UPDATE secrets SET sealed = x''",
        "UPDATE secrets SET nonce = zeroblob(12)",
        "UPDATE secrets SET nonce = x'00'",
    ],
)
def test_damaged_secret(damage: str, library: Database, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    vault.put(library, "x", SECRET)
    library.execute(damage)
    with pytest.raises(StoreUnusable) as caught:
        vault.get(library, "x")
    assert unreadable(caught)


def test_no_secret_passes_for_another(library: Database, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    vault.put(library, "route:a", SECRET)
    library.execute("UPDATE secrets SET name = 'route:b'")
    with pytest.raises(StoreUnusable) as caught:
        vault.get(library, "route:b")
    assert unreadable(caught)


def test_the_same_secret_never_looks_the_same(library: Database, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    vault.put(library, "a", SECRET)
    vault.put(library, "b", SECRET)
    assert library.number("SELECT count(DISTINCT sealed) FROM secrets") == 2
    assert library.number("SELECT count(DISTINCT nonce) FROM secrets") == 2


def test_processes_that_come_at_once_agree_on_the_key(tmp_path: Path) -> None:
    def work(number: int) -> None:
        with open_library(tmp_path) as library:
            Vault(tmp_path).put(library, f"s{number}", SECRET)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_library(tmp_path) as library:
        assert {Vault(tmp_path).get(library, f"s{n}") for n in range(8)} == {SECRET}


def test_keychain_is_preferred_and_leaves_no_file(
    library: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DESKTOP_RELAY_KEYCHAIN")
    backend = RealKeyring()
    Vault(tmp_path, keychain=keychain(backend)).put(library, "x", SECRET)
    assert not (tmp_path / "keys").exists()
    assert len(backend.kept) == 1
    assert Vault(tmp_path, keychain=keychain(backend)).get(library, "x") == SECRET
    with pytest.raises(StoreUnusable) as caught:
        Vault(tmp_path, keychain=keychain()).get(library, "x")
    assert unreadable(caught)


def test_switched_off_keychain_is_not_asked(library: Database, tmp_path: Path) -> None:
    backend = RealKeyring()
    Vault(tmp_path, keychain=keychain(backend)).put(library, "x", SECRET)
    assert backend.kept == {}
    assert (tmp_path / "keys" / "master.key").exists()


@pytest.mark.parametrize("backend", [Plaintext(), Broken(), Forgetful(), None])
def test_what_is_no_keychain_means_the_file(
    backend: object, library: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DESKTOP_RELAY_KEYCHAIN")
    vault = Vault(tmp_path, keychain=keychain(*([backend] if backend else [])))
    vault.put(library, "x", SECRET)
    assert (tmp_path / "keys" / "master.key").exists()
    assert vault.get(library, "x") == SECRET
    if isinstance(backend, Plaintext):
        assert backend.kept == {}


def test_a_keychain_that_hangs_is_asked_once(
    library: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DESKTOP_RELAY_KEYCHAIN")
    backend = Hanging()
    try:
        vault = Vault(tmp_path, keychain=keychain(backend, timeout_seconds=0.05))
        vault.put(library, "x", SECRET)
        assert vault.get(library, "x") == SECRET
        assert backend.asked == 1
    finally:
        backend.released.set()


def test_file_made_while_the_keychain_was_away_does_not_hide_older_secrets(
    library: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DESKTOP_RELAY_KEYCHAIN")
    backend = RealKeyring()
    Vault(tmp_path, keychain=keychain(backend)).put(library, "old", SECRET)
    Vault(tmp_path, keychain=keychain(Broken())).put(library, "new", "b")
    vault = Vault(tmp_path, keychain=keychain(backend))
    assert (vault.get(library, "old"), vault.get(library, "new")) == (SECRET, "b")


def test_the_best_real_keychain_is_chosen() -> None:
    better, worse = RealKeyring(), RealKeyring()
    better.priority, worse.priority = 5.0, 1.0
    assert choose_backend([Plaintext(), worse, better]) is better
    assert choose_backend([Plaintext()]) is None


def test_installed_keychains_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESKTOP_RELAY_KEYCHAIN")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    assert Keychain().load("a name that nobody uses") is None


def test_dkim_keys(tmp_path: Path) -> None:
    both, one = DkimKeys(b"RSA", b"ED"), DkimKeys(b"RSA2", None)
    assert load_dkim_keys(tmp_path, "shop.example", "relay") is None
    save_dkim_keys(tmp_path, "Shop.example", "relay", both)
    assert load_dkim_keys(tmp_path, "shop.example", "relay") == both
    assert load_dkim_keys(tmp_path, "shop.example", "other") is None
    assert load_dkim_keys(tmp_path, "other.example", "relay") is None
    save_dkim_keys(tmp_path, "shop.example", "relay", one)
    assert load_dkim_keys(tmp_path, "shop.example", "relay") == one


@posix_only
def test_the_folder_of_all_keys_is_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        save_dkim_keys(tmp_path / "data", "shop.example", "relay", DkimKeys(rsa_pem=b"RSA"))
    finally:
        os.umask(before)
    made = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert len(made) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o700}


@posix_only
def test_dkim_keys_are_private(tmp_path: Path) -> None:
    save_dkim_keys(tmp_path, "shop.example", "relay", DkimKeys(b"RSA", b"ED"))
    files = [file for file in (tmp_path / "keys").rglob("*") if file.is_file()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert len(files) == 2


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "..", "a..b", "x\0", "a\\b", "C:"])
def test_no_name_leads_out_of_the_directory(name: str, tmp_path: Path) -> None:
    for domain, selector in ((name, "relay"), ("shop.example", name)):
        with pytest.raises(BadInput):
            load_dkim_keys(tmp_path, domain, selector)
        with pytest.raises(BadInput):
            save_dkim_keys(tmp_path, domain, selector, DkimKeys(b"x", None))


def test_keys_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file in the way")
    with pytest.raises(StoreUnusable) as caught:
        save_dkim_keys(tmp_path, "shop.example", "relay", DkimKeys(b"x", None))
    assert caught.value.code is ErrorCode.DATA_READ_ONLY
