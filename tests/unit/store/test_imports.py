"""Imports: in, merged over, and back out."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.campaign import Draft
from desktop_relay.domain.contact import STANDARD_FIELDS, Contact
from desktop_relay.domain.errors import ErrorCode, NotFound, Refused
from desktop_relay.domain.imports import ImportedContact
from desktop_relay.domain.query import ContactQuery
from desktop_relay.store.contacts import (
    delete_contacts,
    find_contact,
    insert_contact,
    load_contact_ids,
    load_contacts,
    load_field_names,
    restore_contacts,
    update_contact,
)
from desktop_relay.store.database import Database
from desktop_relay.store.drafts import insert_draft
from desktop_relay.store.import_changes import Change, join_changes, plan_change, plan_return
from desktop_relay.store.imports import (
    add_imported,
    begin_import,
    existing_keys,
    finish_import,
    load_imports,
    undo_import,
)
from desktop_relay.store.lists import add_members, create_list, load_lists


def row(name: str, /, **fields: str) -> ImportedContact:
    email = f"{name}@mail.example"
    return ImportedContact(email, email.lower(), False, {"email": email, **fields})


def everybody(db: Database) -> list[Contact]:
    return load_contacts(db, load_contact_ids(db, ContactQuery()))


def fields_of(db: Database, name: str) -> dict[str, str]:
    contact = find_contact(db, f"{name}@mail.example")
    assert contact is not None
    return {field: text for field, text in contact.fields.items() if text}


def test_new_people_join_the_list(library: Database, now: datetime) -> None:
    regulars = create_list(library, "常連", now)
    number = begin_import(library, "名簿.csv", now, regulars)
    assert add_imported(library, number, [row("a", name="甲", 趣味="釣り"), row("b")], now) == (2, 0)
    assert add_imported(library, number, [row("c")], now) == (1, 0)
    assert add_imported(library, number, [], now) == (0, 0)
    finish_import(library, number, {"rows": 4, "invalid": 1})
    assert [person.email for person in everybody(library)] == [f"{n}@mail.example" for n in "abc"]
    assert fields_of(library, "a") == {"email": "a@mail.example", "name": "甲", "趣味": "釣り"}
    assert load_lists(library)[0].count == 3
    assert load_field_names(library)[-1] == "趣味"
    (history,) = load_imports(library)
    assert (history.file, history.at, history.list_name) == ("名簿.csv", now, "常連")
    assert (history.added, history.updated, history.undone) == (3, 0, False)
    assert history.counts == {"rows": 4, "invalid": 1}


def test_what_is_there_is_merged_over(library: Database, now: datetime) -> None:
    fields = {"name": "旧", "company": "旧社", "consent_at": "2025-01-01", "consent_how": "店頭"}
    insert_contact(library, "A@mail.example", "a@mail.example", False, fields, now)
    later = now + timedelta(days=1)
    number = begin_import(library, "f.csv", later)
    imported = row("a", name="新", company="", 趣味="", consent_at="2026-01-01", consent_source="web")
    assert add_imported(library, number, [imported], later) == (0, 1)
    contact = find_contact(library, "a@mail.example")
    assert contact is not None
    assert contact.email == "A@mail.example"
    assert (contact.created_at, contact.updated_at) == (now, later)
    assert fields_of(library, "a") == {
        "email": "A@mail.example",
        "name": "新",
        "company": "旧社",
        "consent_at": "2025-01-01",
        "consent_how": "店頭",
    }
    assert list(load_contact_ids(library, ContactQuery(text="新"))) == [contact.id]


def test_a_consent_is_learned_where_none_was(library: Database, now: datetime) -> None:
    insert_contact(library, "a@mail.example", "a@mail.example", False, {}, now)
    number = begin_import(library, "f.csv", now)
    add_imported(library, number, [row("a", consent_at="2026-01-01", consent_how="web")], now)
    assert fields_of(library, "a")["consent_how"] == "web"
    assert list(load_contact_ids(library, ContactQuery(without_consent=True))) == []


def test_twins_of_a_batch_are_one_person(library: Database, now: datetime) -> None:
    number = begin_import(library, "f.csv", now)
    rows = [row("a", name="甲", company="社"), row("a", name="乙", company="")]
    assert add_imported(library, number, rows, now) == (1, 0)
    assert fields_of(library, "a") == {"email": "a@mail.example", "name": "乙", "company": "社"}


def test_undo_leaves_everything_as_it_was(library: Database, now: datetime) -> None:
    regulars = create_list(library, "常連", now)
    old = insert_contact(library, "a@mail.example", "a@mail.example", False, {"name": "旧"}, now)
    member = insert_contact(library, "b@mail.example", "b@mail.example", False, {}, now)
    add_members(library, regulars, [member])
    before = [(person.email, person.fields) for person in everybody(library)]
    number = begin_import(library, "f.csv", now, regulars)
    add_imported(library, number, [row("a", name="新", 趣味="釣り"), row("b"), row("c")], now)
    add_imported(library, number, [row("a", name="新々"), row("c", name="三")], now)
    assert load_lists(library)[0].count == 3
    assert undo_import(library, number) == (1, 1)
    assert [(person.email, person.fields) for person in everybody(library)] == before
    assert list(load_contact_ids(library, ContactQuery(list_id=regulars))) == [member]
    assert load_field_names(library) == list(STANDARD_FIELDS)
    assert list(load_contact_ids(library, ContactQuery(text="旧"))) == [old]
    assert load_imports(library)[0].undone
    with pytest.raises(Refused) as caught:
        undo_import(library, number)
    assert caught.value.code is ErrorCode.IMPORT_ALREADY_UNDONE


def test_undo_keeps_what_was_written_since(library: Database, now: datetime) -> None:
    fields = {"name": "旧", "company": "旧社", "趣味": "釣り"}
    number = insert_contact(library, "a@mail.example", "a@mail.example", False, fields, now)
    first = begin_import(library, "f.csv", now)
    add_imported(library, first, [row("a", name="輸入", company="輸入社"), row("b")], now)
    edited = {**fields, "name": "手直し", "company": "輸入社"}
    update_contact(library, number, "a@mail.example", "a@mail.example", False, edited, now)
    delete_contacts(library, [number + 1])
    assert undo_import(library, first) == (0, 1)
    assert fields_of(library, "a") == {
        "email": "a@mail.example",
        "name": "手直し",
        "company": "旧社",
        "趣味": "釣り",
    }
    assert load_field_names(library)[-1] == "趣味"


def test_imports_that_overlap_are_taken_back_in_any_order(library: Database, now: datetime) -> None:
    insert_contact(library, "a@mail.example", "a@mail.example", False, {"name": "元"}, now)
    first, second, third = (begin_import(library, "f.csv", now) for _ in range(3))
    add_imported(library, first, [row("a", name="一", 趣味="釣り")], now)
    add_imported(library, second, [row("a", name="二", company="社")], now)
    add_imported(library, third, [row("a", name="三", 趣味="山")], now)
    assert undo_import(library, first) == (0, 0)
    assert undo_import(library, second) == (0, 1)
    assert fields_of(library, "a") == {"email": "a@mail.example", "name": "三", "趣味": "山"}
    assert undo_import(library, third) == (0, 1)
    assert fields_of(library, "a") == {"email": "a@mail.example", "name": "元"}
    assert load_field_names(library) == list(STANDARD_FIELDS)


def test_what_another_import_said_too_stays_until_that_one_goes(library: Database, now: datetime) -> None:
    insert_contact(library, "a@mail.example", "a@mail.example", False, {"name": "元"}, now)
    first, second = (begin_import(library, "f.csv", now) for _ in range(2))
    said = {"name": "一", "趣味": "", "consent_at": "2026-01-01", "consent_source": "名簿"}
    add_imported(library, first, [row("a", **said, company="社")], now)
    add_imported(library, second, [row("a", **said)], now)
    assert undo_import(library, first) == (0, 1)
    assert everybody(library)[0].fields.items() >= said.items()
    assert fields_of(library, "a").keys() == {"email", "name", "consent_at", "consent_source"}
    assert undo_import(library, second) == (0, 1)
    assert fields_of(library, "a") == {"email": "a@mail.example", "name": "元"}


def test_another_consent_keeps_none_that_goes_with_its_import(library: Database, now: datetime) -> None:
    insert_contact(library, "a@mail.example", "a@mail.example", False, {"name": "元"}, now)
    first, second = (begin_import(library, "f.csv", now) for _ in range(2))
    add_imported(library, first, [row("a", consent_at="2026-01-01", consent_source="一")], now)
    add_imported(library, second, [row("a", consent_at="2026-01-01", consent_source="二")], now)
    undo_import(library, first)
    assert fields_of(library, "a") == {"email": "a@mail.example", "name": "元"}


def test_whom_a_later_import_brought_too_stays_until_that_one_goes(library: Database, now: datetime) -> None:
    wrong, right = (create_list(library, name, now) for name in ("誤り", "正しい"))
    first = begin_import(library, "誤り.csv", now, wrong)
    add_imported(library, first, [row("a", name="甲"), row("b", name="乙"), row("c")], now)
    second = begin_import(library, "正しい.csv", now, right)
    add_imported(library, second, [row("a", name="甲"), row("d")], now)
    third = begin_import(library, "追加.csv", now)
    add_imported(library, third, [row("b", name="乙々")], now)
    assert undo_import(library, first) == (1, 0)
    assert [person.email for person in everybody(library)] == [f"{n}@mail.example" for n in "abd"]
    assert [(each.name, each.count) for each in load_lists(library)] == [("正しい", 2), ("誤り", 0)]
    assert undo_import(library, second) == (2, 0)
    assert undo_import(library, third) == (1, 0)
    assert everybody(library) == []


def test_in_one_list_whom_a_later_import_brought_too_stays_in_it(library: Database, now: datetime) -> None:
    regulars = create_list(library, "常連", now)
    old = insert_contact(library, "z@mail.example", "z@mail.example", False, {}, now)
    first = begin_import(library, "誤り.csv", now, regulars)
    add_imported(library, first, [row("a", name="甲"), row("b"), row("z")], now)
    second = begin_import(library, "正しい.csv", now, regulars)
    add_imported(library, second, [row("a", name="甲"), row("z")], now)
    assert undo_import(library, first) == (1, 0)
    assert list(load_contact_ids(library, ContactQuery(list_id=regulars))) == [old, old + 1]
    assert undo_import(library, second) == (1, 0)
    assert [person.id for person in everybody(library)] == [old]
    assert list(load_contact_ids(library, ContactQuery(list_id=regulars))) == []


def test_the_custom_fields_of_the_deleted_come_back_with_them(library: Database, now: datetime) -> None:
    number = insert_contact(library, "a@mail.example", "a@mail.example", False, {"会員番号": "7"}, now)
    second = begin_import(library, "f.csv", now)
    deleted = delete_contacts(library, [number])
    undo_import(library, second)
    assert load_field_names(library) == list(STANDARD_FIELDS)
    restore_contacts(library, deleted)
    assert load_field_names(library)[-1] == "会員番号"


def test_nothing_of_the_deleted_stays_in_the_history_of_imports(library: Database, now: datetime) -> None:
    number = insert_contact(library, "a@mail.example", "a@mail.example", False, {"name": "元"}, now)
    first, second = (begin_import(library, "f.csv", now) for _ in range(2))
    add_imported(library, first, [row("a", name="一"), row("b")], now)
    add_imported(library, second, [row("a", name="二", company="社")], now)
    deleted = delete_contacts(library, [number])
    assert library.rows("SELECT * FROM import_changes") == []
    undo_import(library, first)
    restore_contacts(library, deleted)
    assert undo_import(library, second) == (0, 1)
    assert fields_of(library, "a") == {"email": "a@mail.example", "name": "一"}


@pytest.mark.parametrize(
    ("made", "used", "left"),
    [
        (True, "", []),
        (True, "member", ["新しい"]),
        (True, "draft", ["新しい"]),
        (False, "", ["新しい"]),
    ],
)
def test_undo_takes_the_list_that_the_import_made_unless_it_is_used(
    library: Database, now: datetime, made: bool, used: str, left: list[str]
) -> None:
    fresh = create_list(library, "新しい", now)
    number = begin_import(library, "f.csv", now, fresh, made_list=made)
    add_imported(library, number, [row("a"), row("b")], now)
    if used == "member":
        other = insert_contact(library, "z@mail.example", "z@mail.example", False, {}, now)
        add_members(library, fresh, [other])
    if used == "draft":
        insert_draft(library, Draft(0, "秋", "letter", "shop@mail.example", "account", ("新しい",)), now)
    assert undo_import(library, number) == (2, 0)
    assert [each.name for each in load_lists(library)] == left
    assert load_imports(library)[0].undone


def test_unknown_imports(library: Database, now: datetime) -> None:
    with pytest.raises(NotFound) as undone:
        undo_import(library, 7)
    with pytest.raises(NotFound) as added:
        add_imported(library, 7, [row("a")], now)
    assert undone.value.code is added.value.code is ErrorCode.NO_SUCH_IMPORT
    assert everybody(library) == []


def test_a_deleted_list_takes_nothing_along(library: Database, now: datetime) -> None:
    regulars = create_list(library, "常連", now)
    number = begin_import(library, "f.csv", now, regulars)
    add_imported(library, number, [row("a")], now)
    library.execute("DELETE FROM lists")
    assert load_imports(library)[0].list_name is None
    assert undo_import(library, number) == (1, 0)


def test_existing_keys(library: Database, now: datetime) -> None:
    insert_contact(library, "a@mail.example", "a@mail.example", False, {}, now)
    assert existing_keys(library, ["a@mail.example", "b@mail.example"]) == {"a@mail.example"}
    assert existing_keys(library, []) == set()


FIELDS = st.dictionaries(
    st.sampled_from(["name", "company", "consent_at", "趣味"]), st.sampled_from(["", "x", "y"])
)


@given(FIELDS, st.lists(FIELDS, max_size=4))
def test_any_number_of_changes_returns_to_the_first(
    before: dict[str, str], imported: list[dict[str, str]]
) -> None:
    fields, whole = dict(before), Change()
    for each in imported:
        change = plan_change(fields, each)
        whole = join_changes(whole, change)
        fields |= {name: texts[1] for name, texts in change.items()}
        if before.get("consent_at"):
            assert fields["consent_at"] == before["consent_at"]
    assert plan_return(fields, whole) == before
