"""Keeps the ready queues of a line filled in virtual time: the engine's feeder, with no disk to wait for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from desktop_relay.domain.outgoing import Envelope, Outgoing
from desktop_relay.domain.recipient import Recipient
from desktop_relay.engine.dispatcher import Dispatcher
from desktop_relay.engine.stream import MOST_READY, Parcel
from desktop_relay.simulator.clock import Agenda, VirtualClock
from desktop_relay.simulator.station import Station

_SOONEST_SECONDS = 0.02


class Feeding:
    """Stations that want something wait in ``hungry`` for ``feed``; ``on_due`` hears when time brings one."""

    def __init__(self, clock: VirtualClock, agenda: Agenda, on_due: Callable[[], None]) -> None:
        self.hungry: list[Station] = []
        self._clock = clock
        self._agenda = agenda
        self._on_due = on_due
        self._closed = False

    def feed(self, dispatcher: Dispatcher) -> None:
        """Give everybody who is hungry what is worth having ready."""
        while self.hungry:
            station = self.hungry.pop()
            stream, waiting = station.stream, station.waiting
            limit = min(stream.appetite(), MOST_READY) - len(stream.ready)
            is_open = stream.is_open(self._clock.now())
            kept = stream.run.kept(stream.lane.key)
            leased = waiting.lease(limit, self._clock.seconds, kept) if is_open else []
            for place, attempts in leased:
                stream.ready.append(_parcel(station, place, attempts))
            if len(leased) < limit:
                stream.drained = True
            if is_open and stream.drained:
                self._expect(station)
            dispatcher.offer(stream)

    def defer(self, station: Station, recipient: Recipient, due: float) -> None:
        """An attempt has to be made again."""
        station.waiting.defer(recipient.id, recipient.attempts + 1, due)
        if station.stream.drained:
            self._expect(station)

    def withdraw(self, station: Station, dispatcher: Dispatcher) -> None:
        """What was not begun waits again; nothing is fetched until somebody looks."""
        for parcel in station.stream.ready:
            recipient = parcel.recipient
            station.waiting.give_back(recipient.id, recipient.attempts, self._clock.seconds)
        station.stream.drained = True
        dispatcher.withdraw(station.stream)

    def later(self, station: Station, seconds: float) -> None:
        """Look at it again in so many seconds."""
        self._agenda.after(seconds, partial(self.look, station))

    def look(self, station: Station) -> None:
        """Somebody may be due there."""
        if not self._closed:
            station.stream.drained = False
            self.hungry.append(station)
            self._on_due()

    def close(self) -> None:
        """The line is over; what time brings is another's."""
        self._closed = True

    def _expect(self, station: Station) -> None:
        """Look again when the next retry is due."""
        due, stream = station.waiting.next_due, station.stream
        if due is None or (stream.alarm is not None and stream.alarm.at <= due):
            return
        if stream.alarm is not None:
            stream.alarm.cancel()

        def ring() -> None:
            stream.alarm = None
            self.look(station)

        stream.alarm = self._agenda.after(max(due - self._clock.seconds, _SOONEST_SECONDS), ring)


def _parcel(station: Station, place: int, attempts: int) -> Parcel:
    stream, course = station.stream, station.course
    address, domain = station.people.person(place)
    recipient = Recipient(place, 0, address, stream.lane.key, attempts, "", {}, course.expires_at)
    return Parcel(stream, recipient, course.message, domain, address.lower())


def blank_message(octets: int) -> Outgoing:
    """Nobody reads it: carriers here judge by the recipient, and rules by its size."""
    return Outgoing(Envelope("", ""), bytes(octets), "")
