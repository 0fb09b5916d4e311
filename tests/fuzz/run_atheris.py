"""Coverage-guided fuzzing of the laws where atheris is installed: ``python -m tests.fuzz.run_atheris``.

Arguments are libFuzzer's, such as ``-max_total_time=60``. Atheris is no dependency of the tests.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys

NAME = "atheris"


def main() -> None:
    """Run until stopped or until a law breaks."""
    if importlib.util.find_spec(NAME) is None:
        raise SystemExit("atheris is not installed")
    atheris = importlib.import_module(NAME)
    with atheris.instrument_imports():
        laws = importlib.import_module("tests.fuzz.laws")

    def one_input(data: bytes) -> None:
        provider = atheris.FuzzedDataProvider(data)
        sizes = [provider.ConsumeIntInRange(1, 600) for _ in range(3)]
        octets = provider.ConsumeBytes(sys.maxsize)
        laws.check_pieces(octets, sizes)
        laws.check_replies(octets)

    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
