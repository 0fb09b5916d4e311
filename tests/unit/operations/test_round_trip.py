"""What is exported and imported again is the same people with the same fields, whatever stands in them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from desktop_relay.domain.contact import STANDARD_FIELDS
from desktop_relay.domain.errors import BadInput, Refused
from desktop_relay.domain.query import ContactQuery
from desktop_relay.operations import contacts
from desktop_relay.operations.import_contacts import import_file
from desktop_relay.operations.workspace import Workspace
from tests.fakes.engine_link import FakeEngineLink

AWKWARD = "'\"=+-@,;\t\n\r \x1a|＝髙𠮷葛\U000e0100〜~ー?a1\u2028\x0b\x85\ufeff\u3000"
TEXTS = st.text(
    st.sampled_from(AWKWARD) | st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8
)
PLAIN = [name for name in STANDARD_FIELDS if name != "email" and not name.startswith("consent")]
OWN = ["会員番号", "電話", "メール", "姓", "First Name", "Email", "column 3", "=x", "sep=", "phone (2)", "'q"]
LOCALS = st.text(st.sampled_from("ab1=+-'.!#_"), min_size=1, max_size=6)
PEOPLE = st.dictionaries(
    LOCALS, st.dictionaries(st.sampled_from(PLAIN + OWN), TEXTS, max_size=5), min_size=1, max_size=4
)


def everybody(ws: Workspace) -> dict[str, dict[str, str]]:
    found = contacts.rows(ws, contacts.list_ids(ws, ContactQuery()))
    return {each.email: {name: text for name, text in each.fields.items() if text} for each in found}


def enter(ws: Workspace, local: str, fields: dict[str, str]) -> bool:
    try:
        contacts.save(ws, None, {"email": f"{local}@mail.example", **fields})
    except (BadInput, Refused):
        return False
    return True


@settings(max_examples=50, deadline=None)
@given(PEOPLE)
def test_an_export_comes_back_as_it_was(people: dict[str, dict[str, str]]) -> None:
    with TemporaryDirectory() as directory:
        here, there = Path(directory, "here"), Path(directory, "there")
        with Workspace(here, FakeEngineLink(here)) as ours, Workspace(there, FakeEngineLink(there)) as theirs:
            assume(sum(enter(ours, local, fields) for local, fields in people.items()))
            first, second = Path(directory, "first.csv"), Path(directory, "second.csv")
            contacts.export(ours, first, ContactQuery())
            import_file(theirs, first)
            assert everybody(theirs) == everybody(ours)
            assert contacts.fields(theirs) == contacts.fields(ours)
            contacts.export(theirs, second, ContactQuery())
            assert second.read_bytes() == first.read_bytes()
