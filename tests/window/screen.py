"""A screen of the test's own: Xvfb on a free display, and a hand at its mouse and keyboard (xdotool)."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def open_screen(folder: Path, size: str = "1700x1100") -> Iterator[str]:
    """The display's name, such as ``:7``. Xvfb chooses a free one itself."""
    reading, writing = os.pipe()
    with (folder / "xvfb.log").open("wb") as log:
        process = subprocess.Popen(
            [
                *("Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24"),
                *("-nolisten", "tcp", "-noreset"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[writing],
        )
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        assert number, (folder / "xvfb.log").read_text(errors="replace")
        yield f":{number}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


class Hand:
    """Mouse and keyboard of a display."""

    def __init__(self, display: str) -> None:
        self._environment = {**os.environ, "DISPLAY": display}

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Go there and press."""
        self._do("mousemove", "--sync", str(x), str(y), "click", str(button))

    def key(self, *keys: str) -> None:
        """Press keys one after the other, such as ``ctrl+f``."""
        self._do("key", "--delay", "15", *keys)

    def type(self, text: str) -> None:
        """Type letters, Japanese ones too; a letter that no key has wants a little time."""
        self._do("type", "--delay", "15" if text.isascii() else "60", "--", text)

    def wheel(self, x: int, y: int, turns: int) -> None:
        """Turn the wheel there, downwards."""
        self._do("mousemove", "--sync", str(x), str(y), "click", "--repeat", str(turns), "--delay", "10", "5")

    def _do(self, *arguments: str) -> None:
        subprocess.run(
            ["xdotool", *arguments], env=self._environment, check=True, timeout=20, capture_output=True
        )
