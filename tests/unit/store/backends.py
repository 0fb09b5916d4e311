"""Keychains of every kind, by the names that the real ones have."""

import threading


class Plaintext:
    """What keyring chooses by itself when keyrings.alt is installed."""

    priority = 99.0

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, text: str) -> None:
        self.kept[service, name] = text


class RealKeyring(Plaintext):
    priority = 5.0


class Broken(RealKeyring):
    def get_password(self, service: str, name: str) -> str | None:
        raise RuntimeError("the collection is locked")

    set_password = get_password  # type: ignore[assignment]


class Forgetful(RealKeyring):
    def set_password(self, service: str, name: str, text: str) -> None:
        """Say yes and keep nothing."""


class Hanging(RealKeyring):
    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.released = threading.Event()

    def get_password(self, service: str, name: str) -> str | None:
        self.asked += 1
        self.released.wait(30)
        return None


for backend in (RealKeyring, Broken, Forgetful, Hanging):
    backend.__module__, backend.__qualname__ = "keyring.backends.SecretService", "Keyring"
