"""A workspace on real stores, with an engine that sends nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_relay.operations.workspace import Workspace
from tests.fakes.engine_link import NOW, FakeEngineLink


@pytest.fixture(autouse=True)
def no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets go to the key file of the data directory, never to the machine's keychain."""
    monkeypatch.setenv("DESKTOP_RELAY_KEYCHAIN", "off")


@pytest.fixture
def engine(tmp_path: Path) -> FakeEngineLink:
    return FakeEngineLink(tmp_path / "data")


@pytest.fixture
def ws(engine: FakeEngineLink) -> Iterator[Workspace]:
    with Workspace(engine.directory, engine, now=lambda: NOW) as workspace:
        yield workspace
