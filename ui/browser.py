"""What is known of the browser engine without loading it, which costs a second and a hundred megabytes."""

from __future__ import annotations

PROFILE_NAME = "mailProfile"
"""The object name of the only profile, a child of the application."""
