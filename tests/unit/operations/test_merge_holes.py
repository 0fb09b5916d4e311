"""The people a template cannot be merged with, found by shape: the same as by rendering everybody."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.template import Template
from desktop_relay.message.shape import LONGEST_ORDINARY, shape_template
from desktop_relay.message.template import SENDER_FIELDS, compile_template
from desktop_relay.operations.merge_holes import MergeHoles, find_merge_holes
from desktop_relay.store.contacts import insert_contact, load_contacts_of_lists
from desktop_relay.store.database import Database, open_library
from desktop_relay.store.lists import add_members, create_list

NOW = datetime(2026, 3, 1, tzinfo=UTC)

SHAPED = [
    "{{ name }}",
    "{{ 点数 }}",
    "{{ 点数|number }} {{ 来店日|date('wareki') }}",
    "{% if 点数 %}{{ 来店日 }}{% endif %}",
    "{% if 点数 is defined and 来店日 %}{{ 点数 }}{% elif not company %}{{ 来店日 }}{% else %}-{% endif %}",
    "{{ 点数|default('なし') }}",
    "{{ 点数|default('なし', true) }}",
    "{{ field('来店 日')|upper }}",
    "{{ 点数 or 来店日 }}",
    "{{ 点数 if 来店日 }}",
    "{{ name|sama(honorific) }} {{ sender_name }} {{ email }}",
    "{{ 点数|trim|length }}",
    "{{ 点数|urlencode|e }}",
]
UNSHAPED = [
    "{% if 点数 == '1' %}{{ 来店日 }}{% endif %}",
    "{% for x in [1] %}{{ 点数 }}{% endfor %}",
    "{% if name|trim %}{{ 点数 }}{% endif %}",
    "{{ name|trim|default(点数, true) }}",
    "{{ name|sama(点数) }}",
    "{{ 点数|number(2) }}",
    "{{ 点数|number(name) }}",
    "{% set a = 点数 %}{{ a }}",
    "{{ 点数 + 'x' }}",
]

texts = st.one_of(
    st.sampled_from(
        ["", " ", "1", "2026-03-01", "x\ny", "a\x00b", "\x7f", "\u2028", "\x85", '"', "\\", "無"]
    ),
    st.integers(LONGEST_ORDINARY - 1, LONGEST_ORDINARY + 2).map("長".__mul__),
)
names = st.sampled_from(["name", "company", "honorific", "点数", "来店日", "来店 日"])
books = st.lists(st.dictionaries(names, texts, max_size=5), max_size=12)


def rendered_one_by_one(library: Database, template: Template) -> MergeHoles:
    """The rule itself."""
    compiled = compile_template(template)
    sender = dict.fromkeys(SENDER_FIELDS, "x")
    failed: list[tuple[str, RelayError]] = []
    for contact in load_contacts_of_lists(library, ["all"]):
        try:
            compiled.render({**contact.fields, **sender})
        except RelayError as error:
            failed.append((contact.email, error))
    examples = tuple(address for address, _ in failed[:3])
    return MergeHoles(len(failed), examples, failed[0][1] if failed else None)


def told(holes: MergeHoles) -> tuple[object, ...]:
    problem = holes.problem
    return (holes.number, holes.examples, problem and (problem.code, problem.params))


@pytest.mark.parametrize(("sources", "shaped"), [(SHAPED, True), (UNSHAPED, False)])
def test_what_the_shape_tells_enough_of(sources: list[str], shaped: bool) -> None:
    for source in sources:
        assert (shape_template(Template("t", "x", "", source)) is not None) is shaped, source
        assert (shape_template(Template("t", "x", f"<p>{source}</p>", "")) is not None) is shaped, source


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    book=books,
    subject=st.sampled_from(["x", *SHAPED, *UNSHAPED]),
    body=st.sampled_from([*SHAPED, *UNSHAPED]),
    html=st.booleans(),
)
def test_by_shape_as_one_by_one(book: list[dict[str, str]], subject: str, body: str, html: bool) -> None:
    template = Template("t", subject, f"<p>{body}</p>" if html else "", "" if html else body)
    with tempfile.TemporaryDirectory() as directory, open_library(Path(directory)) as library:
        ids = []
        for number, fields in enumerate(book):
            address = f"p{number}@example.jp"
            ids.append(insert_contact(library, address, address, False, fields, NOW))
        add_members(library, create_list(library, "all"), ids)
        found = find_merge_holes(library, ["all"], template, compile_template(template))
        assert told(found) == told(rendered_one_by_one(library, template))


def test_a_field_that_sqlite_cannot_name_is_looked_at_one_by_one(tmp_path: Path) -> None:
    template = Template("t", "x", "", "{{ field('a\"b') }}")
    with open_library(tmp_path) as library:
        ids = [
            insert_contact(library, f"{n}@example.jp", f"{n}@example.jp", False, fields, NOW)
            for n, fields in enumerate([{}, {'a"b': "1"}, {}])
        ]
        add_members(library, create_list(library, "all"), ids)
        found = find_merge_holes(library, ["all"], template, compile_template(template))
        assert (found.number, found.examples) == (2, ("0@example.jp", "2@example.jp"))
