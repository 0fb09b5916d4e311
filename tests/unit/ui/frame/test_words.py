from __future__ import annotations

import re
import string
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.recipient import RecipientState
from resources import locate

from ui import wording
from ui.app import UnfitPair, check_pair
from ui.memory import Memory
from ui.states import campaign_word, lane_tone, lane_word, recipient_word

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def test_every_state_has_a_word() -> None:
    assert all(recipient_word(state) for state in RecipientState)
    assert all(campaign_word(state) for state in CampaignState)
    assert all(lane_word(state) for state in LaneState)
    assert lane_tone(LaneState.SUSPENDED, LaneReason.BLOCKED) == "bad"


def test_namesakes_are_told_apart() -> None:
    times = [NOW, NOW - timedelta(days=40), None, NOW]
    told = wording.told_apart(["News", "News", "News", "Sale"], times, NOW)
    first, second = (wording.day_and_time(at, NOW) for at in times[:2] if at is not None)
    assert told == [f"News · {first}", f"News · {second}", "News", "Sale"]


@pytest.mark.parametrize(
    ("pace", "said"),
    [
        (0, "—"),
        (0.01, "0.6/min"),
        (0.58, "35/min"),
        (0.999, "1.0/s"),
        (1.04, "1.0/s"),
        (9.4, "9.4/s"),
        (1234.5, "1,234/s"),
    ],
)
def test_paces_are_said_in_the_readable_unit(pace: float, said: str) -> None:
    assert wording.rate(pace) == said


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_share_is_all_only_when_it_is(part: int, whole: int) -> None:
    part = min(part, whole)
    said = wording.percent(part, whole)
    assert (said == "100\N{NO-BREAK SPACE}%") == (part == whole)
    assert (said == "0\N{NO-BREAK SPACE}%") == (part == 0)


@pytest.mark.parametrize(
    ("wait", "said"),
    [(0, "now"), (5, "in 5 s"), (180, "in 3 min"), (7300, "in 2 h"), (260_000, "in 3 days")],
)
def test_waits_are_said_as_people_do(wait: int, said: str) -> None:
    assert wording.until(NOW + timedelta(seconds=wait), NOW) == said


def test_days_are_told_when_they_matter() -> None:
    assert re.fullmatch(r"\d\d:\d\d", wording.day_and_time(NOW, NOW))
    assert wording.day_and_time(NOW + timedelta(days=1), NOW).startswith("tomorrow ")
    assert re.fullmatch(r"\d+/\d+ \d\d:\d\d", wording.day_and_time(NOW + timedelta(days=4), NOW))
    assert re.fullmatch(r"2028-\d\d-\d\d \d\d:\d\d", wording.day_and_time(NOW + timedelta(days=500), NOW))


@pytest.mark.parametrize("python", [(3, 11), (3, 12), (3, 13)])
@pytest.mark.parametrize("pyside", ["6.11.3", "6.12.0", "6.13.1"])
def test_the_pair_that_aborts_is_refused(pyside: str, python: tuple[int, int]) -> None:
    if pyside != "6.11.3" and python < (3, 12):
        with pytest.raises(UnfitPair, match=pyside.replace(".", r"\.")):
            check_pair(pyside, python)
    else:
        check_pair(pyside, python)


def test_memory_survives_a_run_and_a_broken_file(tmp_path: Path) -> None:
    first = Memory(tmp_path)
    first.keep("a/number", 7)
    first.keep("a/flag", True)
    first.keep("a/text", "ことば")
    first.save()
    second = Memory(tmp_path)
    assert (second.number("a/number"), second.flag("a/flag"), second.text("a/text")) == (7, True, "ことば")
    (tmp_path / "window.ini").write_bytes(b"\x00\xff[[[")
    assert Memory(tmp_path).number("a/number", 3) == 3


CATALOGUES = sorted(locate("translations").glob("frame_*.ts"))


def _messages(path: Path) -> list[tuple[str, str, list[str], bool]]:
    found = []
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
            done = translation.get("type") is None
            found.append((context.findtext("name", ""), message.findtext("source", ""), forms, done))
    return found


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_translations_are_complete_and_keep_their_places(path: Path) -> None:
    messages = _messages(path)
    assert messages
    for context, source, forms, done in messages:
        assert done, (context, source)
        for form in forms:
            assert form.strip(), (context, source)
            assert _places(form) <= _places(source), (context, source)
            if path.name.endswith("_ja.ts"):
                assert _places(form) == _places(source), (context, source)
                assert not re.search(r"[A-Za-z]{3,} [a-z]{2,}", form), (context, form)


def _places(text: str) -> set[str]:
    named = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    return named | set(re.findall(r"%n", text))


def test_mnemonics_stay_in_japanese() -> None:
    for _, source, forms, _ in _messages(locate("translations", "frame_ja.ts")):
        if re.search(r"&\w", source):
            assert re.search(r"\(&[A-Z]\)", forms[0]), source
