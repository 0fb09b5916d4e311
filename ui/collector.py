"""Collects cyclic garbage, on the UI thread alone."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_LOOK_MILLISECONDS = 1000


class Collector(QObject):
    """From now on nothing is collected but here, on the thread that this was made on.

    Python collects on whichever thread happens to allocate. A widget within a cycle that a worker collects is
    destroyed there, and Qt takes the process with it a little later. A cycle lives a second longer so.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()  # what was imported stays; looked through each time it would hold up the window
        self._looks = QTimer(self, interval=_LOOK_MILLISECONDS)
        self._looks.timeout.connect(self.look)
        self._looks.start()

    def look(self) -> None:
        """Collect the oldest generation that is due, as Python would have."""
        counts, limits = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > limits[generation]:
                gc.collect(generation)
                return
