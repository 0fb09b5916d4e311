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


SCENARIO = """
start = 2026-11-25T22:00:00+09:00
troubles = ["provider-a:dead:10m-40m"]

[[route]]
name = "provider-a"
kind = "smarthost"
rate = 2

[[route]]
name = "provider-b"
kind = "smarthost"
daily_quota = 300

[[route]]
name = "shops"
kind = "pool"
members = ["provider-a", "provider-b:2"]

[[campaign]]
name = "sale"
route = "shops"
domains = { "docomo.ne.jp" = 900, "gmail.com" = 900 }
canary_minutes = 5
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "scenario.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def test_a_scenario_tells_of_accounts_days_and_the_canary(shell: Shell, scenario: Path) -> None:
    told = shell.call("simulate", "--scenario", scenario)
    assert told["recipients"] == 1800
    (campaign,) = told["campaigns"]
    assert [step["phase"] for step in campaign["canary"]] == ["trying", "waiting", "passed"]
    accounts = told["accounts"]
    assert sum(account["taken"] for account in accounts.values()) == told["accepted"] + told["unknown"]
    assert all(day["accounts"]["provider-b"] <= 300 for day in told["days"])
    assert accounts["provider-a"]["suspended"] >= 1800
    assert any(change["route"] == "provider-a" and change["suspended"] for change in told["changes"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_and_so_in_words(shell: Shell, scenario: Path, language: str) -> None:
    shell.language = language
    text = shell.say(
        "simulate", "--scenario", scenario, "--canary", "0", "--trouble", "provider-b:blocked:0s-1m"
    )
    assert "provider-a" in text
    assert "1,800" in text
    assert "sale" not in text  # it has no canary now


def test_a_scenario_with_a_mistake(shell: Shell, scenario: Path) -> None:
    scenario.write_text(SCENARIO.replace("daily_quota = 300", "daily_quotum = 300"), encoding="utf-8")
    code, said = shell.fail("simulate", "--scenario", scenario)
    assert code == 1
    assert "daily_quotum" in str(said)
    assert shell.fail("simulate", "--recipients", "5", "--trouble", "docomo:ill")[0] == 1
    assert shell.fail("simulate", "--recipients", "5", "--route", "nowhere")[0] == 4


def test_made_up_people_over_a_route_of_the_library(shell: Shell) -> None:
    route = ("route", "add", "provider", "--kind", "smarthost", "--host", "smtp.example.jp", "--rate", "5")
    shell.call(*route, "--daily-quota", "200", "--user", "", "--tls", "starttls")
    told = shell.call("simulate", "--recipients", "500", "--route", "provider")
    taken = [day["accounts"]["provider"] for day in told["days"]]
    assert max(taken) == 200
    assert sum(taken) == told["accepted"] + told["unknown"]
    assert told["days"][0]["left"] >= 300


def test_somebody_must_be_named(shell: Shell) -> None:
    assert shell.run("simulate") == 2
    assert shell.run("simulate", "1", "--recipients", "5") == 2
    assert shell.fail("simulate", "99")[0] == 4
