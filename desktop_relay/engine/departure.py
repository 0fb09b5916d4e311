"""What a campaign needs before it can leave: its line and its builder; or why it cannot."""

from __future__ import annotations

import logging

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.errors import BadInput, ErrorCode, StoreUnusable
from desktop_relay.engine.lines import Lines
from desktop_relay.engine.run import Run
from desktop_relay.engine.workshop import Workshop

log = logging.getLogger(__name__)

LARGE = 2000
"""Recipients from which it is worth the second that helpers take to come."""


class Departure:
    """Gets campaigns ready to be sent, again each time that they go on: things may have changed meanwhile."""

    def __init__(self, shop: Workshop, lines: Lines) -> None:
        self._preparer = shop.preparer
        self._lines = lines

    async def prepare(self, run: Run) -> PauseReason:
        """Give the run its line and its blueprint; else what stands in the way."""
        try:
            run.line = await self._lines.line_of(run.submitted.snapshot)
            if run.line.problem is not PauseReason.NONE:
                return run.line.problem
            run.blueprint = await self._preparer.open(run.submitted.snapshot)
            if run.submitted.total >= LARGE and run.line.is_unheld():
                self._preparer.hasten()
        except BadInput as error:
            log.info("campaign %d cannot be built: %s", run.id, error.code)
            gone = error.code is ErrorCode.ATTACHMENT_GONE
            return PauseReason.ATTACHMENT_GONE if gone else PauseReason.TEMPLATE_BROKEN
        except StoreUnusable as error:
            log.warning("campaign %d cannot be prepared: %s", run.id, error)
            full = error.code is ErrorCode.DISK_FULL
            return PauseReason.DISK_FULL if full else PauseReason.DATA_UNUSABLE
        except OSError as error:
            log.error("campaign %d cannot be prepared: %r", run.id, error)  # noqa: TRY400  (expected, no bug)
            return PauseReason.INTERNAL
        return PauseReason.NONE
