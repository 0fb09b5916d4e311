"""What the window remembers between runs: geometry, columns, filters, the last page (``window.ini``)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings


class Memory:
    """A few named values in the data directory; a damaged file is as good as none."""

    def __init__(self, directory: Path | None) -> None:
        path = str(directory / "window.ini") if directory is not None else ""
        self._settings = QSettings(path, QSettings.Format.IniFormat) if path else None
        self._unsaved: dict[str, object] = {}

    def text(self, key: str, default: str = "") -> str:
        """A remembered word."""
        return str(self._read(key, default))

    def number(self, key: str, default: int = 0) -> int:
        """A remembered whole number."""
        try:
            return int(str(self._read(key, default)))
        except ValueError:
            return default

    def flag(self, key: str, default: bool = False) -> bool:
        """A remembered yes or no."""
        return str(self._read(key, default)).lower() == "true"

    def octets(self, key: str) -> QByteArray:
        """Remembered state of a Qt widget; empty when there is none."""
        value = self._read(key, None)
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep(self, key: str, value: str | int | bool | QByteArray) -> None:
        """Remember."""
        if isinstance(value, bool):
            value = "true" if value else "false"
        if self._settings is None:
            self._unsaved[key] = value
        else:
            self._settings.setValue(key, value)

    def _read(self, key: str, default: object) -> object:
        if self._settings is None:
            return self._unsaved.get(key, default)
        value = self._settings.value(key, default)
        return default if value is None else value

    def save(self) -> None:
        """Write to disk now."""
        if self._settings is not None:
            self._settings.sync()
