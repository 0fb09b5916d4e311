"""The bootstrap: finds a Python that works, asks for what is missing, and does nothing twice."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.sources import ROOT

SCRIPT = ROOT / "packaging" / "bootstrap.py"


def load() -> ModuleType:
    """The script as a module; it is no part of any package."""
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


bootstrap = load()
posix = pytest.mark.skipif(os.name != "posix", reason="shell scripts in place of Pythons")


def script(path: Path, text: str) -> list[str]:
    """A command that runs that text in the shell."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return [str(path)]


def test_the_standard_library_alone_and_an_old_python() -> None:
    source = SCRIPT.read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 9))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.Import):
            imported.update(alias.name.split(".")[0] for alias in node.names)
    assert imported <= sys.stdlib_module_names
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Match)]
    assert "from __future__ import annotations" in source, "3.9 cannot read the annotations"


def test_candidates_from_path_and_pyenv(tmp_path: Path) -> None:
    for version in ("3.9.1", "3.12.2"):
        (tmp_path / "versions" / version / "bin").mkdir(parents=True)
        (tmp_path / "versions" / version / "bin" / "python3").touch()

    def which(name: str) -> str | None:
        return f"/somewhere/{name}" if name in ("python3.12", "python3") else None

    found = list(bootstrap.candidates(which, tmp_path))
    assert found[0] == [sys.executable]
    assert found[1:3] == [["/somewhere/python3.12"], ["/somewhere/python3"]]
    assert [Path(command[0]).parts[-3] for command in found[3:]] == ["3.9.1", "3.12.2"]


@posix
@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("echo 3 12", (3, 12)),
        ("echo 'python3.12: command not found' >&2; exit 127", None),
        ("echo 3 12; exit 1", None),
        ("echo hello world", None),
        ("echo 3", None),
        ("exit 0", None),
    ],
)
def test_what_answers_like_a_python(tmp_path: Path, text: str, version: tuple[int, int] | None) -> None:
    assert bootstrap.version_of(script(tmp_path / "python3.12", text)) == version


def test_what_is_not_there_and_this_one(tmp_path: Path) -> None:
    assert bootstrap.version_of([str(tmp_path / "gone")]) is None
    assert bootstrap.version_of([sys.executable]) == sys.version_info[:2]
    assert bootstrap.executable_of([sys.executable]) == sys.executable


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What an installation depends on."""
    (tmp_path / "packaging").mkdir()
    (tmp_path / "resources" / "translations").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("a")
    (tmp_path / "packaging" / "constraints.txt").write_text("b")
    (tmp_path / "resources" / "translations" / "w_ja.ts").write_text("c")
    return tmp_path


@pytest.mark.parametrize(
    "name", ["pyproject.toml", "packaging/constraints.txt", "resources/translations/w_ja.ts"]
)
def test_the_fingerprint_changes_with_what_is_installed(project: Path, name: str) -> None:
    before = bootstrap.fingerprint(project)
    assert bootstrap.fingerprint(project) == before
    (project / name).write_text("changed")
    assert bootstrap.fingerprint(project) != before


def test_the_fingerprint_knows_where_a_text_stands(project: Path) -> None:
    before = bootstrap.fingerprint(project)
    (project / "pyproject.toml").write_text("ab")
    (project / "packaging" / "constraints.txt").write_text("")
    assert bootstrap.fingerprint(project) != before
    (project / "resources" / "translations" / "x_ja.ts").write_text("")
    (project / "README.md").write_text("nobody installs this")


class Bare:
    """A machine with nothing but what is named."""

    def __init__(self, *there: str) -> None:
        self.there = there

    def loads(self, library: str) -> bool:
        return "libraries" in self.there or library in self.there

    def has_japanese_font(self) -> bool:
        return "font" in self.there

    def has_python(self) -> bool:
        return "python" in self.there

    def has_program(self, program: str) -> bool:
        return program in self.there


def test_a_bare_machine_wants_everything_once() -> None:
    wanted = bootstrap.missing_packages(True, Bare())
    assert len(wanted) == len(set(wanted))
    assert {bootstrap.FONT_PACKAGE, bootstrap.VENV_PACKAGE, "libgl1", "postfix", "dovecot-imapd"} <= set(
        wanted
    )
    assert "postfix" not in bootstrap.missing_packages(False, Bare()), "to use it, no mail server is needed"


def test_a_complete_machine_wants_nothing() -> None:
    programs = bootstrap.TEST_PROGRAMS
    assert bootstrap.missing_packages(True, Bare("libraries", "font", "python", *programs)) == []
    assert bootstrap.missing_packages(False, Bare("libraries", "font", "python")) == []


@pytest.mark.parametrize("library", list(bootstrap.LIBRARIES))
def test_one_missing_library_names_its_package(library: str) -> None:
    others = [name for name in bootstrap.LIBRARIES if name != library]
    assert bootstrap.missing_packages(False, Bare("font", "python", *others)) == [
        bootstrap.LIBRARIES[library]
    ]


def test_names_that_a_newer_release_changed() -> None:
    wanted = ["libasound2", "libgl1", "libglib2.0-0"]

    def newer(command: list[str]) -> str | None:
        return "Package" if command[-1].endswith("t64") else None

    def older(command: list[str]) -> str | None:
        return None

    assert bootstrap.names_here(wanted, newer) == ["libasound2t64", "libgl1", "libglib2.0-0t64"]
    assert bootstrap.names_here(wanted, older) == wanted


@pytest.mark.parametrize("arguments", [[], ["fly"], ["--help"]])
def test_usage_without_touching_anything(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(arguments) == 2
    assert "bootstrap.py demo" in capsys.readouterr().out


def test_a_second_start_does_nothing_again(capsys: pytest.CaptureFixture[str]) -> None:
    """How long it takes until the program is handed over to is printed; what it must not do is asserted."""
    if not bootstrap.PYTHON.exists():
        pytest.skip("runs from an environment of its own")
    stamp = bootstrap.VENV / ".ready-test"
    if not stamp.exists() or stamp.read_text() != bootstrap.fingerprint():
        pytest.skip("this environment was not made by the bootstrap, or something changed since")
    started = time.monotonic()
    bootstrap.ensure_environment("")
    bootstrap.ensure_environment("test")
    seconds = time.monotonic() - started
    assert capsys.readouterr().err == ""
    with capsys.disabled():
        print(f"\nsecond start: {seconds * 1000:.0f} ms")  # noqa: T201  (a report)


def test_the_web_engines_own_sandbox_is_given_up_by_root_alone() -> None:
    given_up = "--no-sandbox" in bootstrap.window_environment().get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    is_root = sys.platform.startswith("linux") and os.geteuid() == 0
    assert given_up == is_root or "QTWEBENGINE_CHROMIUM_FLAGS" in os.environ
    assert bootstrap.test_environment()["QT_QPA_PLATFORM"] == "offscreen"


@posix
def test_a_failed_command_ends_with_one_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        bootstrap.check(script(tmp_path / "fails", "exit 3"))
    assert caught.value.code == 1
    assert "fails" in capsys.readouterr().err


def test_printed_usage_of_the_script_itself() -> None:
    done = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == ""
