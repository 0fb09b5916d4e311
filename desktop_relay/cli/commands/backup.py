"""``backup``: make, list, verify, restore; move to another computer."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop_relay.cli.console import Console
from desktop_relay.cli.parser import Parser
from desktop_relay.cli.secret import read_secret
from desktop_relay.cli.workplace import open_workspace
from desktop_relay.domain.backup import Backup, BackupTrouble, Restored
from desktop_relay.operations import backups
from desktop_relay.operations.workspace import Workspace


def add_arguments(parser: Parser) -> None:
    """``make``, ``list``, ``verify``, ``restore``, ``stay``."""
    actions = parser.add_actions()
    made = actions.add("make")
    made.add_argument("target", nargs="?", type=Path, metavar="FILE")
    made.add_argument("--move", action="store_true")
    actions.add("list")
    checked = actions.add("verify")
    restored = actions.add("restore")
    for each in (checked, restored):
        each.add_argument("file", type=Path, metavar="FILE")
    for each in (made, checked, restored):
        each.add_argument("--passphrase-stdin", action="store_true")
    restored.add_argument("--yes", action="store_true")
    actions.add("stay")


def run(options: argparse.Namespace, console: Console) -> int:
    """Do the action; ``verify`` and ``restore`` need no usable data directory."""
    match options.action:
        case "verify":
            backup = backups.verify(options.file, options.data, _passphrase(options, console))
            console.result(_read_document(backup), "backup_sound", time=_local(backup.manifest.made_at))
            _tell_left_out(backup, console)
        case "restore":
            _restore(options, console)
        case action:
            with open_workspace(options) as ws:
                _ACTIONS[action](ws, options, console)
    return 0


def _make(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    passphrase = _passphrase(options, console)
    if options.move:
        backup, _ = backups.make_to_move(ws, options.target, passphrase)
    else:
        backup = backups.make(ws, options.target, passphrase)
    console.result(_read_document(backup), "backup_moved" if options.move else "backup_made")
    _tell_left_out(backup, console)
    if not passphrase:
        console.say("backup_without_keys")


def _list(ws: Workspace, _options: argparse.Namespace, console: Console) -> None:
    standing = backups.standing(ws)
    console.lines(_document(backup) for backup in standing.backups)
    if standing.trouble is BackupTrouble.OLD:
        console.say("backup_old")
    elif standing.trouble is BackupTrouble.FAILED and standing.failure is not None:
        why = console.phrase("errors", standing.failure.code, **standing.failure.params)
        console.say("backup_failed", why=why)
    if standing.handover.moved_at is not None:
        console.say("backup_is_moved", time=_local(standing.handover.moved_at))


def _stay(ws: Workspace, _options: argparse.Namespace, console: Console) -> None:
    backups.stay(ws)
    console.result({"stayed": True}, "backup_stayed")


_ACTIONS = {"make": _make, "list": _list, "stay": _stay}


def _restore(options: argparse.Namespace, console: Console) -> None:
    passphrase = _passphrase(options, console)
    found = backups.look_at(options.file)
    goes_on = backups.will_go_on(options.data, found)
    made_at = _local(found.manifest.made_at)
    if found.receipt is not None and found.receipt.at is not None:
        at, computer = _local(found.receipt.at), found.receipt.computer
        console.say("restore_used", time=at, computer=computer or "?")
    console.say("restore_goes_on" if goes_on else "restore_asks", time=made_at)
    if not options.yes and not console.confirms("restore_confirm"):
        console.say("restore_left")
        return
    restored = backups.restore(options.data, options.file, passphrase)
    document = {
        **_document(restored.backup),
        "goes_on": restored.goes_on,
        "paused": restored.paused,
        "unknown": restored.unknown,
        "passwords": restored.passwords,
        "keys": restored.keys,
        "attachments": restored.attachments,
        "aside": restored.aside,
    }
    console.result(document, "restore_done", time=made_at)
    _tell(restored, console)


def _tell(restored: Restored, console: Console) -> None:
    """What is left for a person to do."""
    if restored.paused:
        console.say("restore_paused", paused=restored.paused)
    if restored.unknown:
        console.say("restore_unknown", unknown=restored.unknown)
    if restored.passwords:
        # a secret's name is its kind and its route's
        routes = ", ".join(name.partition(":")[2] or name for name in restored.passwords)
        console.say("restore_passwords", names=routes)
    if restored.keys:
        console.say("restore_keys", names=", ".join(restored.keys))
    if restored.attachments:
        console.say("restore_attachments", names=", ".join(restored.attachments))
    if restored.aside is not None:
        console.say("restore_aside", path=restored.aside)


def _tell_left_out(backup: Backup, console: Console) -> None:
    if backup.left_out:
        console.say("backup_left_out", names=", ".join(backup.left_out))


def _read_document(backup: Backup) -> dict[str, Any]:
    """Of one that was read to its end."""
    return {**_document(backup), "left_out": backup.left_out}


def _document(backup: Backup) -> dict[str, Any]:
    manifest = backup.manifest
    return {
        "file": backup.path,
        "made_at": manifest.made_at,
        "kind": manifest.kind,
        "size": backup.size,
        "encrypted": manifest.is_encrypted,
        **manifest.counts,
    }


def _local(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def _passphrase(options: argparse.Namespace, console: Console) -> str:
    return read_secret("--passphrase-stdin", console) if options.passphrase_stdin else ""
