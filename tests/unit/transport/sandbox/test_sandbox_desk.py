import pytest

from desktop_relay.transport.sandbox.carriers_file import load_carriers
from desktop_relay.transport.sandbox.desk import Deed, Desk
from desktop_relay.transport.sandbox.fate import Fate

DOCOMO = load_carriers().of_domain("docomo.ne.jp")


def desk(seed: int = 1) -> Desk:
    return Desk(DOCOMO, seed)


def deeds(fate: Fate, *times: float) -> list[Deed]:
    at_desk = desk()
    return [at_desk.meet(f"fate-{fate}.x@docomo.ne.jp", at).deed for at in times]


@pytest.mark.parametrize("fate", [Fate.UNKNOWN_USER, Fate.DISABLED, Fate.FILTERED])
def test_some_fates_are_for_good(fate: Fate) -> None:
    assert deeds(fate, 0, 1, 1e9) == [Deed.REPLY] * 3


@pytest.mark.parametrize(
    ("fate", "deed"),
    [
        (Fate.BUSY, Deed.REPLY),
        (Fate.RESET, Deed.RESET),
        (Fate.DROP_TAKEN, Deed.HANG_UP_TAKEN),
        (Fate.DROP_LOST, Deed.HANG_UP_LOST),
    ],
)
def test_some_strike_the_first_attempt_only(fate: Fate, deed: Deed) -> None:
    assert deeds(fate, 5, 5, 6) == [deed, Deed.TAKE, Deed.TAKE]


def test_greylisting_ends_when_it_said_it_would() -> None:
    at_desk = desk()
    address = "fate-greylist.x@docomo.ne.jp"
    assert at_desk.meet(address, 1000).seconds == 300
    early = at_desk.meet(address, 1100.5)
    assert (early.deed, early.seconds) == (Deed.REPLY, 200)
    assert at_desk.meet(address, 1300).deed is Deed.TAKE
    assert at_desk.meet("fate-greylist.y@docomo.ne.jp", 1300).deed is Deed.REPLY


def test_a_full_mailbox_is_emptied_some_day() -> None:
    assert deeds(Fate.MAILBOX_FULL, 0, 1499, 1500) == [Deed.REPLY, Deed.REPLY, Deed.TAKE]


def test_a_slow_answer_takes_as_long_every_time() -> None:
    first, again = (desk().meet("fate-slow.x@docomo.ne.jp", at) for at in (0, 99))
    assert first.deed is Deed.TAKE
    assert first.wait == again.wait
    assert 4.0 <= first.wait <= 12.0


def test_another_seed_is_another_town() -> None:
    addresses = [f"u{n}@docomo.ne.jp" for n in range(500)]
    first, second, third = (
        [at_desk.meet(address, 0).fate for address in addresses] for at_desk in (desk(1), desk(1), desk(2))
    )
    assert first == second
    assert first != third
