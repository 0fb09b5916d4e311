"""What an SMTP server answered (RFC 5321 4.2) and its enhanced status (RFC 3463, RFC 2034)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnhancedStatus:
    """An enhanced status code ``class.subject.detail`` (RFC 3463 2)."""

    klass: int
    subject: int
    detail: int

    def __str__(self) -> str:
        return f"{self.klass}.{self.subject}.{self.detail}"


@dataclass(frozen=True, slots=True)
class Reply:
    """One complete reply; ``lines`` are the texts without code, hyphen and enhanced status."""

    code: int
    lines: tuple[str, ...] = ()
    enhanced: EnhancedStatus | None = None

    @property
    def text(self) -> str:
        """The lines as one, the way the ledger shows them."""
        return " ".join(line for line in self.lines if line)

    @property
    def positive(self) -> bool:
        """2yz: done."""
        return 200 <= self.code < 300

    @property
    def temporary(self) -> bool:
        """4yz: try again later. Codes nobody defined count as temporary (RFC 5321 4.2.1)."""
        return 400 <= self.code < 500

    @property
    def permanent(self) -> bool:
        """5yz: do not repeat."""
        return 500 <= self.code < 600

    def __str__(self) -> str:
        status = f" {self.enhanced}" if self.enhanced else ""
        return f"{self.code}{status} {self.text}".rstrip()
