"""What is wrong with a template is told by codes that have words in every language."""

from __future__ import annotations

import pytest

from desktop_relay.domain.errors import BadInput
from desktop_relay.domain.template import Template
from desktop_relay.message.template import compile_template
from resources.phrases import LANGUAGES, load_phrases, phrase

SOURCES = {
    "{{ name": "unclosed",
    "{# name": "unclosed",
    "{% if name %}": "unended: if",
    "{% fi %}": "unknown_tag: fi",
    "{{ name | sama2 }}": "unknown_filter: sama2",
    "{{ name is odd2 }}": "unknown_test: odd2",
    "{{ 購入 金額 }}": "misread",
    "{{ name.upper() }}": "not_offered: ()",
    "{{ lipsum() }}": "not_offered: lipsum()",
    "{{ name.first }}": "not_offered: .first",
    "{% include 'x' %}": "not_offered: include",
    "{% for a in 'a' %}" * 40 + "{% endfor %}" * 40: "too_deep",
}


def merge(source: str) -> None:
    compile_template(Template("t", "s", "", source)).render({"email": "a@example.jp"})


def told(source: str) -> BadInput:
    with pytest.raises(BadInput) as caught:
        merge(source)
    return caught.value


@pytest.mark.parametrize(("source", "fault"), SOURCES.items())
def test_each_fault_has_a_code(source: str, fault: str) -> None:
    assert told(source).params["detail"] == fault


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("source", [*SOURCES, "{{ 1 // 0 }}"])
def test_each_fault_is_told_in_words(source: str, language: str) -> None:
    error = told(source)
    code, colon, name = str(error.params["detail"]).partition(": ")
    words = load_phrases(language)["template_faults"][code]
    sentence = phrase(language, "errors", error.code.value, **error.params)
    assert sentence.endswith(f"{words}{colon}{name}")
