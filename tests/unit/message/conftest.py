"""Keys are slow to make: one pair for all tests."""

from __future__ import annotations

import pytest

from desktop_relay.domain.identity import DkimKeys
from desktop_relay.message.dkim import generate_keys


@pytest.fixture(scope="session")
def keys() -> DkimKeys:
    """RSA-2048 and Ed25519."""
    return generate_keys()
