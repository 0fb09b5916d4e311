"""A rule of a pool in a sentence, and what is missing from one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from desktop_relay.domain.route import RoutingRule

from ui import wording

_UNITS = ((1_000_000, "MB"), (1_000, "KB"))


def tell_rule(rule: RoutingRule, carriers: Mapping[str, str]) -> str:
    """Which mail goes where; ``carriers`` are the names of lanes."""
    conditions = []
    if rule.lanes:
        names = QCoreApplication.translate("Rules", ", ").join(
            carriers.get(lane, lane) for lane in rule.lanes
        )
        conditions.append(QCoreApplication.translate("Rules", "to {carriers}").format(carriers=names))
    if rule.senders:
        conditions.append(
            QCoreApplication.translate("Rules", "from {senders}").format(senders=", ".join(rule.senders))
        )
    if rule.over_octets is not None:
        conditions.append(
            QCoreApplication.translate("Rules", "larger than {size}").format(size=_size(rule.over_octets))
        )
    which = QCoreApplication.translate("Rules", "; ").join(conditions)
    text = (
        QCoreApplication.translate("Rules", "Mail {which} goes over “{account}”.")
        if which
        else QCoreApplication.translate("Rules", "All mail goes over “{account}”.")
    )
    told = [text.format(which=which, account=rule.to)]
    if rule.only:
        told.append(QCoreApplication.translate("Rules", "It waits while that account cannot send."))
    if rule.keep:
        kept = QCoreApplication.translate(
            "Rules", "The last {n} of that account's day are left to other mail."
        )
        told.append(kept.format(n=wording.number(rule.keep)))
    return "\n".join(told)


def missing_of_rule(rule: RoutingRule, accounts: Sequence[str]) -> str:
    """Why it cannot be kept so, or nothing; ``accounts`` are those that take part."""
    if rule.to not in accounts:
        return QCoreApplication.translate("Rules", "Choose an account that takes part in the pool.")
    wrong = next((sender for sender in rule.senders if "@" not in sender), None)
    if wrong is not None:
        text = QCoreApplication.translate(
            "Rules", "“{text}” is no sender: write shop@example.jp, or @example.jp for all of them."
        )
        return text.format(text=wrong)
    return ""


def _size(octets: int) -> str:
    for unit, name in _UNITS:
        if octets and octets % unit == 0:
            return f"{wording.number(octets // unit)} {name}"
    return QCoreApplication.translate("Rules", "{n} bytes").format(n=wording.number(octets))
