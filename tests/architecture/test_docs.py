"""What the documentation says is there is there, and the other way round."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_relay.cli import main
from desktop_relay.cli.parser import PROGRAM, Parser
from desktop_relay.domain.settings import SETTINGS
from tests.architecture.sources import ROOT, repository_files
from tests.docs import carriers, reliability, rfc_index, settings

READMES = ("README.md", "README.ja.md", "CONTRIBUTING.md")
_LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
_BOOTSTRAP = ("python3", "packaging/bootstrap.py")


@pytest.mark.parametrize(
    "page",
    [settings, carriers, reliability, rfc_index],
    ids=["settings", "carriers", "reliability", "rfc-index"],
)
def test_made_pages_are_in_step(page: object) -> None:
    path, text = page.PAGE, page.compose()  # type: ignore[attr-defined]
    assert path.read_text(encoding="utf-8") == text, f"python -m {page.__name__}"  # type: ignore[attr-defined]


def test_every_setting_is_in_the_page() -> None:
    text = settings.PAGE.read_text(encoding="utf-8")
    assert [key for key in SETTINGS if f"`{key}`" not in text] == []


def parser_of(command: str) -> Parser:
    """The parser of a command, as the program makes it."""
    parser = Parser(prog=f"{PROGRAM} {command}")
    main._load(command).add_arguments(parser)
    return parser


def actions_of(command: str) -> Iterator[str]:
    """The actions of a command."""
    for action in parser_of(command)._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices


@pytest.mark.parametrize("command", main.COMMANDS)
def test_the_page_of_the_command_line_names_every_action(command: str) -> None:
    rows = [
        line
        for line in (ROOT / "docs" / "cli.md").read_text(encoding="utf-8").splitlines()
        if line.startswith(f"| `{command}")
    ]
    assert rows, command
    named = set(re.findall(r"[a-z]+(?:-[a-z]+)*", " ".join(row.split("| ", 2)[1] for row in rows)))
    assert set(actions_of(command)) - named == set()


@pytest.mark.parametrize("command", main.COMMANDS)
def test_the_page_names_every_long_option(command: str) -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    rows = " ".join(line for line in text.splitlines() if line.startswith(f"| `{command}"))

    def walk(parser: argparse.ArgumentParser) -> Iterator[str]:
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for child in action.choices.values():
                    yield from walk(child)
            yield from (option for option in action.option_strings if option.startswith("--"))

    options = set(walk(parser_of(command))) - {"--help"}
    assert {option for option in options if option not in rows} == set()


def commands_in(name: str) -> Iterator[list[str]]:
    """The command lines that a page tells people to type."""
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("    ") and line.strip():
            yield shlex.split(line.strip(), comments=True)


@pytest.mark.parametrize("name", READMES)
def test_commands_of_the_readme_exist(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    seen = 0
    for words in commands_in(name):
        if Path(words[0]).name == PROGRAM:
            options, rest = main._parse_global(words[1:])
            parser_of(options.command).parse_args(rest)
            seen += 1
        elif tuple(words[:2]) == _BOOTSTRAP:
            assert words[2] in ("demo", "test", "gui", "setup"), words
            seen += 1
    assert seen
    assert capsys.readouterr().err == ""


def test_links_lead_somewhere() -> None:
    broken = []
    for path in repository_files():
        if path.suffix != ".md":
            continue
        for target in _LINK.findall(path.read_text(encoding="utf-8")):
            outside = "://" in target or target.startswith("mailto:")
            if not outside and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert broken == []
