"""Versioned plain-data messages over a local socket."""
