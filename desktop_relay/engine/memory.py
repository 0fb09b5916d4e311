"""Giving memory back to the system after a large piece of work."""

from __future__ import annotations

import ctypes
import sys


def release_memory() -> None:
    """What is free in the middle of the heap goes back at once where the C library can do that (glibc).

    It would serve the next large piece of work, but a submission is the largest for hours.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)
