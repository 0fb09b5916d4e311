"""Imports of the same people, taken back in any order: in the end nothing tells that they ever were."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_relay.domain.imports import ImportedContact
from desktop_relay.domain.query import ContactQuery
from desktop_relay.store.contacts import insert_contact, load_contact_ids, load_contacts, load_field_names
from desktop_relay.store.database import Database, open_library
from desktop_relay.store.imports import add_imported, begin_import, undo_import
from desktop_relay.store.lists import add_members, create_list

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
FIELDS = st.dictionaries(st.sampled_from(["name", "consent_at", "趣味"]), st.sampled_from(["", "甲", "乙"]))
PEOPLE = st.dictionaries(st.sampled_from("abcd"), FIELDS)
IMPORTS = st.lists(st.tuples(PEOPLE, st.sampled_from([None, 0, 1])), min_size=1, max_size=4)


def everything(db: Database) -> object:
    people = load_contacts(db, load_contact_ids(db, ContactQuery()))
    members = db.rows("SELECT list_id, contact_id FROM list_members ORDER BY 1, 2")
    return [(person.id, person.fields) for person in people], members, load_field_names(db)


@settings(max_examples=60)
@given(PEOPLE, IMPORTS, st.data())
def test_nothing_is_left(
    old: dict[str, dict[str, str]],
    imports: list[tuple[dict[str, dict[str, str]], int | None]],
    data: st.DataObject,
) -> None:
    with TemporaryDirectory() as directory, open_library(Path(directory)) as db:
        lists = [create_list(db, name, NOW) for name in ("一", "二")]
        for name, fields in old.items():
            address = f"{name}@mail.example"
            person = insert_contact(db, address, address, False, {"趣味": "山", **fields}, NOW)
            add_members(db, lists[0], [person] if "name" in fields else [])
        before = everything(db)
        numbers = []
        for people, place in imports:
            number = begin_import(db, "f.csv", NOW, None if place is None else lists[place])
            rows = [
                ImportedContact(f"{n}@mail.example", f"{n}@mail.example", False, fields)
                for n, fields in people.items()
            ]
            add_imported(db, number, rows, NOW)
            numbers.append(number)
        said = dict(zip(numbers, (people for people, _ in imports), strict=True))
        for number in data.draw(st.permutations(numbers)):
            undo_import(db, number)
            del said[number]
            for person in load_contacts(db, range(1, len(old) + 1)):
                for name in ("name", "趣味"):
                    texts = [people.get(person.email[0], {}).get(name) for people in said.values()]
                    own = {"趣味": "山", **old[person.email[0]]}.get(name, "")
                    assert person.fields.get(name, "") == ([own, *filter(None, texts)])[-1]
        assert everything(db) == before
