"""The parser of the command line: its own words in the language of the user."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TypeVar, cast

from desktop_relay.cli.wrong_usage import explain
from resources.phrases import load_phrases, phrase

PROGRAM = "desktop-relay"
_USAGE = 2
_ENDLESS = 2**63
ActionT = TypeVar("ActionT", bound=argparse.Action)


class Parser(argparse.ArgumentParser):
    """Explains arguments by the phrases ``options.<name>``, actions by ``actions.<command>_<action>``."""

    def __init__(self, *, language: str = "en", **options: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, **options)
        self.language = language
        self._positionals.title = self._word("arguments")
        self._optionals.title = self._word("options")
        self.add_argument("-h", "--help", action="help", help=self._word("help"))

    def _word(self, code: str) -> str:
        return phrase(self.language, "usage", code)

    def _add_action(self, action: ActionT) -> ActionT:
        """Every argument passes here, whatever group it is in."""
        if action.help is None:
            code = action.option_strings[-1] if action.option_strings else action.dest
            explained = load_phrases(self.language)["options"]
            action.help = explained.get(code.lstrip("-").replace("-", "_"))
        return super()._add_action(action)

    def add_actions(self, *, required: bool = True) -> Actions:
        """The actions of a command; ``action`` of the result says which one it was."""
        parsers = self.add_subparsers(
            dest="action",
            required=required,
            metavar="ACTION",
            title=self._word("actions"),
            parser_class=cast(type[Parser], partial(Parser, language=self.language)),
        )
        return Actions(self, parsers)

    def format_usage(self) -> str:
        """One line of usage."""
        formatter = self._get_formatter()
        formatter.add_usage(
            self.usage, self._actions, self._mutually_exclusive_groups, f"{self._word('usage')}: "
        )
        return formatter.format_help()

    def format_help(self) -> str:
        """The whole help."""
        formatter = self._get_formatter()
        formatter.add_usage(
            self.usage, self._actions, self._mutually_exclusive_groups, f"{self._word('usage')}: "
        )
        formatter.add_text(self.description)
        for group in self._action_groups:
            formatter.start_section(group.title)
            formatter.add_text(group.description)
            formatter.add_arguments(group._group_actions)
            formatter.end_section()
        formatter.add_text(self.epilog)
        return formatter.format_help()

    def error(self, message: str) -> NoReturn:
        """Usage and one sentence on standard error, exit code 2."""
        sentence = phrase(self.language, "usage", "wrong", detail=explain(self.language, message))
        self.exit(_USAGE, f"{self.format_usage()}{sentence}\n")


class Actions:
    """The actions of one command."""

    def __init__(self, parser: Parser, parsers: Any) -> None:
        self._command = parser.prog.removeprefix(PROGRAM).strip()
        self._language = parser.language
        self._parsers = parsers

    def add(self, name: str) -> Parser:
        """The parser of one more action."""
        words = phrase(self._language, "actions", f"{self._command}_{name}")
        parser: Parser = self._parsers.add_parser(name, help=words, description=words)
        return parser


def whole_number(text: str) -> int:
    """A number of things: 1 or more; raises ``ValueError`` for a usage message."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def integer(text: str) -> int:
    """A number that a database has room for; raises ``ValueError`` for a usage message."""
    number = int(text)
    if abs(number) >= _ENDLESS:
        raise ValueError(text)
    return number


def filled(text: str) -> str:
    """A name; an empty one is a script's variable that was never set. Raises ``ValueError``."""
    if not text.strip():
        raise ValueError(text)
    return text


def folder(text: str) -> Path:
    """A folder that has a name; nobody means the current one by an empty text."""
    if not text.strip():
        raise ValueError(text)
    return Path(text)


def option_of(arguments: Sequence[str], name: str) -> str | None:
    """The value of an option before anything is parsed: the help itself must know the language."""
    for place, argument in enumerate(arguments):
        if argument == name and place + 1 < len(arguments):
            return arguments[place + 1]
        if argument.startswith(f"{name}="):
            return argument.partition("=")[2]
        if not argument.startswith("-") and arguments[place - 1] not in (name, "--data"):
            return None  # the command: what follows is its own
    return None
