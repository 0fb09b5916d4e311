"""The rules of a pool, as rows of choices: what is kept comes back, what is chosen is said in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop_relay.domain.errors import BadInput
from desktop_relay.domain.route import RoutingRule
from desktop_relay.operations.carriers import lane_names
from tests.unit.ui.work.test_accessibility import nameless

from ui.context import Context
from ui.dialogs.route_rules import RuleList

ACCOUNTS = ("One", "Two & Co", "三番目")
LANES = (*lane_names("en"), "company.example")
SENDERS = ("shop@example.jp", "@example.jp", '"a,b"@example.jp', "ＡＢ@例え.jp")
rules = st.builds(
    RoutingRule,
    to=st.sampled_from(ACCOUNTS),
    lanes=st.lists(st.sampled_from(LANES), max_size=4, unique=True).map(tuple),
    senders=st.lists(st.sampled_from(SENDERS), max_size=3).map(tuple),
    over_octets=st.none() | st.integers(0, 999_999_999) | st.integers(0, 900).map((1_000_000).__mul__),
    keep=st.integers(0, 999_999_999),
    only=st.booleans(),
)


@pytest.fixture
def rule_list(context: Context) -> Iterator[RuleList]:
    made = RuleList(lane_names(context.language))
    made.set_accounts(ACCOUNTS)
    made.resize(520, 400)
    made.show()
    yield made
    made.hide()
    made.deleteLater()


def shown(kept: Sequence[RoutingRule]) -> RuleList:
    made = RuleList(lane_names("en"))
    made.set_accounts(ACCOUNTS)
    made.show_rules(kept)
    return made


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rules, max_size=4))
def test_what_is_kept_comes_back(qapp: QApplication, kept: list[RoutingRule]) -> None:
    assert shown(kept).rules == tuple(kept)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rules, min_size=2, max_size=4), st.data())
def test_moving_only_changes_the_order(
    qapp: QApplication, kept: list[RoutingRule], data: st.DataObject
) -> None:
    made = shown(kept)
    place = data.draw(st.integers(0, len(kept) - 2))
    made.rows[place]._down.click()
    kept[place], kept[place + 1] = kept[place + 1], kept[place]
    assert made.rules == tuple(kept)
    made.rows[place + 1]._up.click()
    kept[place], kept[place + 1] = kept[place + 1], kept[place]
    assert made.rules == tuple(kept)


def test_a_rule_is_made_by_choosing(rule_list: RuleList) -> None:
    rule_list.add_button.click()
    (row,) = rule_list.rows
    assert row.sentence.text() == "All mail goes over “One”."
    row.lanes.actions_by_lane["docomo"].trigger()
    row.lanes.actions_by_lane["au"].trigger()
    row.lanes.actions_by_lane["docomo"].trigger()
    row.senders.setText("shop@example.jp、 @example.com")
    row.over.setValue(5)
    row.to.setCurrentText("三番目")
    row.keep.setValue(100)
    row.only.click()
    wanted = RoutingRule("三番目", ("au",), ("shop@example.jp", "@example.com"), 5_000_000, 100, only=True)
    assert rule_list.rules == (wanted,)
    for part in (
        "from shop@example.jp, @example.com",
        "larger than 5 MB",
        "“三番目”",
        "The last 100",
        "It waits",
    ):
        assert part in row.sentence.text()


@pytest.mark.parametrize("wrong", ["shop", "shop@example.jp nobody"])
def test_what_is_no_sender_is_told_at_once(rule_list: RuleList, wrong: str) -> None:
    rule_list.add_button.click()
    (row,) = rule_list.rows
    row.senders.setText(wrong)
    assert "is no sender" in row.sentence.text()
    with pytest.raises(BadInput):
        _ = rule_list.rules


def test_an_account_that_leaves_the_pool_stays_chosen_until_another_is(rule_list: RuleList) -> None:
    rule_list.show_rules([RoutingRule("One")])
    rule_list.set_accounts(ACCOUNTS[1:])
    (row,) = rule_list.rows
    assert row.to.currentText() == "One"
    assert not row.is_whole
    rule_list.set_accounts(ACCOUNTS)
    assert rule_list.rules == (RoutingRule("One"),)


def test_the_keyboard_goes_through_rules_in_their_order(rule_list: RuleList) -> None:
    rule_list.show_rules([RoutingRule("One"), RoutingRule("三番目")])
    rule_list.rows[0]._down.click()
    assert nameless(rule_list) == []
    first, second = rule_list.rows
    widget: QWidget = first.lanes
    reached: list[QWidget] = []
    while widget is not rule_list.add_button:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
            reached.append(widget)
        widget = widget.nextInFocusChain()
    half = len(reached) // 2
    assert half >= 10
    assert all(first.isAncestorOf(widget) for widget in reached[:half])
    assert all(second.isAncestorOf(widget) for widget in reached[half:])


@pytest.mark.parametrize("language", ["en", "ja"])
def test_ticking_leaves_the_list_of_carriers_open(rule_list: RuleList, language: str) -> None:
    rule_list.add_button.click()
    (row,) = rule_list.rows
    menu = row.lanes.menu()
    menu.popup(row.lanes.mapToGlobal(row.lanes.rect().bottomLeft()))
    for lane in ("docomo", "au"):
        place = menu.actionGeometry(row.lanes.actions_by_lane[lane]).center()
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)
        assert menu.isVisible()
    menu.close()
    assert row.rule.lanes == ("docomo", "au")
