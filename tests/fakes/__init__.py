"""Fakes: small true-to-life stand-ins, never patches."""
