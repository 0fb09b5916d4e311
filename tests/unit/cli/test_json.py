"""Every command's JSON has the keys of the contract, and nothing else is on standard output."""

from __future__ import annotations

import io
import json
import shlex
import sys
from pathlib import Path

import pytest

from desktop_relay.ipc.launcher import Link
from tests.fakes.engine_process import command as engine_command
from tests.unit.cli.conftest import Shell
from tests.unit.cli.contract import KEYS, LANE_KEYS

SENT = "campaign send 1"
RUNS: dict[str, tuple[str, ...]] = {
    "import": ("import {people} --list more",),
    "import --undo": ("import --undo 1",),
    "contacts list": ("contacts list --limit 1",),
    "contacts export": ("contacts export {out}",),
    "suppress add": ("suppress add x@example.jp @example.com",),
    "suppress remove": ("suppress add x@example.jp", "suppress remove x@example.jp"),
    "suppress list": ("suppress add x@example.jp --reason complaint", "suppress list"),
    "suppress import": ("suppress import {people}",),
    "suppress export": ("suppress export {out}",),
    "template add": ("template add {letter} --name other",),
    "template list": ("template list",),
    "template render": ("template render letter --to a@docomo.ne.jp --out {out}",),
    "route add": ("route add r --kind smarthost --host smtp.example.jp --rate 2.5",),
    "route list": ("route list",),
    "route set": ("route add r --kind direct", "route set r --warmup 50:20000:30 --daily-quota 9"),
    "route show": ("route add r --kind direct --warmup 50:20000:30", "route show r"),
    "route usage": ("route add r --kind direct --daily-quota 9", "route usage r --elsewhere 3"),
    "route remove": ("route add r --kind direct", "route remove r"),
    "route rename": ("route add r --kind direct", "route rename r s"),
    "route test": ("route test sandbox",),
    "identity add": ("identity add other@example.jp",),
    "identity list": ("identity list",),
    "identity remove": ("identity remove shop@example.jp",),
    "identity key": ("identity key shop@example.jp",),
    "campaign create": (
        "campaign create c --template letter --from shop@example.jp --route sandbox --list all --subject s",
    ),
    "campaign list": ("campaign list",),
    "campaign copy": (SENT, "campaign copy 1 --name again"),
    "campaign take-back": ("campaign send 1 --at 3000-01-01", "campaign take-back 1"),
    "campaign check": ("campaign check 1",),
    "campaign send": (SENT,),
    "campaign status": ("campaign status 1",),
    "campaign pause": (SENT, "campaign pause 1"),
    "campaign resume": (SENT, "campaign pause 1", "campaign resume 1"),
    "campaign cancel": (SENT, "campaign cancel 1"),
    "campaign resend": (SENT, "campaign resend 1 --outcome held"),
    "campaign release": (SENT, "campaign release 1"),
    "campaign recipients": (SENT, "campaign recipients 1 --state held --lane au"),
    "lane list": ("lane list",),
    "lane show": ("lane show docomo",),
    "lane release": (SENT, "lane release au --campaign 1"),
    "lane set": ("lane set docomo --rate 0.5 --connections 1",),
    "simulate": ("simulate 1 --seed 2 --trace {out}",),
    "config get": ("config get direct.port",),
    "config set": ("config set direct.port 2525",),
    "config list": ("config list",),
    "backup make": ("backup make {out}",),
    "backup list": ("backup make", "backup list"),
    "backup verify": ("backup make {out}", "backup verify {out}"),
    "backup restore": ("backup make {out}", "backup restore {out}"),
    "backup stay": ("backup stay",),
}
"""The commands to run, the last of which is looked at."""

LINES = {name for name in KEYS if name.endswith(" list") or name == "campaign recipients"}


def words_of(line: str, tmp_path: Path) -> list[str]:
    places = {"people": tmp_path / "people.csv", "letter": tmp_path / "letter.txt", "out": tmp_path / "out"}
    return shlex.split(line.format(**places))


@pytest.mark.parametrize("name", RUNS)
def test_the_keys_of_the_contract(stocked: Shell, tmp_path: Path, name: str) -> None:
    *before, last = RUNS[name]
    for line in before:
        assert stocked.run(*words_of(line, tmp_path)) == 0, stocked.err
    documents = stocked.lines(*words_of(last, tmp_path))
    assert documents
    assert len(documents) == 1 or name in LINES
    for document in documents:
        assert set(KEYS[name].split()) - set(document) == set()


def test_every_command_of_the_contract_is_run() -> None:
    assert set(KEYS) - set(RUNS) == {"engine status"}


