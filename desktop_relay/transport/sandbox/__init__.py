"""Practice carriers on loopback: the trial mode and the laboratory, seeded and repeatable."""

from desktop_relay.transport.sandbox.lab import Sandbox
from desktop_relay.transport.sandbox.log import SandboxMail, load_sandbox_log

__all__ = ["Sandbox", "SandboxMail", "load_sandbox_log"]
