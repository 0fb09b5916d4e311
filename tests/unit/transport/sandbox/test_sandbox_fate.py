from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.transport.sandbox.carriers_file import load_carriers
from desktop_relay.transport.sandbox.fate import Fate, decide_fate, draw, forced_fate

SHARES = {Fate.UNKNOWN_USER: 0.04, Fate.GREYLIST: 0.03, Fate.DROP_TAKEN: 0.01}


def test_a_draw_is_the_same_on_every_machine() -> None:
    assert draw(1, "fate", "taro@docomo.ne.jp") == 0.26245371023313324
    assert draw(2, "fate", "taro@docomo.ne.jp") != draw(1, "fate", "taro@docomo.ne.jp")
    assert draw(1, "slow", "taro@docomo.ne.jp") != draw(1, "fate", "taro@docomo.ne.jp")


@given(st.integers(min_value=0), st.text(), st.text(max_size=16).filter(str.isascii))
def test_a_draw_lies_in_the_unit_interval(seed: int, text: str, purpose: str) -> None:
    assert 0.0 <= draw(seed, purpose, text) < 1.0


@given(st.lists(st.emails(), unique=True, max_size=20), st.randoms(use_true_random=False))
def test_fates_do_not_depend_on_order(addresses: list[str], random: object) -> None:
    first = {address: decide_fate(7, address, SHARES) for address in addresses}
    random.shuffle(addresses)  # type: ignore[attr-defined]
    backwards = dict(reversed(SHARES.items()))
    assert {address: decide_fate(7, address, backwards) for address in addresses} == first


def test_shares_come_true() -> None:
    docomo = load_carriers().of_domain("docomo.ne.jp")
    fates = Counter(decide_fate(3, f"u{n}@docomo.ne.jp", docomo.shares) for n in range(40_000))
    for fate, share in docomo.shares.items():
        assert fates[fate] / 40_000 == pytest.approx(share, abs=0.004), fate
    assert set(fates) == {Fate.ACCEPT} | {fate for fate, share in docomo.shares.items() if share > 0.0}


@pytest.mark.parametrize("fate", list(Fate))
def test_an_address_can_ask_for_its_fate(fate: Fate) -> None:
    assert decide_fate(1, f"fate-{fate}.x@docomo.ne.jp", {}) is fate


@pytest.mark.parametrize("local", ["fate-none.x", "fates.x", "fate-", "x.fate-reset"])
def test_other_local_parts_ask_for_nothing(local: str) -> None:
    assert forced_fate(f"{local}@docomo.ne.jp") is None
