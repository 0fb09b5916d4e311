"""What the labels of public collections say in our words: the reasons that are right for a reply so labelled.

Written down from the meaning of both lists before the first reply of the labelled collections was judged;
ZoneMTA's alone was settled later, when its replies had been looked at.
"""

from __future__ import annotations

from collections.abc import Mapping

_STANDING = "blocked bad_reputation auth_failure policy"
_PACE = "throttled connection_limit session_limit too_many_recipients"
_NOBODY = "unknown_user mailbox_disabled bad_address"
_BUSY = "server_busy other_temporary other_permanent"

_SISIMAI: Mapping[str, str] = {
    "userunknown": _NOBODY,
    "suspend": "mailbox_disabled unknown_user",
    "hasmoved": "mailbox_disabled unknown_user",
    "mailboxfull": "mailbox_full",
    "filtered": "filtered policy content blocked",
    "blocked": f"{_STANDING} throttled",
    "badreputation": f"{_STANDING} throttled",
    "requireptr": "auth_failure blocked",
    "authfailure": "auth_failure",
    "rejected": f"{_STANDING} sender_refused filtered",
    "policyviolation": f"{_STANDING} content protocol filtered",
    "spamdetected": "content blocked bad_reputation",
    "virusdetected": "content",
    "contenterror": "protocol content",
    "notcompliantrfc": "protocol content",
    "mesgtoobig": "too_big",
    "exceedlimit": "too_big",
    "emailtoolarge": "too_big",
    "norelaying": "relay_denied login_failed",
    "hostunknown": "no_such_domain unknown_user bad_address",
    "notaccept": "null_mx no_such_domain",
    "toomanyconn": f"{_PACE} server_busy greylisted",
    "speeding": f"{_PACE} server_busy greylisted",
    "ratelimited": f"{_PACE} server_busy greylisted",
    "securityerror": f"{_STANDING} content login_failed tls_failed protocol relay_denied",
    "systemerror": f"{_BUSY} dns_temporary",
    "networkerror": f"{_BUSY} protocol",
    "systemfull": "mailbox_full server_busy",
    "syntaxerror": "protocol bad_address",
    "failedstarttls": "tls_failed",
}

_KUMO: Mapping[str, str] = {
    "InvalidRecipient": f"{_NOBODY} no_such_domain",
    "BadDomain": "null_mx no_such_domain",
    "InactiveMailbox": "mailbox_disabled unknown_user",
    "QuotaIssues": "mailbox_full",
    "DNSFailure": "no_such_domain dns_temporary sender_refused",
    "RoutingErrors": "relay_denied no_such_domain login_failed protocol",
    "TransientFailure": "server_busy other_temporary throttled dns_temporary",
    "ProtocolErrors": "protocol",
    "AuthenticationFailed": "auth_failure login_failed sender_refused",
    "PolicyRelated": f"{_STANDING} content filtered",
    "SpamBlock": "blocked bad_reputation policy content",
    "SpamContent": "content",
}

_POSTALSYS: Mapping[str, str] = {
    "user_unknown": _NOBODY,
    "mailbox_full": "mailbox_full",
    "mailbox_disabled": "mailbox_disabled unknown_user",
    "invalid_address": "bad_address unknown_user",
    "greylisting": f"greylisted {_PACE} server_busy",
    "rate_limited": f"greylisted {_PACE} server_busy",
    "ip_blacklisted": "blocked bad_reputation",
    "domain_blacklisted": f"{_STANDING} content",
    "geo_blocked": "blocked policy",
    "auth_failure": "auth_failure policy",
    "policy_blocked": f"{_STANDING} content",
    "spam_blocked": "content blocked policy bad_reputation",
    "virus_detected": "content",
    "server_error": "server_busy other_temporary greylisted dns_temporary",
    "relay_denied": "relay_denied login_failed",
}

_BMH: Mapping[str, str] = {
    "unknown": f"{_NOBODY} no_such_domain",
    "inactive": "mailbox_disabled unknown_user",
    "full": "mailbox_full",
    "oversize": "too_big",
    "user_reject": "filtered sender_refused",
    "content_reject": "content protocol",
    "command_reject": "relay_denied login_failed protocol content policy auth_failure other_permanent",
    "dns_unknown": "no_such_domain bad_address dns_temporary",
    "antispam": f"{_STANDING} content sender_refused throttled",
    "internal_error": _BUSY,
    "defer": "server_busy other_temporary throttled greylisted",
}

_ZONEMTA: Mapping[str, str] = {
    "blacklist": _STANDING,
    "recipient": _NOBODY,
    "spam": "content blocked bad_reputation",
    "capacity": "mailbox_full server_busy",
    "greylist": "greylisted",
    "policy": "policy auth_failure",
    "network": "dns_temporary no_such_domain server_busy",
    "other": "",
}

_LABELS: Mapping[str, Mapping[str, str]] = {
    "sisimai": _SISIMAI,
    "mails": _SISIMAI,
    "hammer": _SISIMAI,
    "included": _SISIMAI,
    "rhost": _SISIMAI,
    "kumo": _KUMO,
    "postalsys": _POSTALSYS,
    "bmh": _BMH,
    "zonemta": _ZONEMTA,
}

_PARTED: Mapping[str, frozenset[str]] = {
    "auth_failure": frozenset({"no_reverse_dns"}),
    "mailbox_disabled": frozenset({"mailbox_unavailable"}),
}
"""Reasons of ours that were one when the labels were decided: the part is right where the whole is."""


def allowed_by(collection: str, label: str) -> frozenset[str]:
    """The reasons that are right; a label of several parts, separated by commas, allows those of each.

    ``KeyError`` for a label that is not among the collection's: nobody has decided what it means.
    """
    meanings = _LABELS[collection]
    allowed = {reason for part in label.split(",") for reason in meanings[part].split()}
    return frozenset(allowed.union(*(_PARTED[reason] for reason in allowed & _PARTED.keys())))


def is_known(collection: str, label: str) -> bool:
    """Whether the label is about a reply to us; others tell of delays and auto-replies."""
    return label in _LABELS[collection]
