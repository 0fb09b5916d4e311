"""A secret that comes over standard input, since the command line itself can be seen by others."""

from __future__ import annotations

import sys
from getpass import getpass

from desktop_relay.cli.console import Console
from desktop_relay.domain.errors import BadInput, ErrorCode


def read_secret(option: str, console: Console) -> str:
    """The line of standard input that ``option`` announced; at a terminal it is asked for, and not shown.

    Raises ``BadInput`` (``value_invalid``) for none, and for one in another encoding than the terminal's.
    """
    try:
        if sys.stdin.isatty():
            secret = getpass(console.phrase("cli", "secret_asks", field=option), stream=sys.stderr)
        else:
            secret = sys.stdin.readline().rstrip("\r\n")
        secret.encode()
    except EOFError:
        secret = ""
    except UnicodeError as error:
        raise BadInput(ErrorCode.VALUE_INVALID, field=option, value="?") from error
    if not secret:
        raise BadInput(ErrorCode.VALUE_INVALID, field=option, value="")
    return secret
