"""The templates page."""
