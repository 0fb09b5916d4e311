"""Desktop Relay: mail campaigns from one's own PC through a carrier-aware relay engine."""

__version__ = "0.1.0"
