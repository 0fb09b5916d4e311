"""One backup a day by itself, beside the sending and never in its way."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from desktop_relay import __version__
from desktop_relay.domain.backup import Backup, BackupKind, Manifest
from desktop_relay.domain.clock import Clock
from desktop_relay.domain.errors import ErrorCode, RelayError
from desktop_relay.policy.backups import compose_name, is_due, of_origin, plan_removal
from desktop_relay.store.attachment_shelf import clear_shelf
from desktop_relay.store.backup import make_backup, origin_of, origins_of
from desktop_relay.store.database import open_library
from desktop_relay.store.settings import load_settings
from desktop_relay.store.shelf import (
    folder_of,
    forget_failure,
    free_path,
    load_backups,
    names_of_attachments,
    prepare_folder,
    remove_backup,
    save_failure,
)

log = logging.getLogger(__name__)

_FIRST_SECONDS = 60.0
_LOOK_SECONDS = 600.0
_AGAIN_SECONDS = 3600.0
_REST = 2.0
"""Seconds of rest for each second of work: what is sent meanwhile should not notice."""

_LONGEST_REST_SECONDS = 1.0


class Stopped(Exception):
    """The engine ends; the backup is left to the next one."""


class Breath:
    """Called between portions of work: rests in proportion, and ends the work when the engine ends."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._since = time.monotonic()

    def __call__(self) -> None:
        worked = time.monotonic() - self._since
        if self._stopping.wait(min(worked * _REST, _LONGEST_REST_SECONDS)):
            raise Stopped
        self._since = time.monotonic()

    def stop(self) -> None:
        """The next call raises ``Stopped``; one that rests wakes up."""
        self._stopping.set()


class Backups:
    """Looks every ten minutes whether the newest backup is a day old; works on a thread of its own."""

    def __init__(self, clock: Clock, directory: Path) -> None:
        self._clock = clock
        self._directory = directory
        self._again_at = 0.0

    async def run(self) -> None:
        """Go on for ever; whatever goes wrong is told and never stops the mail."""
        await self._clock.sleep(_FIRST_SECONDS)
        while True:
            if self._clock.monotonic() >= self._again_at:
                await self._look()
            await self._clock.sleep(_LOOK_SECONDS)

    async def _look(self) -> None:
        breath = Breath()
        work = asyncio.ensure_future(asyncio.to_thread(self._make_if_due, self._clock.now(), breath))
        try:
            if not await asyncio.shield(work):
                self._again_at = self._clock.monotonic() + _AGAIN_SECONDS
        except asyncio.CancelledError:
            breath.stop()
            await asyncio.wait([work])
            raise

    def _make_if_due(self, now: datetime, breath: Breath) -> bool:
        """Answers whether all is well."""
        try:
            made = self._make(now, breath)
        except Stopped:
            return True
        except RelayError as error:
            log.info("no backup could be made: %s", error)
            save_failure(self._directory, error, now)
            return False
        except Exception as error:  # what is wrong with a backup must not end the engine
            log.exception("the backup broke")
            save_failure(self._directory, RelayError(ErrorCode.INTERNAL, detail=repr(error)), now)
            return False
        if made is not None:
            left_out = len(made.left_out)
            log.info("a backup was made: %d octets, %d attachments left out", made.size, left_out)
            forget_failure(self._directory)
        return True

    def _make(self, now: datetime, breath: Breath) -> Backup | None:
        with open_library(self._directory, read_only=True) as library:
            settings = load_settings(library)
        if not settings["backup.daily"]:
            return None
        folder = folder_of(self._directory, settings)
        own = of_origin(load_backups(folder), origins_of(self._directory))
        if not is_due(own, now):
            return None
        prepare_folder(self._directory, folder)
        made = make_backup(
            self._directory,
            free_path(folder, compose_name(now.astimezone())),
            Manifest(uuid4().hex, BackupKind.DAILY, __version__, now, origin_of(self._directory), {}, {}, {}),
            secrets=b"",
            passphrase="",
            breathe=breath,
        )
        for old in plan_removal([*own, made], int(str(settings["backup.kept"])), now):
            remove_backup(old)
        with suppress(RelayError):  # what cannot be read now may name some of them
            clear_shelf(folder, names_of_attachments(folder), now.timestamp())
        return made
