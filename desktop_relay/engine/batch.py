"""What goes to the disk together: begins, settlements, what lanes learned by them, and what goes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator

from desktop_relay.domain.lane_memory import LaneMemory
from desktop_relay.domain.settlement import Settlement

BUSY = 8
"""Begins and settlements in one commit from which on many messages pass."""


class Batch:
    """What goes into one transaction; everybody who put something in may wait for it."""

    __slots__ = ("_over", "begins", "callbacks", "learned", "refused", "releases", "returns", "settlements")

    def __init__(self) -> None:
        self.begins: list[int] = []
        self.settlements: list[Settlement] = []
        self.learned: dict[tuple[str, str], LaneMemory] = {}
        self.releases: list[int] = []
        self.returns: list[int] = []
        self.refused: set[int] = set()
        self.callbacks: list[Callable[[], None]] = []
        self._over = asyncio.Event()

    @property
    def empty(self) -> bool:
        """Nothing to commit."""
        return not (self.begins or self.settlements or self.learned or self.releases or self.returns)

    @property
    def busy(self) -> bool:
        """So much came together that it is worth waiting a moment for more."""
        return len(self.begins) + len(self.settlements) >= BUSY

    @property
    def recipients(self) -> list[int]:
        """Whom it is about."""
        settled = (settlement.recipient for settlement in self.settlements)
        return [*settled, *self.begins, *self.returns, *self.releases]

    def parts(self) -> Iterator[Batch]:
        """The same in the smallest pieces, in an order in which each is possible."""
        pieces: list[tuple[str, list[object]]] = [
            ("settlements", list(self.settlements)),
            ("begins", list(self.begins)),
            ("returns", list(self.returns)),
            ("releases", list(self.releases)),
        ]
        for name, values in pieces:
            for value in values:
                part = Batch()
                getattr(part, name).append(value)
                yield part
        if self.learned:
            part = Batch()
            part.learned = self.learned
            yield part

    def put_before(self, earlier: Batch) -> None:
        """What an earlier one could not write, but for begins: those were told that they are not."""
        self.settlements[:0] = earlier.settlements
        self.learned = earlier.learned | self.learned
        self.returns[:0] = earlier.returns
        self.releases[:0] = earlier.releases
        self.callbacks[:0] = earlier.callbacks

    def end(self, refused: Iterable[int] = ()) -> None:
        """It is over; the begins of ``refused`` are not on the disk."""
        self.refused.update(refused)
        self._over.set()
        callbacks, self.callbacks = self.callbacks, []
        for callback in callbacks:
            callback()

    async def ended(self) -> None:
        """Wait until it was tried."""
        await self._over.wait()

    async def has_begun(self, recipient: int) -> bool:
        """Wait; whether the begin of ``recipient`` is durable, so that its transaction may start."""
        if not self._over.is_set():
            await self._over.wait()
        return recipient not in self.refused

    def has_begun_already(self, recipient: int) -> bool:
        """Whether the begin is durable by now."""
        return self._over.is_set() and recipient not in self.refused
