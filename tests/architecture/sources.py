"""The files of the repository and the parsed modules, as the checks of the whole see them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_LEFT_OUT = {".git", ".venv", "build", "dist", "node_modules"}
_BINARY = {".png", ".qm", ".db", ".ico", ".icns", ".woff2", ".pyc"}


@cache
def repository_files() -> tuple[Path, ...]:
    """Every file that belongs to the repository, told by git, or by walking where there is no git."""
    asked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if asked.returncode == 0 and asked.stdout:
        names = asked.stdout.decode().rstrip("\0").split("\0")
        return tuple(path for name in names if (path := ROOT / name).is_file())
    return tuple(
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not any(p in _LEFT_OUT or p.endswith("_cache") for p in path.parts)
    )


def text_lines() -> Iterator[tuple[Path, int, str]]:
    """Every line of every text file."""
    for path in repository_files():
        if path.suffix in _BINARY:
            continue
        content = path.read_bytes()
        if b"\0" in content[:4096]:
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            yield path, number, line


@cache
def modules(package: str) -> tuple[tuple[Path, ast.Module], ...]:
    """Every module of a package, parsed."""
    paths = sorted((ROOT / package).rglob("*.py"))
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def place(path: Path, line: int) -> str:
    """Where it is, as a person looks for it."""
    return f"{path.relative_to(ROOT)}:{line}"
