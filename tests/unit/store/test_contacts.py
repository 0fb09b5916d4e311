"""People: written, found, deleted, brought back."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.contact import STANDARD_FIELDS
from desktop_relay.domain.errors import ErrorCode, NotFound, Refused
from desktop_relay.domain.query import ContactQuery
from desktop_relay.store.contacts import (
    count_contacts,
    delete_contacts,
    find_contact,
    insert_contact,
    load_contact,
    load_contact_ids,
    load_contacts,
    load_contacts_of_lists,
    load_field_names,
    restore_contacts,
    update_contact,
)
from desktop_relay.store.database import Database
from desktop_relay.store.folding import fold
from desktop_relay.store.lists import add_members, create_list, load_lists


def person(db: Database, now: datetime, email: str, **fields: str) -> int:
    return insert_contact(db, email, email.lower(), False, {"email": email, **fields}, now)


def found(db: Database, **query: object) -> list[int]:
    wanted = ContactQuery(**query)  # type: ignore[arg-type]
    ids = list(load_contact_ids(db, wanted))
    assert count_contacts(db, wanted) == len(ids)
    return ids


def test_written_and_read_back(library: Database, now: datetime) -> None:
    number = insert_contact(
        library, "A..b@docomo.ne.jp", "a..b@docomo.ne.jp", True, {"name": "髙橋 花子", "趣味": ""}, now
    )
    contact = load_contact(library, number)
    assert contact is not None
    assert (contact.email, contact.key, contact.legacy) == ("A..b@docomo.ne.jp", "a..b@docomo.ne.jp", True)
    assert contact.fields["email"] == "A..b@docomo.ne.jp"
    assert contact.fields["name"] == "髙橋 花子"
    assert contact.fields["趣味"] == ""
    assert contact.fields["company"] == ""
    assert contact.created_at == contact.updated_at == now
    assert find_contact(library, "a..b@docomo.ne.jp") == contact
    assert load_field_names(library) == [*STANDARD_FIELDS, "趣味"]
    assert find_contact(library, "nobody@mail.example") is None
    assert load_contact(library, 99) is None


def test_update_writes_whole_and_keeps_the_creation(library: Database, now: datetime) -> None:
    number = person(library, now, "a@mail.example", name="旧", company="旧社")
    later = now + timedelta(hours=1)
    update_contact(library, number, "b@other.example", "b@other.example", False, {"name": "新"}, later)
    contact = load_contact(library, number)
    assert contact is not None
    assert (contact.email, contact.name, contact.fields["company"]) == ("b@other.example", "新", "")
    assert (contact.created_at, contact.updated_at) == (now, later)
    assert found(library, text="@other") == [number]
    assert found(library, text="旧社") == []
    assert found(library, domains=("other.example",)) == [number]


def test_an_address_belongs_to_one_person(library: Database, now: datetime) -> None:
    person(library, now, "a@mail.example")
    other = person(library, now, "b@mail.example")
    with pytest.raises(Refused) as caught:
        person(library, now, "A@mail.example", 新しい欄="x")
    assert caught.value.code is ErrorCode.NAME_TAKEN
    assert "新しい欄" not in load_field_names(library)
    with pytest.raises(Refused):
        update_contact(library, other, "a@mail.example", "a@mail.example", False, {}, now)
    with pytest.raises(NotFound):
        update_contact(library, 99, "z@mail.example", "z@mail.example", False, {}, now)


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("高橋", True),
        ("髙橋", True),
        ("タカハシ", True),
        ("たかはし", True),
        ("ﾀｶﾊｼ", True),
        ("高橋 青空", True),
        ("高橋 ない", False),
        ("HANAKO", True),
        ("hanako@", True),
        ("hanako@shop.ex", True),
        ("anako@shop", True),
        ("@shop", True),
        ("@mail", False),
        ("ｓｈｏｐ", True),
        ("100%", True),
        ("1_0", False),
        ("子た", False),
        ("", True),
    ],
)
def test_search(text: str, hit: bool, library: Database, now: datetime) -> None:
    number = person(
        library,
        now,
        "Hanako@shop.example",
        name="髙橋花子",
        kana="タカハシハナコ",
        company="青空商事",
        notes="満足度100%",
    )
    person(library, now, "other@mail.example", name="佐藤")
    assert (number in found(library, text=text)) is hit


def test_filters(library: Database, now: datetime) -> None:
    tokyo = person(library, now, "a@docomo.ne.jp", prefecture="東京都", consent_at="2026-01-01")
    osaka = person(library, now, "b@sub.mail.example", prefecture="大阪府")
    old = insert_contact(library, "c.@ezweb.ne.jp", "c.@ezweb.ne.jp", True, {}, now)
    regulars = create_list(library, "常連", now)
    add_members(library, regulars, [osaka, old])
    assert found(library, prefecture="東京都") == [tokyo]
    assert found(library, without_consent=True) == [osaka, old]
    assert found(library, legacy=True) == [old]
    assert found(library, list_id=regulars) == [osaka, old]
    assert found(library, domains=("docomo.ne.jp", "ezweb.ne.jp")) == [tokyo, old]
    assert found(library, domains=(".mail.example", "docomo.ne.jp")) == [tokyo, osaka]
    assert found(library, domains=("mail.example",)) == []
    assert found(library, list_id=regulars, legacy=True, text="ezweb") == [old]


def test_orders_put_the_empty_last(library: Database, now: datetime) -> None:
    second = person(library, now, "b@mail.example", kana="いとう", company="乙")
    empty = person(library, now + timedelta(seconds=1), "c@mail.example")
    first = person(library, now + timedelta(seconds=2), "a@mail.example", kana="あべ", company="甲")
    assert found(library, sort="kana") == [first, second, empty]
    assert found(library, sort="kana", descending=True) == [second, first, empty]
    assert found(library, sort="email") == [first, second, empty]
    assert found(library, sort="created_at", descending=True) == [first, empty, second]
    assert found(library, sort="updated_at") == [second, empty, first]
    for sort in ("name", "company", "prefecture", "consent_at", "no such column; --"):
        assert sorted(found(library, sort=sort)) == sorted([first, second, empty])


def test_pages_come_in_the_order_asked_for(library: Database, now: datetime) -> None:
    ids = [person(library, now, f"p{n}@mail.example") for n in range(5)]
    asked = [ids[3], 999, ids[0], ids[4]]
    assert [contact.id for contact in load_contacts(library, asked)] == [ids[3], ids[0], ids[4]]


def test_people_of_lists_come_once(library: Database, now: datetime) -> None:
    ids = [person(library, now, f"p{n}@mail.example") for n in range(4)]
    one, two = create_list(library, "一", now), create_list(library, "二", now)
    add_members(library, one, ids[:3])
    add_members(library, two, ids[1:])
    assert [c.id for c in load_contacts_of_lists(library, ("一", "二"))] == ids
    assert [c.id for c in load_contacts_of_lists(library, ("二", "ない"))] == ids[1:]
    assert list(load_contacts_of_lists(library, ())) == []


def test_deletion_is_undone_with_memberships(library: Database, now: datetime) -> None:
    ids = [person(library, now, f"p{n}@mail.example", name=f"人{n}") for n in range(4)]
    kept, gone = create_list(library, "残る", now), create_list(library, "消える", now)
    add_members(library, kept, ids)
    add_members(library, gone, ids)
    before = load_contacts(library, ids)
    deleted = delete_contacts(library, [*ids[:2], 999])
    assert deleted.count == 2
    assert found(library) == ids[2:]
    assert [row.count for row in load_lists(library)] == [2, 2]
    library.execute("DELETE FROM lists WHERE id = ?", [gone])
    assert restore_contacts(library, deleted) == 2
    assert load_contacts(library, ids) == before
    assert found(library, text="人1") == [ids[1]]
    assert [(row.name, row.count) for row in load_lists(library)] == [("残る", 4)]
    assert restore_contacts(library, deleted) == 0


def test_whoever_was_entered_anew_stays(library: Database, now: datetime) -> None:
    number = person(library, now, "a@mail.example", name="旧")
    regulars = create_list(library, "常連", now)
    add_members(library, regulars, [number])
    deleted = delete_contacts(library, [number])
    new = person(library, now, "a@mail.example", name="新")
    assert new != number
    assert restore_contacts(library, deleted) == 0
    assert [contact.name for contact in load_contacts(library, [number, new])] == ["新"]
    assert load_lists(library)[0].count == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("茅ヶ崎市", "茅ケ崎市"),
        ("一ヵ月", "一カ月"),
        ("10〜12時", "10～12時"),
        ("03−1234‐5678", "03-1234-5678"),
        ("葛\U000e0100城", "葛城"),
        ("☎\ufe0f", "☎"),
        ("山\u200b田", "山田"),
    ],
)
def test_spellings_that_look_alike_are_searched_as_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("text", ["日本語", "hanako@日本語", "@日本語.ex", "@xn--wgv71a119e.example", "花子"])
def test_a_domain_is_found_as_people_write_it(text: str, library: Database, now: datetime) -> None:
    number = person(library, now, "Hanako@xn--wgv71a119e.example", name="花子")
    person(library, now, "other@mail.example")
    assert found(library, text=text) == [number]


HIRAGANA = st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x3096))


@given(HIRAGANA)
def test_kana_is_found_in_either_script(text: str) -> None:
    assert fold("".join(chr(ord(character) + 0x60) for character in text)) == fold(text)


@given(st.text(st.characters(max_codepoint=0x7E)))
def test_width_and_case_make_no_difference(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if 0x21 <= ord(c) <= 0x7E else c for c in text)
    assert fold(wide) == fold(text) == fold(text.upper())
