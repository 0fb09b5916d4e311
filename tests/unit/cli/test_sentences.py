"""What people read: full sentences in their language, for every command, with nothing left open."""

from __future__ import annotations

import argparse
import io
import re
from pathlib import Path

import pytest

from desktop_relay import __version__
from desktop_relay.cli import main
from desktop_relay.cli.parser import Parser
from resources.phrases import LANGUAGES, load_phrases
from tests.unit.cli.conftest import Shell
from tests.unit.cli.test_json import LINES, RUNS, words_of

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
PLACE = re.compile(r"\{[a-z_]+\}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in RUNS if name not in LINES])
def test_every_command_tells_in_full(stocked: Shell, tmp_path: Path, name: str, language: str) -> None:
    stocked.language = language
    *before, last = RUNS[name]
    for line in before:
        stocked.run(*words_of(line, tmp_path))
    told = stocked.say(*words_of(last, tmp_path))
    assert told.strip()
    assert "–" not in told, "a place was left open"
    assert "None" not in told
    assert PLACE.search(told) is None
    if name not in ("config get", "config set"):
        assert JAPANESE.search(told if language == "ja" else "の")
        words = re.sub(r"「.*?」|“.*?”|: .*|件名.*", "", told)
        assert language == "ja" or JAPANESE.search(words) is None, words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(LINES))
