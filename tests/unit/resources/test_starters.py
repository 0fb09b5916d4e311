"""The starter templates: they compile, merge for anybody, and carry what the law wants."""

from __future__ import annotations

import re

import pytest

from desktop_relay.domain.contact import STANDARD_FIELDS
from desktop_relay.domain.template import Template
from desktop_relay.message.inspect import warnings_of
from desktop_relay.message.plain import text_of_html
from desktop_relay.message.template import SENDER_FIELDS, compile_template
from resources.templates import Starter, load_starters
from tests.fakes.letters import NOON, SHOP, builder, opened, part, recipient

EVERY = [(language, starter) for language in ("ja", "en") for starter in load_starters(language)]
PEOPLE: tuple[dict[str, str], ...] = (
    {"name": "山田 太郎", "company": "㈱山田商店", "department": "総務部", "honorific": "様"},
    {"name": "", "company": ""},
)


def ids(value: object) -> str:
    return value.key if isinstance(value, Starter) else str(value)


def template_of(starter: Starter) -> Template:
    return Template(starter.name, starter.subject, starter.html, starter.text)


def test_each_language_offers_the_same_six_in_the_same_order() -> None:
    keys = ["new_arrivals", "sale_coupon", "event_invitation", "newsletter", "thank_you", "plain_notice"]
    assert [starter.key for starter in load_starters("ja")] == keys
    assert [starter.key for starter in load_starters("en")] == keys
    assert load_starters("fr") == load_starters("en")
    for language in ("ja", "en"):
        assert len({starter.name for starter in load_starters(language)}) == 6
        assert all(starter.description for starter in load_starters(language))


@pytest.mark.parametrize(("language", "starter"), EVERY, ids=ids)
def test_a_starter_needs_only_fields_that_everybody_has(language: str, starter: Starter) -> None:
    assert compile_template(template_of(starter)).fields <= {*STANDARD_FIELDS, *SENDER_FIELDS}


@pytest.mark.parametrize("person", PEOPLE, ids=("full", "bare"))
@pytest.mark.parametrize(("language", "starter"), EVERY, ids=ids)
def test_a_starter_makes_a_mail_without_warnings(
    language: str, starter: Starter, person: dict[str, str]
) -> None:
    make = builder(subject=starter.subject, html=starter.html, text=starter.text)
    content = make.build(recipient(**person), NOON).content
    message = opened(content)
    html = part(message, "html") if starter.html else ""
    text = part(message, "plain")
    assert warnings_of(subject=str(message["Subject"]), html=html, text=text, size=len(content)) == ()
    for shown in [text, *([text_of_html(html)] if html else [])]:
        for wanted in (
            SHOP.name,
            SHOP.postal,
            SHOP.address,
            "https://www.example.jp/stop/",
            "info@example.jp",
        ):
            assert wanted in shown
        assert "{{" not in shown
        assert "{%" not in shown


@pytest.mark.parametrize(("language", "starter"), EVERY, ids=ids)
def test_text_and_html_of_a_starter_say_the_same(language: str, starter: Starter) -> None:
    if not starter.html:
        return
    links = set(re.findall(r"https://[\w./-]+", starter.html))
    assert links == set(re.findall(r"https://[\w./-]+", starter.text))


@pytest.mark.parametrize(("language", "starter"), EVERY, ids=ids)
def test_a_starter_is_mail_that_mail_programs_show(language: str, starter: Starter) -> None:
    if not starter.html:
        return
    assert f'<html lang="{language}">' in starter.html
    assert "<script" not in starter.html
    assert re.search(r"<(?:img|link|form|iframe)\b", starter.html) is None
    assert len(starter.html.encode()) < 20_000
    hosts = set(re.findall(r"https?://([\w.-]+)", starter.html + starter.text))
    assert hosts <= {"www.example.jp", "www.example.com"}
    assert all(tables.endswith(">") for tables in re.findall(r"<table[^>]*>", starter.html))
