"""The columns that the heading and every row of the lanes share."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

NAME, PROGRESS, PACE, HOUR, STATE, END, BUTTON = range(7)
SPACING = 12
MARGINS = (14, 7, 12, 7)
_FIXED = {PACE: 96, END: 76, BUTTON: 104}
_SHARES = {NAME: 6, PROGRESS: 4, HOUR: 3, STATE: 10}
_LEAST_HOUR, _WIDEST_HOUR = 56, 110


def column_widths(total: int) -> list[int]:
    """The same columns for the heading and every row: some fixed, the rest shared out.

    Where there is little room the last hour goes without any: a name that cannot be read is worse.
    """
    free = total - MARGINS[0] - MARGINS[2] - SPACING * (len(_FIXED) + len(_SHARES) - 1) - sum(_FIXED.values())
    hour = min(_WIDEST_HOUR, free * _SHARES[HOUR] // sum(_SHARES.values()))
    hour = hour if hour >= _LEAST_HOUR else 0
    others = sum(share for column, share in _SHARES.items() if column != HOUR)
    widths = {column: (free - hour) * share // others for column, share in _SHARES.items()}
    widths[HOUR] = hour
    widths.update(_FIXED)
    return [max(0 if column == HOUR else 24, widths[column]) for column in sorted(widths)]


def set_columns(grid: QGridLayout, widths: Sequence[int]) -> None:
    """Pin the columns of a grid whose widgets take what they get."""
    grid.setHorizontalSpacing(SPACING)
    for column, width in enumerate(widths):
        grid.setColumnMinimumWidth(column, width)
    grid.setColumnStretch(len(widths), 1)


def take_what_it_gets(widget: QWidget) -> None:
    """Let the column decide the width, not the content."""
    policy = widget.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    widget.setSizePolicy(policy)
    widget.setMinimumWidth(1)