def test_tables_have_a_row_a_line(stocked: Shell, tmp_path: Path, name: str, language: str) -> None:
    stocked.language = language
    *before, last = RUNS[name]
    for line in before:
        stocked.run(*words_of(line, tmp_path))
    rows = stocked.say(*words_of(last, tmp_path)).splitlines()
    assert rows
    assert len({row.count("\t") for row in rows}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pace_is_told_in_few_figures(stocked: Shell, language: str) -> None:
    stocked.language = language
    assert " 0.167 " in stocked.say("lane", "set", "docomo", "--rate", str(1 / 6))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_source_of_a_pace_is_told_in_the_users_language(stocked: Shell, language: str) -> None:
    stocked.language = language
    shown = stocked.call("lane", "show", "docomo")
    mine, other = shown["source"], shown["source_ja"]
    if language == "ja":
        mine, other = other, mine
    for told in (stocked.say("lane", "show", "docomo"), stocked.say("lane", "list")):
        assert mine in told
        assert other not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failed_test_of_a_route_says_why(stocked: Shell, language: str) -> None:
    stocked.language = language
    route = ("--kind", "smarthost", "--host", "127.0.0.1", "--port", "9", "--tls", "none")
    stocked.run("route", "add", "r", *route)
    assert stocked.run("route", "test", "r") == 1
    assert load_phrases(language)["reasons"]["connect_refused"] in stocked.out
    assert stocked.call("route", "test", "r", code=1)["problem"] == "connect_refused"


def test_dns_text_fits_into_a_zone(stocked: Shell) -> None:
    for line in stocked.say("identity", "key", "shop@example.jp").splitlines()[1:]:
        strings = re.findall(r'"([^"]*)"', line)
        assert strings
        assert all(len(string) <= 255 for string in strings)
        assert "".join(strings).startswith("v=DKIM1;")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", [None, *main.COMMANDS])
def test_help_in_the_users_language(shell: Shell, command: str | None, language: str) -> None:
    shell.language = language
    told = shell.say(*([command] if command else []), "-h")
    usage = load_phrases(language)["usage"]
    assert told.startswith(f"{usage['usage']}: desktop-relay")
    assert usage["help"] in told
    assert bool(JAPANESE.search(told)) == (language == "ja"), told
    if command is None:
        assert set(main.COMMANDS) <= set(told.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_and_every_argument_is_explained(language: str) -> None:
    unexplained: list[str] = []

    def walk(parser: argparse.ArgumentParser) -> None:
        assert parser.description, parser.prog
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for child in action.choices.values():
                    walk(child)
            elif not action.help:
                unexplained.append(f"{parser.prog} {action.dest}")

    for command in main.COMMANDS:
        parser = Parser(language=language, prog=f"desktop-relay {command}", description=command)
        main._load(command).add_arguments(parser)
        walk(parser)
    assert unexplained == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_wrong_usage_in_the_users_language(shell: Shell, language: str) -> None:
    shell.language = language
    code, told = shell.fail("campaign", "launch")
    assert code == 2
    assert told.startswith(load_phrases(language)["usage"]["usage"])
    assert "launch" in told


@pytest.mark.parametrize(
    "line",
    [
        "import", "import a b", "import a --undo 1", "import --undo x", "import --undo", "campaign",
        "campaign launch", "campaign send", "contacts list --limit 0", "contacts list --bogus", "route add",
        "suppress add a@example.jp --reason why", "engine stop --now=1", "import {folder}",
        "contacts export {folder}/no/where.csv",
    ],
)  # fmt: skip
def test_no_word_of_the_machine_in_japanese(shell: Shell, tmp_path: Path, line: str) -> None:
    shell.language = "ja"
    _, told = shell.fail(*line.format(folder=tmp_path).split())
    sentence = told.splitlines()[-1].replace(str(tmp_path), "")
    assert sentence.startswith("書き方が違います。") == ("{folder}" not in line)
    for word in ("argument", "invalid", "required", "choose", "expected", "such", "directory", "allowed"):
        assert word not in sentence, sentence
    shell.language = "en"
    assert not JAPANESE.search(shell.fail(*line.format(folder=tmp_path).split())[1])


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--version"]) == 0
    assert capsys.readouterr().out == f"Desktop Relay {__version__}\n"


def test_the_setting_decides_the_language_and_the_option_before_it(
    shell: Shell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = ["--data", str(shell.directory)]
    shell.run("config", "set", "ui.language", "ja")
    assert main.run([*data, "config", "get", "no.such"]) == 4
    assert JAPANESE.search(capsys.readouterr().err)
    assert main.run([*data, "--lang", "en", "config", "get", "no.such"]) == 4
    assert not JAPANESE.search(capsys.readouterr().err)
    shell.run("config", "set", "ui.language", "auto")
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    assert main.run([*data, "config", "get", "no.such"]) == 4
    assert JAPANESE.search(capsys.readouterr().err)


class Typist(io.StringIO):
    """Somebody at the terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "kept"), [("y", "new"), ("n", "old"), ("", "old"), (None, "new")])
def test_a_template_of_the_same_name_is_not_replaced_in_silence(
    stocked: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str | None, kept: str
) -> None:
    file = tmp_path / "offer.txt"
    file.write_text("Subject: old\n\ntext\n", encoding="utf-8")
    stocked.say("template", "add", file)
    assert stocked.err == ""
    stocked.say("template", "add", file)
    assert stocked.err == "", "nothing is lost by the same again"
    file.write_text("Subject: new\n\ntext\n", encoding="utf-8")
    if answer is not None:
        monkeypatch.setattr("sys.stdin", Typist(f"{answer}\n"))
    stocked.say("template", "add", file)
    assert "“offer”" in stocked.err
    found = {row["template"]: row["subject"] for row in stocked.lines("template", "list")}
    assert found["offer"] == kept


def test_who_says_yes_beforehand_is_not_asked(
    stocked: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Typist())
    file = tmp_path / "letter.txt"
    file.write_text("Subject: new\n\ntext\n", encoding="utf-8")
    assert "new" in stocked.say("template", "add", file, "--yes")


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_are_told_in_the_users_words(stocked: Shell, language: str) -> None:
    """Codes and moments are for programs; people get words and the time on their clock."""
    stocked.language = language
    phrases = load_phrases(language)
    stocked.call("suppress", "add", "x@example.jp", "--reason", "complaint")
    stocked.call("backup", "make")
    assert phrases["campaign_states"]["draft"] in stocked.say("campaign", "list")
    assert phrases["suppression_reasons"]["complaint"] in stocked.say("suppress", "list")
    assert phrases["backup_kinds"]["hand"] in stocked.say("backup", "list")
    assert phrases["confidence"]["estimate"] in stocked.say("lane", "list")
    told = stocked.say("config", "list")
    assert phrases["setting_types"]["switch"] in told
    assert "True" not in told
    stocked.call("config", "set", "dns.nameservers", "127.0.0.1:53,::1")
    row = next(line for line in stocked.say("config", "list").splitlines() if "dns.nameservers" in line)
    assert "127.0.0.1:53, ::1" in row, "as it is typed"
    stocked.call("campaign", "send", "1")
    held = stocked.say("campaign", "recipients", "1", "--state", "held")
    assert phrases["recipient_states"]["held"] in held
    assert "+00:00" not in stocked.say("template", "list")


def test_nothing_that_anybody_wrote_breaks_a_row_or_commands_the_terminal(
    stocked: Shell, tmp_path: Path
) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text('email,name\nz@example.jp,"a\tb\x1b[31mc\nd"\n', encoding="utf-8")
    stocked.call("import", odd, "--list", "odd")
    (row,) = stocked.say("contacts", "list", "--list", "odd").splitlines()
    assert row.split("\t") == ["z@example.jp", "a b [31mc d"]
    _, sentence = stocked.fail("campaign", "create", "c", "--template", "\x1b[2Jx", *FROM_SHOP)
    assert "\x1b" not in sentence


FROM_SHOP = ("--from", "shop@example.jp", "--route", "sandbox", "--list", "all")


@pytest.mark.parametrize(("people", "told"), [(1, "1 person has"), (2, "2 people have")])
def test_one_is_not_many(stocked: Shell, tmp_path: Path, people: int, told: str) -> None:
    table = tmp_path / "more.csv"
    table.write_text("email\n" + "".join(f"p{n}@example.jp\n" for n in range(people)), encoding="utf-8")
    stocked.call("import", table, "--list", "some")
    draft = ("--template", "letter", "--from", "shop@example.jp", "--route", "sandbox", "--list", "some")
    number = stocked.call("campaign", "create", "c", *draft)["campaign"]
    assert told in stocked.say("campaign", "check", str(number))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("campaign pause 1", "下書き"),
        ("campaign send 1 --at tomorrow", "時刻"),
        ("route add r --kind smarthost --host h.example --port 99999", "ポート番号"),
        ("lane set docomo --connections=-1", "同時接続の数"),
        ("import people.csv --map x", "列の指定"),
    ],
)
def test_what_is_wrong_is_named_in_japanese(stocked: Shell, line: str, told: str) -> None:
    stocked.language = "ja"
    assert told in stocked.fail(*line.split())[1]


@pytest.mark.parametrize(
    ("text", "japanese", "english"),
    [
        ("start =\n", "1 行目", "Line 1"),
        ("[[campaign]]\nrecipients = 5\n[[camp", "3 行目", "Line 3"),
        ("sart = 3\n", "sart に誤りがあります。この項目はありません。", "at sart. There is no such key."),
        ("[[campaign]]\nrecipients = -5\n", "campaign[1].recipients", "at campaign[1].recipients."),
        ('[[campaign]]\nrecipients = 5\nmix = "x"\n', "次のどれか", "one of these: jp"),
        ('[[campaign]]\nrecipients = 5\nbegins = "x"\n', "使えません: x", "cannot be used: x"),
    ],
)
def test_a_mistake_in_a_scenario_is_told_with_its_place(
    shell: Shell, tmp_path: Path, text: str, japanese: str, english: str
) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    for shell.language, told in (("ja", japanese), ("en", english)):
        code, sentence = shell.fail("simulate", "--scenario", path)
        assert (code, told in sentence) == (1, True), sentence
    shell.language = "ja"
    sentence = shell.fail("simulate", "--scenario", path)[1].partition("に誤りがあります。")[2]
    assert not re.search(r"[A-Za-z]{2,}", sentence.replace(": jp", "")), sentence
