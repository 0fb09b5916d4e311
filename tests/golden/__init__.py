"""Composed messages kept octet by octet, so that a change of them is a decision."""
