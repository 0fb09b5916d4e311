"""The monitor page."""
