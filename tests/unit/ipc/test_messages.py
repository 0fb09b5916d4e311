"""The lines on the socket: every command and every error survives them, garbage does not."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.command import Command, Suppress
from desktop_relay.domain.errors import ERROR_CLASSES, EngineUnreachable, ErrorCode, RelayError
from desktop_relay.ipc import messages
from desktop_relay.ipc.codec import Undecodable
from tests.unit.ipc.values import CROSSING, values_of

COMMANDS = [kind for kind in CROSSING if kind.__name__ in messages._COMMANDS]


@given(st.sampled_from(COMMANDS).flatmap(values_of), st.integers(1, 2**40))
def test_a_request_is_one_line_and_comes_back(command: Command, number: int) -> None:
    line = messages.compose_request(number, command)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    document = messages.parse_line(line)
    assert messages.parse_number(document) == number
    assert messages.parse_command(document) == command


@pytest.mark.parametrize("kind", ERROR_CLASSES.values(), ids=lambda kind: kind.__name__)
@given(
    code=st.sampled_from(list(ErrorCode)),
    params=st.dictionaries(st.text(max_size=6), st.text(max_size=9) | st.integers() | st.booleans()),
)
def test_an_error_comes_out_as_itself(
    kind: type[RelayError], code: ErrorCode, params: dict[str, Any]
) -> None:
    document = messages.parse_line(messages.compose_error(3, kind(code, **params)))
    with pytest.raises(RelayError) as caught:
        messages.parse_answer(document)
    assert type(caught.value) is kind
    assert (caught.value.code, dict(caught.value.params)) == (code, params)
    assert caught.value.exit_code == kind.exit_code


def test_an_error_of_a_newer_engine_is_still_an_error() -> None:
    error = messages.parse_error({"class": "Later", "code": "from_the_future", "params": {"x": 1}})
    assert (error.code, error.params["detail"]) == (ErrorCode.INTERNAL, "from_the_future")


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5)))
def test_an_answer_comes_back(value: dict[str, str]) -> None:
    document = messages.parse_line(messages.compose_answer(1, value))
    assert messages.parse_answer(document) == value


def test_half_a_surrogate_pair_from_a_file_name_survives() -> None:
    command = Suppress(("a@example.jp",), source="\udce3.csv")
    assert messages.parse_command(messages.parse_line(messages.compose_request(1, command))) == command


@given(st.binary(max_size=60))
def test_garbage_is_undecodable_or_an_object(line: bytes) -> None:
    with contextlib.suppress(Undecodable):
        assert isinstance(messages.parse_line(line), dict)


@pytest.mark.parametrize("line", [b"", b"\n", b"[]", b"1", b"null", b"{", b"[" * 100_000, b"\xff\xfe{}"])
def test_lines_that_are_no_objects(line: bytes) -> None:
    with pytest.raises(Undecodable):
        messages.parse_line(line)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"command": "Fly"},
        {"command": "Pause"},
        {"command": "Pause", "args": None},
        {"command": ["Pause"]},
    ],
)
def test_requests_that_are_no_commands(document: dict[str, Any]) -> None:
    with pytest.raises(Undecodable):
        messages.parse_command(document)


@pytest.mark.parametrize("number", [None, "1", 1.5, True, [], {}])
def test_requests_without_a_number(number: Any) -> None:
    with pytest.raises(Undecodable):
        messages.parse_number({"id": number})


@pytest.mark.parametrize(
    "document", [{}, {"ok": None}, {"ok": 1}, {"error": None}, {"error": "x"}, {"error": {"params": 1}}]
)
def test_answers_that_say_nothing(document: dict[str, Any]) -> None:
    with pytest.raises(Undecodable):
        messages.parse_answer(document)


def test_an_engine_that_cannot_be_reached_is_exit_code_5() -> None:
    line = messages.compose_error(1, EngineUnreachable(ErrorCode.ENGINE_NOT_RUNNING, path="/x"))
    assert json.loads(line)["error"]["class"] == "EngineUnreachable"
    assert EngineUnreachable.exit_code == 5
