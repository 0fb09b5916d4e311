"""What a brake found, in the window's language: the sentence, why that matters, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_relay.domain.brake import BrakeFinding

from ui import wording
from ui.context import Context


@dataclass(frozen=True, slots=True)
class BrakeView:
    """One finding in words; ``row`` is found and advice in short."""

    found: str
    row: str
    why: str
    advice: str


def brake_view(context: Context, finding: BrakeFinding) -> BrakeView:
    """The sentences of a finding."""
    code = finding.cause.value
    found, row = (
        context.phrase(
            section,
            code,
            share=wording.share(finding.share),
            limit=wording.share(finding.limit),
            number=wording.number(finding.number),
            sample=wording.number(finding.sample),
        )
        for section in ("brakes", "brake_rows")
    )
    return BrakeView(found, row, context.phrase("brake_why", code), context.phrase("brake_advice", code))
