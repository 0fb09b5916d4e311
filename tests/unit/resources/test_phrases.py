"""The forms that places of sentences have."""

from __future__ import annotations

from string import Formatter

import pytest

from resources.phrases import LANGUAGES, load_phrases, phrase


@pytest.mark.parametrize(
    ("number", "told"), [(1, "1 person"), ("1", "1 person"), (0, "0 people"), (2, "2 people")]
)
def test_the_word_goes_with_its_number(number: object, told: str) -> None:
    assert phrase("en", "checks", "people", number=number).startswith(told)


def test_a_number_that_is_missing_reads_as_a_dash() -> None:
    assert phrase("en", "checks", "people") == "– people will get it."


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_is_told_by_its_word_and_another_text_as_it_is(language: str) -> None:
    words = load_phrases(language)
    told = phrase(language, "errors", "value_invalid", field="port", value="port")
    assert words["fields"]["port"] in told
    assert "port" in told, "only the place that names its words has any"
    assert "--other" in phrase(language, "errors", "value_invalid", field="--other", value="x")
    for state, section in (("draft", "campaign_states"), ("in_flight", "recipient_states")):
        assert words[section][state] in phrase(language, "errors", "transition_refused", state=state)


def test_what_follows_a_colon_stays() -> None:
    told = phrase("ja", "errors", "scenario_invalid", where="a", problem="is none of: x, y")
    assert told.endswith("次のどれかにしてください: x, y")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_that_a_place_names_is_there(language: str) -> None:
    phrases = load_phrases(language)
    specs = [
        spec
        for sentences in phrases.values()
        for sentence in sentences.values()
        for _, _, spec, _ in Formatter().parse(sentence)
        if spec
    ]
    assert any(spec.startswith("in ") for spec in specs)
    for spec in specs:
        assert "|" in spec or set(spec.removeprefix("in ").split()) <= set(phrases), spec