@pytest.mark.skipif(sys.platform == "win32", reason="Unix sockets")
def test_the_engine_asked_and_stopped(shell: Shell) -> None:
    shell.directory.mkdir()
    Link(shell.directory, command=lambda directory: engine_command("well", directory)).start()
    status = shell.call("engine", "status")
    assert set(KEYS["engine status"].split()) - set(status) == set()
    assert status["data"] == str(shell.directory)
    assert "–" not in shell.say("engine")
    assert shell.call("engine", "stop") == {"stopped": True}
    assert shell.fail("engine", "status")[0] == 5
    assert shell.fail("engine", "stop")[0] == 5


def test_the_figures_of_an_import(stocked: Shell, tmp_path: Path) -> None:
    report = stocked.call("import", tmp_path / "people.csv", "--dry-run")
    assert (report["rows"], report["added"], report["updated"]) == (6, 0, 4)
    assert (report["duplicates"], report["invalid"], report["import_id"]) == (1, 1, None)
    assert report["encoding"] == "cp932"
    assert stocked.call("import", "--undo", "1") == {"removed": 4, "restored": 0}
    assert stocked.lines("contacts", "list") == []


def test_a_contact_has_its_fields_and_its_number(stocked: Shell) -> None:
    first = stocked.lines("contacts", "list")[0]
    assert (first["contact"], first["email"], first["name"], first["会員番号"], first["legacy"]) == (
        1,
        "a@docomo.ne.jp",
        "例田 花子",
        "1",
        False,
    )


def test_a_custom_field_cannot_pose_as_the_programs_own(stocked: Shell, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("email,contact,legacy\nz@example.jp,hello,perhaps\n")
    stocked.call("import", path)
    (odd,) = [row for row in stocked.lines("contacts", "list") if row["email"] == "z@example.jp"]
    assert (type(odd["contact"]), odd["legacy"]) == (int, False)


def test_the_status_adds_up(stocked: Shell) -> None:
    status = stocked.call("campaign", "send", "1")
    states = "pending ready in_flight accepted deferred bounced suppressed held expired cancelled unknown"
    assert status["total"] == sum(status[state] for state in states.split()) == 4
    assert (status["state"], status["held"]) == ("submitted", 1)
    assert set(status["lanes"]) == {"docomo", "au", "shop.example"}
    for lane in status["lanes"].values():
        assert set(LANE_KEYS.split()) - set(lane) == set()
    assert sum(lane["total"] for lane in status["lanes"].values()) == 4


def test_recipients_by_state_and_lane(stocked: Shell) -> None:
    stocked.run("campaign", "send", "1")
    assert len(stocked.lines("campaign", "recipients", "1")) == 4
    assert [row["address"] for row in stocked.lines("campaign", "recipients", "1", "--state", "held")] == [
        "d@ezweb.ne.jp"
    ]
    assert len(stocked.lines("campaign", "recipients", "1", "--lane", "docomo")) == 2
    assert stocked.lines("campaign", "recipients", "1", "--lane", "nowhere") == []


def test_a_rendered_mail_can_be_kept(stocked: Shell, tmp_path: Path) -> None:
    out = tmp_path / "mail.eml"
    found = stocked.call("template", "render", "letter", "--to", "b@docomo.ne.jp", "--out", out)
    assert found["subject"] == "例山 太郎 様へ"
    assert out.stat().st_size == found["size"]


def test_the_keys_of_a_sender_survive_a_change(stocked: Shell) -> None:
    before = stocked.call("identity", "key", "shop@example.jp")
    stocked.call("identity", "add", "shop@EXAMPLE.jp", "--name", "New")
    (kept,) = stocked.lines("identity", "list")
    assert (kept["name"], kept["selector"]) == ("New", "relay")
    assert stocked.call("identity", "key", "shop@example.jp") == before


def test_a_password_comes_over_standard_input(stocked: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    add = (
        "route",
        "add",
        "r",
        "--kind",
        "smarthost",
        "--host",
        "h.example",
        "--user",
        "u",
        "--password-stdin",
    )
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert stocked.fail(*add)[0] == 1
    monkeypatch.setattr(sys, "stdin", io.StringIO("ひみつ\r\n"))
    document = stocked.call(*add)
    assert "ひみつ" not in json.dumps(document, ensure_ascii=False)
    with_password = stocked.call("campaign", "create", "c", *drafted("r"))["campaign"]
    report = stocked.call("campaign", "check", str(with_password))
    assert report["red"] == []


def drafted(route: str) -> tuple[str, ...]:
    """The parts of a draft on a route."""
    return ("--template", "letter", "--from", "shop@example.jp", "--route", route, "--list", "all")


def test_settings_keep_their_types(shell: Shell) -> None:
    assert shell.call("config", "set", "dns.nameservers", "127.0.0.1:53,::1")["value"] == [
        "127.0.0.1:53",
        "::1",
    ]
    assert shell.call("config", "get", "sandbox.faults")["value"] is True
    assert shell.call("config", "get", "direct.port")["value"] == 25
