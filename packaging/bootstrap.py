#!/usr/bin/env python3
"""From a bare machine to a running program: ``demo``, ``test``, ``gui`` or ``setup``.

    python3 packaging/bootstrap.py demo [options of desktop-relay demo]
    python3 packaging/bootstrap.py test [options of pytest]

Standard library only; any Python from 3.9 on may start it. It finds a Python that the program runs
on, makes ``.venv``, installs the pinned packages, makes sure of the system's libraries and a Japanese
font, and hands over. What was done once is not done again.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, Iterator, NoReturn, Sequence  # noqa: UP035  (runs on 3.9)

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WINDOWS = sys.platform == "win32"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
OLDEST, NEWEST = (3, 11), (3, 14)

# Shared library to the Debian package that brings it; what Qt, its web engine and xcb load.
LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libnss3.so": "libnss3",
    "libasound.so.2": "libasound2",
    "libXcomposite.so.1": "libxcomposite1",
    "libXdamage.so.1": "libxdamage1",
    "libXrandr.so.2": "libxrandr2",
    "libXtst.so.6": "libxtst6",
    "libxkbfile.so.1": "libxkbfile1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
FONT_PACKAGE = "fonts-noto-cjk"
VENV_PACKAGE = "python3-venv"
NEW_NAMES = {"libasound2": "libasound2t64", "libglib2.0-0": "libglib2.0-0t64"}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONT_NAMES = re.compile(r"cjk|gothic|mincho|ipa|takao|vl-?g|noto.*jp|mplus|sazanami|kochi", re.IGNORECASE)

# Program to package: the real servers, the screen and the network namespaces that the tests use.
TEST_PROGRAMS = {
    "postfix": "postfix",
    "smtp-sink": "postfix",
    "dovecot": "dovecot-core",
    "doveadm": "dovecot-imapd",
    "opendkim": "opendkim",
    "opendkim-testmsg": "opendkim-tools",
    "unbound": "unbound",
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "ip": "iproute2",
}
EXTRA_TEST_PACKAGES = {"dovecot-core": ["dovecot-imapd", "dovecot-lmtpd"]}
WHOLE_SUITE = [
    # as shuffled: the files of few and slow tests would all come last, and one process wait for the other
    *("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"),
    # a process that died is the end of the run: given another one, pytest-xdist waits for ever in the end
    "--max-worker-restart=0",
    # --timeout cannot end a test that waits in an event loop of Qt, where no Python runs; this can
    *("-o", "faulthandler_timeout=240", "-o", "faulthandler_exit_on_timeout=true"),
]
SBIN = "/usr/sbin:/usr/local/sbin:/sbin"


def main(arguments: Sequence[str]) -> int:
    """Set up what is missing, then run the wanted part."""
    if not arguments or arguments[0] not in ("demo", "test", "gui", "setup"):
        print(__doc__)
        return 2
    wanted, rest = arguments[0], list(arguments[1:])
    testing = wanted in ("test", "setup")
    ensure_system(testing)
    ensure_environment("test" if testing else "")
    if wanted == "setup":
        return 0
    if wanted == "test":
        return run([str(PYTHON), "-m", "pytest", *(rest or WHOLE_SUITE)], test_environment())
    command = [str(PYTHON), "-m", "desktop_relay", wanted, *rest]
    return run(command, window_environment())


# -- the Python that the program runs on ---------------------------------------------------------------


def find_python() -> str:
    """A Python of a supported version that can make environments; ends the program when there is none."""
    found = search_python()
    if found is not None:
        return found
    stop(
        "Desktop Relay needs Python {}.{} or newer, and none was found.\n"
        "Python {}.{} 以上が見つかりません。インストールしてからもう一度実行してください。".format(
            *OLDEST, *OLDEST
        )
    )


def search_python() -> str | None:
    """The first candidate that will do."""
    for candidate in candidates():
        if OLDEST <= (version_of(candidate) or (0, 0)) <= NEWEST:
            return candidate[0] if len(candidate) == 1 else executable_of(candidate)
    return None


def candidates(
    which: Callable[[str], str | None] = shutil.which, pyenv: Path | None = None
) -> Iterator[list[str]]:
    """Commands that may be a Python: this one, those on PATH, the ``py`` launcher's, pyenv's."""
    yield [sys.executable]
    names = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    for name in [*names, "python3", "python"]:
        found = which(name)
        if found:
            yield [found]
    if WINDOWS and which("py"):
        for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
            yield ["py", f"-3.{minor}"]
    pyenv = pyenv or Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for python in sorted(pyenv.glob("versions/*/bin/python3"), reverse=True):
        yield [str(python)]


def version_of(command: list[str]) -> tuple[int, int] | None:
    """What the command says its version is; nothing for a shim without a Python behind it.

    Debian's Python comes without ``ensurepip`` until python3-venv is installed, and is no use before.
    """
    answer = ask([*command, "-c", "import sys, venv, ensurepip; print('%d %d' % sys.version_info[:2])"])
    parts = answer.split() if answer else []
    return (int(parts[0]), int(parts[1])) if len(parts) == 2 and all(map(str.isdigit, parts)) else None


def executable_of(command: list[str]) -> str:
    """The file behind a launcher."""
    return ask([*command, "-c", "import sys; print(sys.executable)"]) or command[0]


def ask(command: list[str]) -> str | None:
    """The output of a short command, or nothing when it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


# -- the virtual environment ---------------------------------------------------------------------------


