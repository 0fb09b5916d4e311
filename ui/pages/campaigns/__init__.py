"""The campaigns page."""
