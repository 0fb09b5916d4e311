"""What campaigns of the tests are made of: people, a letter, a sender, a draft."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.e2e.program import Program

SENDER = "shop@example.com"


def write_people(folder: Path, addresses: Iterable[str]) -> Path:
    """A list of people who agreed."""
    path = folder / "people.csv"
    rows = [f"{address},人{number},2026-01-01" for number, address in enumerate(addresses)]
    path.write_text("\n".join(["email,name,consent_at", *rows]), encoding="utf-8")
    return path


def draft(program: Program, folder: Path, addresses: Iterable[str], route: str) -> int:
    """Everything up to a draft; answers its number."""
    letter = folder / "letter.txt"
    letter.write_text("Subject: お知らせ\n\n{{ name }}様\nこんにちは。\n", encoding="utf-8")
    program.call("import", str(write_people(folder, addresses)), "--list", "all")
    program.call("template", "add", str(letter))
    program.call("identity", "add", SENDER, "--name", "店")
    drafted = program.call(
        *("campaign", "create", "test", "--template", "letter", "--from", SENDER),
        *("--route", route, "--list", "all"),
    )
    return int(drafted["campaign"])