def ensure_environment(extra: str) -> None:
    """``.venv`` with the pinned packages; nothing to do when the stamp says that they are there."""
    stamp = VENV / (".ready-test" if extra else ".ready")
    wanted = fingerprint()
    for present in {stamp, VENV / ".ready-test"}:
        if PYTHON.exists() and present.exists() and present.read_text() == wanted:
            return
    if not PYTHON.exists() or not usable(PYTHON):
        say("Making .venv …")
        shutil.rmtree(VENV, ignore_errors=True)
        check([find_python(), "-m", "venv", str(VENV)])
    say("Installing packages (a minute the first time) …")
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
    constraints = str(ROOT / "packaging" / "constraints.txt")
    check([*pip, "install", "--quiet", "--constraint", constraints, "--editable", target])
    stamp.write_text(wanted)


def usable(python: Path) -> bool:
    """Whether the environment's Python still runs and is of a supported version."""
    return OLDEST <= (version_of([str(python)]) or (0, 0)) <= NEWEST


def fingerprint(root: Path = ROOT) -> str:
    """Changes when what must be installed, or a translation that the install compiles, changes."""
    digest = hashlib.sha256()
    for path in [
        root / "pyproject.toml",
        root / "packaging" / "constraints.txt",
        *sorted((root / "resources" / "translations").glob("*.ts")),
    ]:
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


# -- the system ----------------------------------------------------------------------------------------


def ensure_system(testing: bool) -> None:
    """Libraries, a Japanese font and (for tests) the real servers: installed, or told how to."""
    if not sys.platform.startswith("linux"):
        return
    missing = missing_packages(testing)
    if not missing:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends"]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        log = subprocess.DEVNULL if not testing else None
        subprocess.run(["apt-get", "update", "-qq"], env=environment, stdout=log, check=False)
        packages = names_here(missing)
        say("Installing from the distribution: " + " ".join(packages))
        command = [*install, *packages]
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0:
            return
    packages = names_here(missing)
    advice = " ".join(["sudo", *install, *packages] if shutil.which("apt-get") else ["install:", *packages])
    if testing:
        say("Some tests will be skipped. For all of them: " + advice)
    if missing_packages(False):
        stop("System libraries are missing / システムの部品が足りません:\n\n    " + advice)


class Machine:
    """What is there; a test puts another one in its place."""

    def loads(self, library: str) -> bool:
        """Whether the dynamic linker finds a library."""
        return loads(library)

    def has_japanese_font(self) -> bool:
        """Whether Japanese can be shown."""
        return has_japanese_font()

    def has_python(self) -> bool:
        """Whether the environment is there, or a Python that can make it."""
        return PYTHON.exists() or search_python() is not None

    def has_program(self, program: str) -> bool:
        """Whether a program is there, also where only root looks for it."""
        path = os.environ.get("PATH", "") + os.pathsep + SBIN
        return shutil.which(program, path=path) is not None


def missing_packages(testing: bool, machine: Machine | None = None) -> list[str]:
    """Debian packages for what is not there."""
    machine = machine or Machine()
    wanted: dict[str, None] = {}
    for library, package in LIBRARIES.items():
        if not machine.loads(library):
            wanted[package] = None
    if not machine.has_japanese_font():
        wanted[FONT_PACKAGE] = None
    if not machine.has_python():
        wanted[VENV_PACKAGE] = None
    if testing:
        for program, package in TEST_PROGRAMS.items():
            if not machine.has_program(program):
                wanted[package] = None
                for more in EXTRA_TEST_PACKAGES.get(package, []):
                    wanted[more] = None
    return list(wanted)


def names_here(packages: Sequence[str], ask: Callable[[list[str]], str | None] = ask) -> list[str]:
    """The packages as this release calls them: some got a new name when times became 64 bits wide."""
    return [
        NEW_NAMES[package]
        if package in NEW_NAMES and ask(["apt-cache", "show", NEW_NAMES[package]])
        else package
        for package in packages
    ]


def loads(library: str) -> bool:
    """Whether the dynamic linker finds it."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_japanese_font() -> bool:
    """Whether a font is there without which Japanese is a row of boxes."""
    for folder in FONT_FOLDERS:
        for path in Path(folder).expanduser().rglob("*.[to]t[fc]"):
            if FONT_NAMES.search(path.name):
                return True
    return False


# -- running -------------------------------------------------------------------------------------------


def window_environment() -> dict[str, str]:
    """The web engine refuses to run as root with its own sandbox; nobody else needs this."""
    environment = dict(os.environ)
    if sys.platform.startswith("linux") and os.geteuid() == 0:
        environment.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox")
    return environment


def test_environment() -> dict[str, str]:
    """Tests draw offscreen unless they start a screen of their own."""
    environment = window_environment()
    environment["QT_QPA_PLATFORM"] = "offscreen"
    environment["PATH"] = environment.get("PATH", "") + os.pathsep + SBIN
    return environment


def run(command: list[str], environment: dict[str, str]) -> int:
    """Hand over; on POSIX this process becomes the command, so that signals reach it."""
    if WINDOWS:
        return subprocess.run(command, env=environment, cwd=str(ROOT), check=False).returncode
    os.chdir(str(ROOT))
    sys.stdout.flush()
    os.execve(command[0], command, environment)


def check(command: list[str]) -> None:
    """Run and end the program when it fails."""
    code = subprocess.run(command, cwd=str(ROOT), check=False).returncode
    if code != 0:
        stop("This failed / 失敗しました: " + " ".join(command))


def say(text: str) -> None:
    """A word on the way."""
    print(text, file=sys.stderr, flush=True)


def stop(text: str) -> NoReturn:
    """End with a clear word."""
    say(text)
    raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
