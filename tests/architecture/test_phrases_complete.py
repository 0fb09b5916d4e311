from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from string import Formatter

import pytest

from desktop_relay.domain.brake import BrakeCause
from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.errors import ErrorCode
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.network import NetworkState
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.own_address import AddressDoubt
from desktop_relay.domain.protection import Verified
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.settings import SETTINGS
from desktop_relay.domain.suppression import SuppressionReason
from resources.phrases import LANGUAGES, load_phrases

SHOWN: dict[str, type[StrEnum]] = {
    "reasons": Reason,
    "reason_words": Reason,
    "reason_who": Reason,
    "reason_why": Reason,
    "reason_do": Reason,
    "lane_reasons": LaneReason,
    "limit_words": LaneReason,
    "lane_states": LaneState,
    "recipient_states": RecipientState,
    "campaign_states": CampaignState,
    "pause_reasons": PauseReason,
    "suppression_reasons": SuppressionReason,
    "errors": ErrorCode,
    "verified": Verified,
    "network": NetworkState,
    "own_address": AddressDoubt,
    "own_address_do": AddressDoubt,
    "brakes": BrakeCause,
    "brake_rows": BrakeCause,
    "brake_why": BrakeCause,
    "brake_advice": BrakeCause,
    "warmup_signs": BrakeCause,
}
"""Every enumeration that people meet, by the section that has its words."""

PLACES = {
    "reasons": frozenset[str](),
    "network": frozenset[str](),
    "own_address": frozenset({"ip", "name"}),
    "own_address_do": frozenset[str](),
    "reason_words": frozenset[str](),
    "reason_who": frozenset({"lane"}),
    "reason_why": frozenset[str](),
    "reason_do": frozenset({"time"}),
    "lane_reasons": frozenset({"rate", "until"}),
    "pause_reasons": frozenset({"route"}),
    "brakes": frozenset({"share", "limit", "number", "sample"}),
    "brake_rows": frozenset({"share", "limit", "number", "sample"}),
    "brake_why": frozenset[str](),
    "brake_advice": frozenset[str](),
    "warmup_signs": frozenset({"number", "sample"}),
}
"""The places that the window fills in; one without a value would read as a dash."""


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def codes(members: Iterable[StrEnum]) -> set[str]:
    return {member.value for member in members}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", SHOWN)
def test_every_code_has_words(section: str, language: str) -> None:
    sentences = load_phrases(language).get(section, {})
    assert codes(SHOWN[section]) - set(sentences) == set()
    # only "no reason at all" may stay unsaid
    assert {code for code in codes(SHOWN[section]) if code and not sentences[code].strip()} == set()


@pytest.mark.parametrize("section", [section for section in SHOWN if section != "errors"])
def test_no_words_without_a_code(section: str) -> None:
    assert set(load_phrases("en")[section]) == codes(SHOWN[section])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_has_a_meaning(language: str) -> None:
    assert set(SETTINGS) - set(load_phrases(language).get("settings", {})) == set()


def test_the_languages_have_the_same_sections_and_codes() -> None:
    keys = [
        {(section, code) for section, sentences in load_phrases(language).items() for code in sentences}
        for language in LANGUAGES
    ]
    assert keys[0] ^ keys[1] == set()


def test_the_languages_have_the_same_places() -> None:
    ja, en = load_phrases("ja"), load_phrases("en")
    different = [
        (section, code)
        for section, sentences in ja.items()
        for code, sentence in sentences.items()
        if places(sentence) != places(en.get(section, {}).get(code, sentence))
    ]
    assert different == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", PLACES)
def test_no_place_that_nobody_fills(section: str, language: str) -> None:
    for code, sentence in load_phrases(language)[section].items():
        assert places(sentence) <= PLACES[section], code


@pytest.mark.parametrize("section", ["reasons", "reason_why", "reason_do", "pause_reasons"])
def test_sentences_are_sentences(section: str) -> None:
    for language, stop in (("ja", "。"), ("en", ".")):
        for code, sentence in load_phrases(language)[section].items():
            assert not code or sentence.endswith(stop), (language, code)
