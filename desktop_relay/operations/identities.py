"""Senders and their DKIM keys."""

from __future__ import annotations

import re
from dataclasses import replace

from desktop_relay.domain.address import parse_address, repair_address
from desktop_relay.domain.changes import Changes
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound, Refused
from desktop_relay.domain.identity import Identity
from desktop_relay.message.dkim import dns_records as compose_dns_records
from desktop_relay.message.dkim import generate_keys
from desktop_relay.message.header import check_header_value
from desktop_relay.message.unsubscribe import plan_unsubscribe
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.identities import delete_identity, load_identities, load_identity, save_identity
from desktop_relay.store.keys import load_dkim_keys, save_dkim_keys

DEFAULT_SELECTOR = "relay"
_SELECTOR = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")  # a label of DNS, with room for "-ed"


def overview(ws: Workspace) -> list[Identity]:
    """Every sender."""
    return load_identities(ws.library)


def load(ws: Workspace, address: str) -> Identity:
    """One sender, however its address is spelled; raises ``NotFound``."""
    identity = load_identity(ws.library, _spelling(address))
    if identity is None:
        raise NotFound(ErrorCode.NO_SUCH_IDENTITY, address=address)
    return identity


def save(ws: Workspace, identity: Identity) -> tuple[Identity, Changes]:
    """Store a sender; one without a ``selector`` keeps the keys it has.

    Raises ``BadInput`` for an address, a name or a link that cannot be sent.
    """
    address = parse_address(repair_address(identity.address)).text
    known = load_identity(ws.library, address)
    kept = replace(
        identity,
        address=address,
        name=check_header_value(identity.name.strip(), "sender_name"),
        reply_to=_optional(identity.reply_to),
        unsubscribe_mailto=_optional(identity.unsubscribe_mailto),
        unsubscribe_url=(identity.unsubscribe_url or "").strip() or None,
        selector=identity.selector or (known.selector if known else None),
    )
    plan_unsubscribe(kept)
    save_identity(ws.library, kept)
    return kept, Changes(identities=True)


def add(ws: Workspace, identity: Identity) -> tuple[Identity, Changes]:
    """Store a new sender; raises like ``save``, and ``Refused`` (``name_taken``) for one that is there."""
    address = parse_address(repair_address(identity.address)).text
    if load_identity(ws.library, address) is not None:
        raise Refused(ErrorCode.NAME_TAKEN, name=address)
    return save(ws, identity)


def change(ws: Workspace, seen: Identity, identity: Identity) -> tuple[Identity, Changes]:
    """Store a sender in place of ``seen``, as it was before it was changed.

    Raises like ``save``, and ``Refused`` (``changed_elsewhere``) when ``seen`` is not what the library has.
    """
    if load_identity(ws.library, seen.address) != seen:
        raise Refused(ErrorCode.CHANGED_ELSEWHERE, name=seen.address)
    return save(ws, identity)


def _optional(address: str | None) -> str | None:
    return parse_address(repair_address(address)).text if address and address.strip() else None


def _spelling(address: str) -> str:
    """The address as it is stored, or what was given when it is none."""
    try:
        return parse_address(repair_address(address)).text
    except BadInput:
        return address


def delete(ws: Workspace, address: str) -> tuple[Identity, Changes]:
    """Take a sender away and hand it back for an undo; its keys stay."""
    identity = load(ws, address)
    delete_identity(ws.library, identity.address)
    return identity, Changes(identities=True)


def create_key(
    ws: Workspace, address: str, selector: str = DEFAULT_SELECTOR
) -> tuple[list[tuple[str, str]], Changes]:
    """Make the sender's DKIM keys unless they exist, and answer the DNS records to publish."""
    identity = load(ws, address)
    if _SELECTOR.fullmatch(selector) is None or selector.endswith("-ed"):  # another selector's Ed25519 key
        raise BadInput(ErrorCode.VALUE_INVALID, field="selector", value=selector)
    if load_dkim_keys(ws.directory, identity.domain, selector) is None:
        save_dkim_keys(ws.directory, identity.domain, selector, generate_keys())
    if identity.selector != selector:
        save_identity(ws.library, replace(identity, selector=selector))
    return dns_records(ws, address), Changes(identities=True)


def dns_records(ws: Workspace, address: str) -> list[tuple[str, str]]:
    """Name and text of the TXT records that publish the sender's keys; empty without keys."""
    identity = load(ws, address)
    if identity.selector is None:
        return []
    keys = load_dkim_keys(ws.directory, identity.domain, identity.selector)
    return [] if keys is None else compose_dns_records(identity.domain, identity.selector, keys)


def zone_line(name: str, text: str) -> str:
    """A TXT record as a zone file has it: in strings of at most 255 octets (RFC 1035 3.3.14). Pure."""
    strings = " ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255))
    return f"{name}. IN TXT {strings}"
