"""The installed program, driven as a user's script would: arguments in, JSON out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Program:
    """The command line on one data directory."""

    directory: Path
    language: str = "en"
    environment: dict[str, str] = field(default_factory=dict)

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start and do not wait."""
        command = [sys.executable, "-m", "desktop_relay", "--data", str(self.directory), "--json"]
        environment = {
            **os.environ,
            "DESKTOP_RELAY_KEYCHAIN": "off",
            "QT_QPA_PLATFORM": "offscreen",
            **self.environment,
        }
        environment.pop("DISPLAY", None)
        return subprocess.Popen(
            [*command, "--lang", self.language, *arguments],
            text=True,
            encoding="utf-8",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            **options,
        )

    def run(self, *arguments: str, stdin: str = "", timeout: float = 150) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        process = self.start(*arguments)
        try:
            out, err = process.communicate(stdin, timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        return process.returncode, out, err

    def call(self, *arguments: str, stdin: str = "", timeout: float = 150) -> Any:
        """The one JSON document of a command that must succeed."""
        code, out, err = self.run(*arguments, stdin=stdin, timeout=timeout)
        assert code == 0, f"{arguments} ended with {code}: {err}"
        return json.loads(out)

    def lines(self, *arguments: str) -> list[Any]:
        """The JSON lines of a command that must succeed."""
        code, out, err = self.run(*arguments)
        assert code == 0, f"{arguments} ended with {code}: {err}"
        return [json.loads(line) for line in out.splitlines()]

    def fails(self, *arguments: str, stdin: str = "") -> tuple[int, str]:
        """Exit code and the one sentence of a command that must fail without a traceback."""
        code, out, err = self.run(*arguments, stdin=stdin)
        assert code != 0, out
        assert out == ""
        assert "Traceback" not in err
        return code, err.strip()

    def stop(self) -> None:
        """End the engine, if one runs."""
        self.run("engine", "stop", "--now")
