"""``simulate``: a draft or made-up people in virtual time, told in either language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from resources.phrases import LANGUAGES
from tests.unit.cli.conftest import Shell


def test_a_draft_is_rehearsed_with_those_who_would_get_it(stocked: Shell, tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    told = stocked.call("simulate", "1", "--trace", trace)
    assert told["recipients"] == told["accepted"] + told["bounced"] + told["unknown"] + told["expired"]
    assert told["recipients"] > 0
    assert all(json.loads(line)["lane"] for line in trace.read_text(encoding="utf-8").splitlines())


def test_the_same_seed_tells_the_same(shell: Shell) -> None:
    first, second = (shell.call("simulate", "--recipients", "300", "--seed", "5") for _ in range(2))
    assert first["lanes"] == second["lanes"]
    assert sum(lane["recipients"] for lane in first["lanes"].values()) == 300


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_are_told_when_each_lane_ends(shell: Shell, language: str) -> None:
    shell.language = language
    first, *lanes = shell.say("simulate", "--recipients", "2000").splitlines()
    assert "2,000" in first
    assert any("docomo" in line or "ドコモ" in line for line in lanes)


def test_somebody_must_be_named(shell: Shell) -> None:
    assert shell.run("simulate") == 2
    assert shell.run("simulate", "1", "--recipients", "5") == 2
    assert shell.fail("simulate", "99")[0] == 4
