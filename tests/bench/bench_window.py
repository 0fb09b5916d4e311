"""The window's start and its smoothness: ``python -m tests.bench.bench_window [--rounds N] [--seconds S]``.

Start: seconds from the process's start until the window is shown, its first page read and painted, and
its event loop idle; after its files were dropped from the page cache (cold) and again (warm); beside the
same of a bare ``QApplication`` with one label. Wanted: 2 s at most.

Smoothness: by how many milliseconds a timer of 16 ms is late in the window's process, idle and with the
monitor watching the engine send at full speed to Postfix's ``smtp-sink``, beside the same of a bare
window. Wanted: 16 ms at most at p99.

Runs on an Xvfb of its own where there is one, else offscreen.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.bench_path import prepare as prepare_path
from tests.bench.bench_path import sink
from tests.e2e.program import Program
from tests.window.screen import open_screen

if TYPE_CHECKING:
    from ui.app import Application

TICK_MILLISECONDS = 16
_BARE = (
    "import time; from PySide6.QtCore import QTimer; from PySide6.QtWidgets import QApplication, QLabel\n"
    "app = QApplication([]); label = QLabel('x'); label.show()\n"
    "def end(): print(time.monotonic()); app.quit()\n"
    "QTimer.singleShot(0, end); app.exec()"
)


# -- in the window's process ---------------------------------------------------------------------------


class Ticks:
    """A timer that writes down how late it is."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer  # noqa: PLC0415  (the parent process needs no Qt)

        self.late: list[float] = []
        self._then = 0.0
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK_MILLISECONDS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin anew."""
        self.late.clear()
        self._then = time.perf_counter()
        self._timer.start()

    def stop(self) -> list[float]:
        """The lateness of every tick, in milliseconds."""
        self._timer.stop()
        return list(self.late)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, (now - self._then) * 1000 - TICK_MILLISECONDS))
        self._then = now


async def visit_start(application: Application) -> None:
    """Say when the window could be used, and end."""
    await asyncio.sleep(0)  # the page has begun to read
    await application.context.tasks.idle()
    while application.context.tasks.running:
        await application.context.tasks.idle()
    application.window.repaint()
    await asyncio.sleep(0)
    print(json.dumps({"usable": time.monotonic(), "page": application.window.current_name}), flush=True)
    application.end()


async def visit_ticks(application: Application, seconds: float) -> None:
    """Measure for some seconds and say it; with an engine, only while it sends."""
    await asyncio.sleep(1.5)
    ticks = Ticks()
    seen: list[int] = []
    application.context.engine.progress.connect(lambda progress: seen.append(_accepted(progress)))
    ticks.start()
    await asyncio.sleep(seconds)
    late = ticks.stop()
    rate = (seen[-1] - seen[0]) / seconds if len(seen) > 1 else 0.0
    print(json.dumps({"late": late, "updates": len(seen) / seconds, "rate": rate}), flush=True)
    application.end()


def _accepted(progress: Any) -> int:
    return sum(campaign.counts.accepted for campaign in progress.campaigns)


def run_child(kind: str, seconds: float, arguments: Sequence[str]) -> int:
    """The real command line with a visitor in the window."""
    from desktop_relay.cli.main import run  # noqa: PLC0415

    import ui.app  # noqa: PLC0415  (only here: it starts Qt)

    async def visit(application: Application) -> None:
        if kind == "start":
            await visit_start(application)
        else:
            await visit_ticks(application, seconds)

    def main(directory: Path, language: str | None = None, page: str | None = None) -> int:
        return ui.app.run_window(directory, language, page or ("monitor" if kind == "send" else None), visit)

    ui.app.main = main
    return run(arguments)


def run_bare_ticks(seconds: float) -> None:
    """The same timer with nothing but a label."""
    from PySide6.QtCore import QTimer  # noqa: PLC0415
    from PySide6.QtWidgets import QApplication, QLabel  # noqa: PLC0415

    app = QApplication([])
    label = QLabel("bare")
    label.show()
    ticks = Ticks()
    QTimer.singleShot(500, ticks.start)
    QTimer.singleShot(500 + int(seconds * 1000), app.quit)
    app.exec()
    print(json.dumps({"late": ticks.stop(), "updates": 0, "rate": 0}))


# -- in the parent process -----------------------------------------------------------------------------


def main() -> None:
    """Run and print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--child", choices=("start", "idle", "send", "bare"), help=argparse.SUPPRESS)
    options, rest = parser.parse_known_args()
    if options.child == "bare":
        run_bare_ticks(options.seconds)
    elif options.child:
        sys.exit(run_child(options.child, options.seconds, rest))
    else:
        with tempfile.TemporaryDirectory() as folder, screen(Path(folder)):
            show_start(Path(folder), options.rounds)
            show_ticks(Path(folder), options.seconds)


