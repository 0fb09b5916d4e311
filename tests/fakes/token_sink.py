"""An account's server that takes mail from whoever shows a token its provider gave out."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.servers.process import free_ports


class TokenSink:
    """``taken`` counts recipients, ``refused`` logins; ``good`` tells which tokens are. A context manager."""

    def __init__(self, user: str, good: Callable[[str], bool]) -> None:
        self.taken: Counter[str] = Counter()
        self.refused = 0
        self._user = user
        self._good = good
        # the controller tries itself on the port it was told, so that 0 will not do
        (self.port,) = free_ports(1)
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            server_hostname="account.example",
            auth_require_tls=False,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
        )

    async def auth_XOAUTH2(self, server: SMTP, words: list[str]) -> AuthResult:
        """The login: the initial response, as it is for tokens that short."""
        said = base64.b64decode(words[1]).decode()
        user, _, rest = said.removeprefix("user=").partition("\x01auth=Bearer ")
        ok = user == self._user and self._good(rest.rstrip("\x01"))
        self.refused += not ok
        return AuthResult(success=ok, handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take it, if somebody logged in."""
        if not session.authenticated:
            return "530 5.7.0 authentication required"
        recipients: list[Any] = envelope.rcpt_tos
        self.taken.update(recipients)
        return "250 2.0.0 taken"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()
