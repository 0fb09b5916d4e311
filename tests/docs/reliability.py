"""Writes ``docs/reliability.md``: ``python -m tests.docs.reliability``."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"
SCENARIOS = ROOT / "tests" / "scenarios"

_WIDTH = 110

_GROUPS = {
    "data": "The data directory",
    "time": "Time",
    "network": "The network",
    "dns": "Name servers",
    "peer": "The server at the other end",
    "account": "The account",
    "lane": "Lanes",
    "crash": "Crashes",
    "user": "What people ask for at the wrong moment",
}

_HEAD = """# Reliability

What happens when something goes wrong. Each fault below has a defined behaviour and a test that holds it, in
the ordinary run: the test brings the fault about, and then looks at every recipient in the ledger, at the
counters, and at what the other side really received. The rules above all of them:

- A recipient is written down as *in flight* before the first octet leaves, and what became of it after the
  reply. Nothing goes out that could not be remembered.
- Where nobody can tell whether a message was taken, the recipient is **unknown**: shown, never sent to again
  by itself, never dropped. There are never more of them than were in flight: on the wire, and in fast lanes
  up to three for each connection that were to follow at once.
- Nobody receives anything twice, whatever is killed, deleted or cut off.
- What concerns everybody (account, disk, template) pauses the campaign with its reason; what concerns one
  destination slows that lane; what concerns one recipient touches nobody else.

This page is made from the tests: `python -m tests.docs.reliability`. They run by `pytest tests/scenarios`.
Random kills (`kill -9`) of a sending engine, {kills} in the ordinary run and {soak:,} with `-m soak`, are in
`tests/e2e/test_kill.py`.
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """One scenario as its docstring tells it."""

    group: str
    name: str
    file: str
    behaviour: str
    result: str


def load_faults() -> Iterator[Fault]:
    """Every scenario; raises ``ValueError`` for one whose docstring lacks a part."""
    for path in sorted(SCENARIOS.glob("test_*.py")):
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        parts = [" ".join(part.split()) for part in text.split("\n\n")]
        if len(parts) < 3 or not parts[-1].startswith("Result: "):
            raise ValueError(f"{path.name}: a name, what is to happen, and 'Result: …'")
        group = path.stem.split("_")[1]
        name, *behaviour, result = parts
        yield Fault(group, name, path.name, " ".join(behaviour), result.removeprefix("Result: "))


def compose() -> str:
    """The page."""
    faults = list(load_faults())
    kills = _constants(ROOT / "tests" / "e2e" / "test_kill.py")
    lines = [_HEAD.format(kills=kills["KILLS"], soak=kills["SOAK_KILLS"])]
    number = 0
    for group, title in _GROUPS.items():
        lines.append(f"\n## {title}\n")
        for fault in faults:
            if fault.group == group:
                number += 1
                lines.append(_entry(number, fault))
    if number != len(faults):
        raise ValueError("a scenario of no known group")
    return "".join(lines)


def _entry(number: int, fault: Fault) -> str:
    link = f"([test](../tests/scenarios/{fault.file}))"
    name = fault.name.removesuffix(".")
    told = (textwrap.fill(text, _WIDTH) for text in (fault.behaviour, f"**Result:** {fault.result} {link}"))
    return f"\n### {number}. {name}\n\n" + "\n\n".join(told) + "\n"


def _constants(path: Path) -> dict[str, int]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, int)
    }


if __name__ == "__main__":
    PAGE.write_text(compose(), encoding="utf-8")
