"""The real program on a real screen: what it shows is read from its state file, what is done is clicked."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_relay.ipc.launcher import Link
from desktop_relay.operations import campaigns, practice
from desktop_relay.operations.workspace import Workspace
from tests.e2e.program import Program
from tests.window.screen import Hand

_LONGEST_SECONDS = 20.0
_READING_SECONDS = 0.5
_LOOK_SECONDS = 0.05
_MNEMONIC = re.compile(r"\(&\w\)|&")


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing on the screen: a widget, or a cell of a table."""

    kind: str
    name: str
    text: str
    rect: tuple[int, int, int, int]
    on: bool = False
    enabled: bool = True
    focused: bool = False
    row: int = -1

    @property
    def middle(self) -> tuple[int, int]:
        """Where to click."""
        x, y, width, height = self.rect
        return x + width // 2, y + height // 2

    @property
    def words(self) -> str:
        """What it says, without mnemonics."""
        return _MNEMONIC.sub("", self.text)


class State:
    """One look at the window."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.page = str(document["page"])
        self.engine = str(document["engine"])
        self.dark = bool(document["dark"])
        self.turn = int(document["turn"])
        self.busy = int(document["busy"])
        self.widgets = [
            Seen(w["kind"], w["name"], w["text"], tuple(w["rect"]), w["on"], w["enabled"], w["focused"])
            for w in document["widgets"]
        ]
        self.cells = [
            Seen("cell", c["table"], c["text"], tuple(c["rect"]), row=c["row"]) for c in document["cells"]
        ]

    @property
    def words(self) -> str:
        """Everything that can be read."""
        return "\n".join(seen.words for seen in (*self.widgets, *self.cells))

    def find(self, words: str, kind: str = "") -> Seen | None:
        """The enabled widget or cell that says or is called just this, else the shortest that begins so."""
        alike = [
            seen
            for seen in (*self.widgets, *self.cells)
            if (not kind or seen.kind.endswith(tuple(kind.split()))) and seen.enabled and _begins(seen, words)
        ]
        # of a field and its label with the same words, the field is meant
        exact = [seen for seen in alike if words in (seen.words, seen.name)]
        exact.sort(key=lambda seen: "Label" in seen.kind)
        found = exact or sorted(alike, key=_length)
        return found[0] if found else None

    def figure(self, title: str) -> int:
        """The number on the card with that title; -1 when there is none yet."""
        cards = (seen.name for seen in self.widgets if seen.kind == "FigureCard" and _begins(seen, title))
        figure = next(cards, "").partition(": ")[2].split(" ")[0].replace(",", "")
        return int(figure) if figure.isdigit() else -1


def _begins(seen: Seen, words: str) -> bool:
    return seen.words.startswith(words) or seen.name.startswith(words)


def _length(seen: Seen) -> int:
    return len(seen.words or seen.name)


class RealWindow:
    """A running program and the hand that works it."""

    def __init__(self, process: subprocess.Popen[bytes], hand: Hand, state_file: Path, errors: Path) -> None:
        self.process = process
        self.hand = hand
        self._state_file = state_file
        self._errors = errors

    @property
    def errors(self) -> str:
        """What it wrote to its standard error."""
        return self._errors.read_text(encoding="utf-8", errors="replace")

    def look(self) -> State | None:
        """What it shows now, or nothing before it shows anything."""
        try:
            return State(json.loads(self._state_file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None

    def until(self, holds: Callable[[State], Any], why: str, seconds: float = _LONGEST_SECONDS) -> State:
        """The first look of which that is true."""
        end = time.monotonic() + seconds
        state = None
        while time.monotonic() < end:
            state = self.look()
            if state is not None and holds(state):
                return state
            assert self.process.poll() is None, f"the window ended: {self.errors}"
            time.sleep(_LOOK_SECONDS)
        raise AssertionError(f"never: {why}; shown:\n{state.words if state else 'nothing'}\n{self.errors}")

    def settled(self) -> State:
        """A look that was taken after now, with nothing being read any more."""
        begun = self.look()
        turn = begun.turn if begun else 0
        return self.until(lambda state: state.turn > turn + 1 and not state.busy, "it settles")

    def find(self, words: str, kind: str = "", seconds: float = _LONGEST_SECONDS) -> Seen:
        """Wait for a widget or cell."""
        state = self.until(lambda state: state.find(words, kind), f"shows {words!r}", seconds)
        found = state.find(words, kind)
        assert found is not None
        return found

    def click(self, words: str, kind: str = "") -> Seen:
        """Click on a widget or cell."""
        found = self.find(words, kind)
        if found.kind == "LatePushButton":
            time.sleep(_READING_SECONDS)  # it takes none from who cannot have read it
        self.hand.click(*found.middle)
        return found

    def show_page(self, name: str, title: str) -> State:
        """Click in the navigation."""
        self.click(title, "NavButton")
        self.until(lambda state: state.page == name, f"page {name}")
        return self.settled()

    def fill(self, words: str, text: str, kind: str = "LineEdit SearchField") -> None:
        """Put text into a field in place of what stands there."""
        for _ in range(2):  # a key map that changes under a fast typist may swallow a letter
            self.click(words, kind)
            self.hand.key("ctrl+a")
            self.hand.type(text)
            with contextlib.suppress(AssertionError):
                self.until(lambda state: any(seen.text == text for seen in state.widgets), "is typed", 3)
                return
        raise AssertionError(f"{text!r} could not be typed")

    def close(self) -> None:
        """End it the hard way, if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)


@contextlib.contextmanager
def open_window(
    program: Program, hand: Hand, display: str, *arguments: str, language: str = "ja", **variables: str
) -> Iterator[RealWindow]:
    """``desktop-relay --data … gui`` on that display, once it shows something; ended by its pid."""
    folder = program.directory.parent
    number = len(list(folder.glob("state-*.json")))
    state_file, errors = folder / f"state-{number}.json", folder / f"window-{number}.err"
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "DESKTOP_RELAY_KEYCHAIN": "off",
        "DESKTOP_RELAY_STATE_FILE": str(state_file),
        **variables,
    }
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        environment.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox")
    command = [sys.executable, "-m", "desktop_relay", "--data", str(program.directory), "--lang", language]
    with errors.open("wb") as log:
        process = subprocess.Popen(
            [*command, *(arguments or ("gui",))],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    window = RealWindow(process, hand, state_file, errors)
    try:
        window.until(lambda state: state.page, "the first page")
        yield window
    finally:
        window.close()


FIGURES = {"受け付け済み": "accepted", "届かなかった": "bounced", "不明": "unknown"}
"""What the monitor tells, by the name the command line has for it."""


def check_quiet(window: RealWindow, program: Program) -> None:
    """Nothing on the terminal, no crash report, no warning in the log."""
    assert window.errors == ""
    assert not (program.directory / "logs" / "window-crash.txt").exists()
    log = program.directory / "logs" / "window.log"
    told = log.read_text(encoding="utf-8") if log.exists() else ""
    assert " ERROR " not in told, told
    assert " WARNING ui" not in told, told


def prepare(program: Program, *, people: int, speed: float, send: bool = False) -> int:
    """A practice campaign, drafted or also handed to the engine."""
    link = Link(program.directory)
    with Workspace(program.directory, link) as ws:
        prepared = practice.prepare(ws, language="ja", contacts=people, speed=speed)
        if send:
            campaigns.send(ws, prepared.campaign)
    return prepared.campaign