@contextlib.contextmanager
def screen(folder: Path) -> Iterator[None]:
    """What the windows are drawn on."""
    os.environ["DESKTOP_RELAY_KEYCHAIN"] = "off"
    if shutil.which("Xvfb") is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        yield
        return
    with open_screen(folder) as display:
        os.environ.update(DISPLAY=display, QT_QPA_PLATFORM="xcb")
        yield


def show_start(folder: Path, rounds: int) -> None:
    """Seconds to a usable window."""
    directory = folder / "start"
    child = ["--child", "start", "--data", str(directory), "gui"]
    print(f"{'start':>6} {'ours s':>8} {'bare s':>8} {'ratio':>6}")
    for name in ("cold", "warm"):
        cold = name == "cold"
        told = [(_start_of(child, cold=cold), _start_of_bare(cold=cold)) for _ in range(rounds)]
        ours = statistics.median(one for one, _ in told)
        bare = statistics.median(one for _, one in told)
        print(f"{name:>6} {ours:8.2f} {bare:8.2f} {ours / bare:6.1f}")


def _start_of(child: Sequence[str], *, cold: bool) -> float:
    if cold:
        forget_files()
    started = time.monotonic()
    answer = _child(child)
    return float(answer["usable"]) - started


def _start_of_bare(*, cold: bool) -> float:
    if cold:
        forget_files()
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-c", _BARE], capture_output=True, text=True, check=True)
    return float(done.stdout) - started


def forget_files() -> None:
    """Let the system drop the program's and its packages' files from its page cache."""
    if not hasattr(os, "posix_fadvise"):
        return
    for root in (Path(sys.prefix) / "lib", Path.cwd() / "ui", Path.cwd() / "desktop_relay"):
        for path in root.rglob("*"):
            if path.suffix in (".py", ".pyc", ".so", ".qm") or ".so." in path.name:
                with contextlib.suppress(OSError), path.open("rb") as file:
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def show_ticks(folder: Path, seconds: float) -> None:
    """How late a tick comes."""
    print(f"\n{'tick late, ms':>14} {'p50':>6} {'p95':>6} {'p99':>6} {'max':>6} {'sent/s':>7} {'news/s':>7}")
    limit = ["--seconds", str(seconds)]
    _print_ticks("bare", _child(["--child", "bare", *limit]))
    _print_ticks("idle", _child(["--child", "idle", *limit, "--data", str(folder / "idle"), "gui"]))
    with sending(folder / "send", seconds) as directory:
        _print_ticks("sending", _child(["--child", "send", *limit, "--data", str(directory), "gui"]))
        _print_ticks("bare, sending", _child(["--child", "bare", *limit]))


def _print_ticks(name: str, answer: dict[str, Any]) -> None:
    late = sorted(answer["late"])
    shown = [late[min(len(late) - 1, int(len(late) * share))] for share in (0.5, 0.95, 0.99, 1.0)]
    figures = " ".join(f"{value:6.1f}" for value in shown)
    print(f"{name:>14} {figures} {answer['rate']:7.0f} {answer['updates']:7.1f}")


@contextlib.contextmanager
def sending(directory: Path, seconds: float) -> Iterator[Path]:
    """An engine that sends as fast as it can for long enough."""
    program = Program(directory)
    people = int(1500 * (2 * seconds + 12))
    try:
        with sink() as port:
            campaign = prepare_path(program, directory, port, people)
            program.call("campaign", "send", str(campaign), "--force", "all", timeout=300)
            yield directory
    finally:
        program.run("engine", "stop", "--now")


def _child(arguments: Sequence[str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_window", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


if __name__ == "__main__":
    main()
