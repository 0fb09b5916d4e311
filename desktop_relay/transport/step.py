"""One step of a mail transaction: how long its reply may take, and what the reply means to it."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_relay.domain.exchange import Failure, Stage
from desktop_relay.domain.reply import Reply
from desktop_relay.transport.timeouts import Timeouts
from desktop_relay.transport.wire import WireError

GO_AHEAD = 354
"""The reply to DATA that asks for the message."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where in the dialogue it is, and the ``seconds`` for its reply.

    ``resets`` takes back what was said before, ``opens`` asks for leave to send the message.
    """

    stage: Stage
    seconds: float
    resets: bool = False
    opens: bool = False

    def refuses(self, reply: Reply) -> bool:
        """The transaction ends with ``reply``."""
        return not self.resets and not reply.positive and not (self.opens and reply.code == GO_AHEAD)

    def check(self, reply: Reply) -> None:
        """Raises ``WireError`` when ``reply`` can be none to this step."""
        if self.resets:
            if not reply.positive:
                raise WireError(Failure.CLOSED, f"RSET: {reply}")
        elif self.opens:
            if reply.code < 400 and reply.code != GO_AHEAD:
                raise WireError(Failure.GARBLED, f"out of turn: {reply}")
        elif 300 <= reply.code < 400:
            raise WireError(Failure.GARBLED, f"out of turn: {reply}")


class Steps:
    """The steps of all transactions on one connection.

    ``group`` are those that open one for a message, ``dot`` the seconds for the reply to its end.
    """

    __slots__ = ("dot", "group", "mail", "rcpt", "reset")

    def __init__(self, timeouts: Timeouts) -> None:
        self.reset = Step(Stage.MAIL, timeouts.rset, resets=True)
        self.mail = Step(Stage.MAIL, timeouts.mail)
        self.rcpt = Step(Stage.RCPT, timeouts.rcpt)
        self.group = (self.mail, self.rcpt, Step(Stage.DATA, timeouts.data, opens=True))
        self.dot = (timeouts.dot,)
