"""A practice carrier in virtual time: what becomes of one attempt, and how long that takes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.lane import LaneLimits
from desktop_relay.engine.carriage import was_unseen
from desktop_relay.protocol.reply import ReplyParser
from desktop_relay.simulator.trouble import Trouble, TroubleKind
from desktop_relay.transport.sandbox.carriers import RESET, Carrier
from desktop_relay.transport.sandbox.desk import Deed, Desk, Treatment
from desktop_relay.transport.sandbox.gate import Gate
from desktop_relay.transport.sandbox.reception import Reception
from desktop_relay.transport.timeouts import Timeouts

_TRIES = 3
_TIMEOUTS = Timeouts()

LOOK_SECONDS = 1.0
"""Who waits for a permit looks again so often, as in the pool: a connection may be free before."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds that things take on the wire (EST: 20 ms to a Japanese carrier, and its own thinking).

    ``opening`` is connect, greeting, EHLO and TLS; ``transaction`` from MAIL to the answer to the dot. Both
    vary by ``spread`` of themselves in both directions.
    """

    opening: float = 0.2
    transaction: float = 0.3
    spread: float = 0.25


@dataclass(slots=True)
class Link:
    """An open connection: the messages ``sent`` on it, and how long it rests (0: it is at work)."""

    key: str
    opened_at: float
    sent: int = 0
    idle_until: float = 0.0
    usable: bool = True


@dataclass(frozen=True, slots=True)
class Attempt:
    """What happened, the ``seconds`` until we know, and the connection to be given back then, if any."""

    exchange: Exchange
    seconds: float
    link: Link | None


class Peer:
    """One carrier. ``draw`` gives numbers in [0, 1) for the spread; without ``faults`` all is taken."""

    def __init__(
        self,
        carrier: Carrier,
        *,
        seed: int,
        timing: Timing,
        troubles: Sequence[Trouble],
        draw: Callable[[], float],
        faults: bool = True,
    ) -> None:
        self.carrier = carrier
        self._gate = Gate(carrier.limits) if faults else None
        self._reception = Reception(carrier, self._gate, Desk(carrier, seed) if faults else None)
        self._timing = timing
        self._troubles = troubles
        self._draw = draw
        self._idle: deque[tuple[float, Link]] = deque()
        self._resting: dict[str, list[Link]] = {}
        self._tls = "TLSv1.3" if carrier.starttls else None
        self._host = f"{carrier.host}:25"
        self._accepted = self._reply(Stage.DOT, carrier.accepted, queue="simulated")

    def attempt(
        self, address: str, domain: str, key: str, at: float, permit: Callable[[], float]
    ) -> Attempt | float:
        """Carry one message as ``engine.carriage`` does, or tell for how many seconds it has to wait.

        ``key`` is what hosts that may share a connection have in common. ``permit`` is asked before one is
        opened, as ``transport.pool`` asks it.
        """
        seconds = 0.0
        for _ in range(_TRIES):
            link = self._rested(key, at)
            if link is None:
                wait = permit()
                if wait > 0.0:
                    return min(wait, LOOK_SECONDS)
                seconds += self._spread(self._timing.opening)
                opened = self._open(key, at)
                if isinstance(opened, Exchange):
                    waited = _TIMEOUTS.connect if opened.failure is Failure.TIMEOUT else seconds
                    return Attempt(opened, waited, None)
                link = opened
            used_before = link.sent > 0
            exchange, lasted = self._transact(link, address, domain, at)
            seconds += lasted
            if not (used_before and was_unseen(exchange)):
                break
            self._hang_up()
        return Attempt(exchange, seconds, link)

    def release(self, link: Link, limits: LaneLimits, at: float) -> None:
        """Keep a connection while ``limits`` allow, as ``transport.pool`` does."""
        if link.usable and (
            link.sent < limits.messages_per_session
            and at - link.opened_at < limits.session_seconds
            and limits.idle_seconds > 0
        ):
            link.idle_until = at + limits.idle_seconds
            self._idle.append((link.idle_until, link))
            self._resting.setdefault(link.key, []).append(link)
        else:
            self._hang_up()

    # connections

    def _rested(self, key: str, at: float) -> Link | None:
        self._sweep(at)
        resting = self._resting.get(key)
        if not resting:
            return None
        link = resting.pop()
        link.idle_until = 0.0
        return link

    def _sweep(self, at: float) -> None:
        """End what has been idle too long, so that the carrier's own count is right."""
        idle = self._idle
        while idle and idle[0][0] <= at:
            until, link = idle.popleft()
            if link.idle_until == until:  # else it has worked since
                self._resting[link.key].remove(link)
                self._hang_up()

    def _hang_up(self) -> None:
        if self._gate is not None:
            self._gate.leave()

    def _open(self, key: str, at: float) -> Link | Exchange:
        trouble = self._trouble(at)
        if trouble is not None and trouble.kind is TroubleKind.DEAD:
            return self._failure(Stage.CONNECT, Failure.TIMEOUT)
        if trouble is not None and trouble.kind is TroubleKind.BLOCKED:
            return self._refuse(Stage.BANNER, self.carrier.limits.blocked_reply)
        refusal = self._gate.connect(at) if self._gate is not None else None
        return Link(key, at) if refusal is None else self._refuse(Stage.BANNER, refusal)

    # one transaction

    def _transact(self, link: Link, address: str, domain: str, at: float) -> tuple[Exchange, float]:
        trouble = self._trouble(at)
        if trouble is not None and trouble.kind is not TroubleKind.TARPIT:
            link.usable = False  # what blocks or dies does not keep what was open
            return self._failure(Stage.MAIL, Failure.RESET), 0.0
        seconds = self._spread(self._timing.transaction) + (trouble.seconds if trouble is not None else 0.0)
        refusal = self._gate.message(link.sent, at) if self._gate is not None else None
        if refusal is not None:
            return self._refuse(Stage.MAIL, refusal, link), seconds
        link.sent += 1
        treatment = self._reception.recipient(address, domain, 0, at)
        if isinstance(treatment, str):
            return self._refuse(Stage.RCPT, treatment, link), seconds
        exchange = self._accepted if treatment.deed is Deed.TAKE else self._perform(treatment, link, address)
        return exchange, seconds + treatment.wait

    def _perform(self, treatment: Treatment, link: Link, address: str) -> Exchange:
        stage = Stage.DOT if treatment.at_dot else Stage.RCPT
        match treatment.deed:
            case Deed.RESET:
                link.usable = False
                return self._failure(stage, Failure.RESET)
            case Deed.HANG_UP_LOST | Deed.HANG_UP_TAKEN:
                link.usable = False
                return self._failure(stage, Failure.CLOSED)
            case _:
                return self._reply(stage, treatment.reply, rcpt=address, seconds=treatment.seconds)

    def _refuse(self, stage: Stage, reply: str, link: Link | None = None) -> Exchange:
        """A refusal of the gate: a reset, or a reply that ends the connection when it is a 421."""
        if link is not None and (reply == RESET or reply.startswith("421")):
            link.usable = False
        return self._failure(stage, Failure.RESET) if reply == RESET else self._reply(stage, reply)

    def _reply(self, stage: Stage, reply: str, **names: str | int) -> Exchange:
        octets = self.carrier.compose(reply, **names).encode() + b"\r\n"
        return Exchange(stage, ReplyParser().feed(octets)[0], host=self._host, tls=self._tls)

    def _failure(self, stage: Stage, failure: Failure) -> Exchange:
        return Exchange(stage, failure=failure, host=self._host, tls=self._tls)

    def _trouble(self, at: float) -> Trouble | None:
        if not self._troubles:
            return None
        return next((trouble for trouble in self._troubles if trouble.lasts(at)), None)

    def _spread(self, seconds: float) -> float:
        return seconds * (1.0 + self._timing.spread * (2.0 * self._draw() - 1.0))
