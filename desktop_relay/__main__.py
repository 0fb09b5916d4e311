"""The program: hands its arguments to the command line."""

from __future__ import annotations

import sys

from desktop_relay.cli.main import run


def main() -> int:
    """Run and answer the exit code of ``docs/cli.md``."""
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
