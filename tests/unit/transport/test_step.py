"""What a reply means to the step it answers."""

from __future__ import annotations

import pytest

from desktop_relay.domain.exchange import Failure
from desktop_relay.domain.reply import Reply
from desktop_relay.transport.step import Step, Steps
from desktop_relay.transport.timeouts import Timeouts
from desktop_relay.transport.wire import WireError

STEPS = Steps(Timeouts())
DATA = STEPS.group[-1]


@pytest.mark.parametrize(
    ("step", "code", "refuses"),
    [
        (STEPS.mail, 250, False),
        (STEPS.mail, 451, True),
        (STEPS.rcpt, 550, True),
        (DATA, 354, False),
        (DATA, 554, True),
        # what takes the last message back says nothing of this one
        (STEPS.reset, 250, False),
    ],
)
def test_replies_in_turn(step: Step, code: int, refuses: bool) -> None:
    reply = Reply(code)
    step.check(reply)
    assert step.refuses(reply) is refuses


@pytest.mark.parametrize(
    ("step", "code", "failure"),
    [
        (STEPS.mail, 354, Failure.GARBLED),
        (STEPS.rcpt, 334, Failure.GARBLED),
        (DATA, 250, Failure.GARBLED),
        (DATA, 334, Failure.GARBLED),
        (STEPS.reset, 500, Failure.CLOSED),
        (STEPS.reset, 354, Failure.CLOSED),
    ],
)
def test_replies_out_of_turn(step: Step, code: int, failure: Failure) -> None:
    with pytest.raises(WireError) as caught:
        step.check(Reply(code))
    assert caught.value.failure is failure
