"""One campaign of a simulation at work: its run, its stations, and what became of its people."""

from __future__ import annotations

from array import array
from collections import Counter
from datetime import datetime

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.outcome import Disposition
from desktop_relay.engine.line import Line
from desktop_relay.engine.run import Run
from desktop_relay.policy.brake import Brake
from desktop_relay.simulator.feeding import blank_message
from desktop_relay.simulator.result import CampaignResult, CanaryStep
from desktop_relay.simulator.scenario import Campaign, compose_campaign
from desktop_relay.simulator.station import Station


class Course:
    """Mutable; ``settled`` are the seconds at which people came to an end, in order."""

    def __init__(self, number: int, plan: Campaign, start: datetime) -> None:
        self.plan = plan
        self.run = Run(compose_campaign(number, plan, start), 0.0)
        self.run.largest_octets = plan.octets
        self.expires_at = self.run.submitted.snapshot.expires_at
        self.message = blank_message(plan.octets)
        self.stations: dict[str, Station] = {}
        self.stopped = PauseReason.NONE
        self.outcomes: Counter[Disposition] = Counter()
        self.settled = array("d")
        self.canary_steps: list[CanaryStep] = []

    @property
    def left(self) -> int:
        """People for whom nothing is decided yet."""
        return sum(station.left for station in self.stations.values())

    @property
    def recipients(self) -> int:
        """Everybody it goes to."""
        return sum(station.people.number for station in self.stations.values())

    def settle(self, disposition: Disposition, at: float, number: int = 1) -> None:
        """So many came to this end."""
        self.outcomes[disposition] += number
        if number == 1:
            self.settled.append(at)
        else:
            self.settled.extend([at] * number)

    def restart(self, line: Line) -> None:
        """Another engine goes on with what this one knew."""
        before = self.run
        run = self.run = Run(before.submitted, 0.0)
        run.line, run.canary, run.largest_octets = line, before.canary, before.largest_octets
        strict = before.submitted.snapshot.brakes
        run.brakes = {lane: Brake(brake.memory, strict=strict) for lane, brake in before.brakes.items()}

    def result(self) -> CampaignResult:
        """What became of it."""
        left = self.left
        outcomes = dict(self.outcomes)
        if left:
            outcomes[Disposition.DEFERRED] = left
        return CampaignResult(
            name=self.plan.name,
            route=self.plan.route.name,
            recipients=self.recipients,
            outcomes=outcomes,
            untried=sum(station.untried for station in self.stations.values()),
            finished_at=None if left or not self.settled else self.settled[-1],
            stopped=self.stopped,
            canary=tuple(self.canary_steps),
            braked={
                lane: station.stream.brake.stopped
                for lane, station in self.stations.items()
                if station.stream.brake.stopped is not None
            },
        )
