"""What a database file should look like: its migrations and the version they lead to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Migrations


@dataclass(frozen=True, slots=True)
class Schema:
    """``version`` is the number of migrations; the file carries it as ``user_version``."""

    migrations: Migrations
    version: int
