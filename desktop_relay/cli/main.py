"""Arguments to a command, errors to one sentence and an exit code."""

from __future__ import annotations

import argparse
import importlib
import io
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import platformdirs

from desktop_relay import __version__
from desktop_relay.cli.console import Console
from desktop_relay.cli.language import choose_language
from desktop_relay.cli.parser import PROGRAM, Parser, folder, option_of
from desktop_relay.domain.errors import ErrorCode, RelayError
from resources.phrases import LANGUAGES, phrase

log = logging.getLogger(__name__)

INTERRUPTED = 130

COMMANDS = {
    "gui": "gui",
    "demo": "demo",
    "import": "import_contacts",
    "contacts": "contacts",
    "suppress": "suppress",
    "template": "template",
    "route": "route",
    "identity": "identity",
    "campaign": "campaign",
    "lane": "lane",
    "simulate": "simulate",
    "backup": "backup",
    "config": "config",
    "engine": "engine",
}
"""Command to the module that does it; a module is loaded only when its command runs."""


def run(arguments: Sequence[str]) -> int:
    """Do one command; the answer is the process's exit code."""
    _prepare_streams(json="--json" in arguments)
    try:
        options, rest = _parse_global(arguments)
        console = Console(choose_language(options.lang, options.data), json=options.json)
    except SystemExit as end:
        return _code_of(end)
    except KeyboardInterrupt:
        return INTERRUPTED
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    try:
        code = _command(options, rest, console)
        sys.stdout.flush()  # a reader that is gone is noticed here, not while the program ends
    except SystemExit as end:
        return _code_of(end)
    except RelayError as error:
        console.fail(error)
        return error.exit_code
    except KeyboardInterrupt:
        console.end_progress()
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1  # whoever read has read enough
    except Exception as error:  # process boundary: one sentence, the traceback only on request
        if os.environ.get("DESKTOP_RELAY_DEBUG"):
            raise
        # what is written to is named by no error: the console itself, whose disk may be full
        told = error.strerror if isinstance(error, OSError) and error.filename is None else None
        console.fail(RelayError(ErrorCode.INTERNAL, detail=told or f"{type(error).__name__}: {error}"))
        return 1
    return code


def _code_of(end: SystemExit) -> int:
    return end.code if isinstance(end.code, int) else 0


class _Nowhere(io.StringIO):
    """Stands for a stream that is not there: a windowed program has none, a script may have closed it."""

    def write(self, text: str) -> int:
        """Keep nothing."""
        return len(text)


def _prepare_streams(*, json: bool) -> None:
    """JSON is UTF-8 wherever it goes, and no character that a terminal lacks ends a command."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, _Nowhere())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = "utf-8" if json and stream is sys.stdout else None
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _parse_global(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    wanted = option_of(arguments, "--lang")
    language = wanted if wanted in LANGUAGES else choose_language(None, None)
    commands = "\n".join(f"  {name:<10} {phrase(language, 'cli', f'about_{name}')}" for name in COMMANDS)
    parser = Parser(
        language=language,
        prog=PROGRAM,
        description=phrase(language, "cli", "program"),
        epilog=f"{phrase(language, 'usage', 'commands')}:\n{commands}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"Desktop Relay {__version__}",
        help=phrase(language, "options", "version"),
    )
    parser.add_argument("--data", type=folder, metavar="DIR", default=None)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=LANGUAGES)
    parser.add_argument("command", nargs="?", choices=tuple(COMMANDS), default="gui", metavar="COMMAND")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    options.data_given = options.data is not None
    try:
        options.data = (options.data or default_directory()).expanduser().absolute()
    except (RuntimeError, OSError):  # nobody's home, or a current folder that is gone
        parser.error(f"argument --data: invalid folder value: {options.data or default_directory()}")
    return options, options.rest


def _command(options: argparse.Namespace, rest: list[str], console: Console) -> int:
    module = _load(options.command)
    parser = Parser(
        language=console.language,
        prog=f"{PROGRAM} {options.command}",
        description=phrase(console.language, "cli", f"about_{options.command}"),
    )
    module.add_arguments(parser)
    parsed = parser.parse_args(rest, namespace=argparse.Namespace(**vars(options)))
    code: int = module.run(parsed, console)
    return code


def _load(command: str) -> ModuleType:
    return importlib.import_module(f"desktop_relay.cli.commands.{COMMANDS[command]}")


def default_directory() -> Path:
    """The platform's folder for the user's data."""
    return platformdirs.user_data_path("desktop-relay", appauthor=False)
