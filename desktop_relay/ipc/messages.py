"""The lines on the local socket: hello, request, answer and push, one JSON document each.

client  {"hello": 1, "client": NAME}
server  {"hello": 1, "version": PROGRAM_VERSION, "pid": N}
client  {"id": N, "command": "Pause", "args": {...}}
server  {"id": N, "ok": {...}}   or   {"id": N, "error": {"class": ..., "code": ..., "params": {...}}}
server  {"progress": {...}}  {"changed": {...}}          after Watch
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, get_args

from desktop_relay.domain import command as commands
from desktop_relay.domain.command import Command
from desktop_relay.domain.errors import ERROR_CLASSES, ErrorCode, RelayError
from desktop_relay.ipc.codec import Undecodable, decode, encode

PROTOCOL = 1
"""The version in the hello; peers of different versions do not talk."""

MAX_REQUEST = 16 * 1024 * 1024
"""Octets a line to the engine may have."""

MAX_LINE = 256 * 1024 * 1024
"""Octets a line of the engine may have: a Progress has half a thousand for each lane of each campaign."""

_COMMANDS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(commands.Command)}


def compose_line(document: Mapping[str, Any]) -> bytes:
    """One document as a line."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"  # file names may hold half a surrogate pair


def parse_line(line: bytes) -> dict[str, Any]:
    """The document of a line; raises ``Undecodable`` for anything else."""
    try:
        document = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Undecodable(str(error)) from error
    if not isinstance(document, dict):
        raise Undecodable("a JSON object is wanted")
    return document


def compose_hello(**details: str | int) -> bytes:
    """The first line of either side."""
    return compose_line({"hello": PROTOCOL, **details})


def compose_request(number: int, command: Command) -> bytes:
    """A command as a numbered request."""
    return compose_line({"id": number, "command": type(command).__name__, "args": encode(command)})


def parse_command(document: Mapping[str, Any]) -> Command:
    """The command of a request; raises ``Undecodable`` for an unknown or malformed one."""
    kind = _COMMANDS.get(str(document.get("command")))
    if kind is None:
        raise Undecodable(f"unknown command {document.get('command')!r}")
    command: Command = decode(kind, document.get("args", {}))
    return command


def compose_answer(number: int, value: Mapping[str, Any]) -> bytes:
    """A positive answer."""
    return compose_line({"id": number, "ok": encode(value)})


def compose_error(number: int, error: RelayError) -> bytes:
    """A typed error as an answer."""
    return compose_line(
        {
            "id": number,
            "error": {"class": type(error).__name__, "code": error.code.value, "params": dict(error.params)},
        }
    )


def parse_number(document: Mapping[str, Any]) -> int:
    """The number of a request; raises ``Undecodable`` for one without."""
    number = document.get("id")
    if type(number) is not int:
        raise Undecodable("a request wants a number")
    return number


def parse_answer(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The value of an answer; raises the error it carries, or ``Undecodable``."""
    if "error" in document:
        raise parse_error(document["error"])
    value = document.get("ok")
    if not isinstance(value, Mapping):
        raise Undecodable("an answer wants a value or an error")
    return value


def parse_error(plain: object) -> RelayError:
    """The error of an answer, as the class it was raised as; raises ``Undecodable``."""
    if not isinstance(plain, Mapping) or not isinstance(plain.get("params", {}), Mapping):
        raise Undecodable("an error wants a code and parameters")
    kind = ERROR_CLASSES.get(str(plain.get("class")), RelayError)
    try:
        code = ErrorCode(str(plain.get("code")))
    except ValueError:
        return RelayError(ErrorCode.INTERNAL, detail=str(plain.get("code")))
    return kind(code, **plain.get("params", {}))
