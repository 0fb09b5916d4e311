"""Commands to the engine: idempotent requests, answered with a value or a typed error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Submit:
    """Submit a draft; a draft that was submitted before answers with its present state.

    ``force`` names red checks that were overridden, for the record.
    """

    campaign: int
    at: datetime | None = None
    force: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pause:
    """Pause a campaign; running transactions end by themselves."""

    campaign: int


@dataclass(frozen=True, slots=True)
class Resume:
    """Resume a paused campaign."""

    campaign: int


@dataclass(frozen=True, slots=True)
class Cancel:
    """Cancel what was not sent yet."""

    campaign: int


@dataclass(frozen=True, slots=True)
class RetryNow:
    """Make deferred recipients due at once: one of them, or all of the campaign."""

    campaign: int
    recipient: int | None = None


@dataclass(frozen=True, slots=True)
class Resend:
    """Send again to those who ended as ``outcome``: unknown, held, expired, cancelled or deferred.

    Bounced recipients are never sent to again, accepted ones neither.
    """

    campaign: int
    outcome: str


@dataclass(frozen=True, slots=True)
class SetLane:
    """Set a lane of a route; a limit of 0 goes back to the profile, ``None`` keeps.

    ``rate`` is messages per second, ``per_hour`` and ``per_day`` messages in any hour and any 24 hours.
    ``until`` ends by itself what is set here, the pause and the limits: then holds what held before.
    """

    route: str
    lane: str
    rate: float | None = None
    connections: int | None = None
    paused: bool | None = None
    until: datetime | None = None
    per_hour: int | None = None
    per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """Send on over a brake: in ``lane``, or without one over the campaign's canary.

    With ``leave`` a stopped lane stays stopped, and nobody is asked about it again.
    """

    campaign: int
    lane: str = ""
    leave: bool = False


@dataclass(frozen=True, slots=True)
class Complain:
    """Somebody reported the mail to ``recipient`` as unwanted; the lane's brake counts it."""

    recipient: int


@dataclass(frozen=True, slots=True)
class SendTest:
    """Send one test mail of a draft to ``to``, merged with the fields of ``contact``."""

    campaign: int
    to: str
    contact: int | None = None


@dataclass(frozen=True, slots=True)
class Suppress:
    """Put addresses, ``@domain`` or ``*.domain`` on the list above all lists."""

    patterns: tuple[str, ...]
    reason: str = "by_hand"
    source: str = ""


@dataclass(frozen=True, slots=True)
class Unsuppress:
    """Take patterns off that list."""

    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """Ask for one Progress now."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Receive Progress and Changed on this connection from now on."""


@dataclass(frozen=True, slots=True)
class ReloadSettings:
    """Settings or routes changed in the library; read them again."""


@dataclass(frozen=True, slots=True)
class RenameRoute:
    """What is counted, learned and set for a route goes on under a new name; the library follows."""

    route: str
    name: str


@dataclass(frozen=True, slots=True)
class CountElsewhere:
    """Other programs sent ``number`` messages over an account today; what was told before is forgotten."""

    account: str
    number: int


@dataclass(frozen=True, slots=True)
class Shutdown:
    """Stop; with ``drain`` after the running transactions, else at once."""

    drain: bool = True


Command = (
    Submit
    | Pause
    | Resume
    | Cancel
    | RetryNow
    | Resend
    | SetLane
    | Release
    | Complain
    | SendTest
    | Suppress
    | Unsuppress
    | Status
    | Watch
    | ReloadSettings
    | RenameRoute
    | CountElsewhere
    | Shutdown
)
