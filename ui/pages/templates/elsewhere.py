"""A template that somebody changed elsewhere while it was changed here: which of the two is meant?"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ui.widgets.choice_notice import ChoiceNotice


def ask_which(name: str, *, gone: bool) -> ChoiceNotice:
    """The question; what stands here is kept when the first button is pressed."""
    if gone:
        text = QCoreApplication.translate(
            "Elsewhere", "“{name}” was deleted or renamed elsewhere while it was changed here."
        )
    else:
        text = QCoreApplication.translate(
            "Elsewhere", "“{name}” was changed elsewhere while it was changed here."
        )
    return ChoiceNotice(
        text.format(name=name),
        QCoreApplication.translate("Elsewhere", "Keep what stands here"),
        QCoreApplication.translate("Elsewhere", "Take the other one"),
    )
