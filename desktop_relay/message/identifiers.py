"""Identifiers that stay the same for a campaign, a recipient or a sender, and tell strangers nothing."""

from __future__ import annotations

import re
from hashlib import blake2b

_LABEL = re.compile(r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")


def compose_message_id(campaign_uid: str, address_key: str, domain: str) -> str:
    """``<…@domain>``, the same for every attempt at one recipient of one campaign (RFC 5322 3.6.4)."""
    return f"<{_digest(16, 'message', campaign_uid, address_key)}@{domain}>"


def compose_list_id(address: str) -> str:
    """``<…>`` naming a sender's mails for filters (RFC 2919 3): its address with a dot for the at sign."""
    local, _, domain = address.rpartition("@")
    label = local.lower() if _LABEL.fullmatch(local) else _digest(8, "list", address)
    return f"<{label}.{domain}>"


def compose_feedback_id(campaign_uid: str, address: str, kind: str) -> str:
    """``campaign:customer:type:sender`` as Gmail's Postmaster Tools count complaints by.

    The uid itself stays secret, as tokens are made of it.
    """
    domain = address.rpartition("@")[2]
    campaign = _digest(8, "campaign", campaign_uid)
    return f"{campaign}:{_digest(5, 'customer', address)}:{kind}:{_digest(5, 'sender', domain)}"


def compose_boundary(campaign_uid: str) -> str:
    """A boundary no text can have guessed, and no base64 or quoted-printable line can contain (``=_``)."""
    return f"=_{_digest(12, 'boundary', campaign_uid)}"


def compose_token(campaign_uid: str, address_key: str) -> str:
    """What stands for one recipient of one campaign when they unsubscribe; nobody can compute another's."""
    return _digest(16, "unsubscribe", campaign_uid, address_key)


def _digest(size: int, purpose: str, *parts: str) -> str:
    content = "\0".join(parts).encode("utf-8", "surrogatepass")
    return blake2b(content, digest_size=size, person=purpose.encode("ascii")).hexdigest()
