"""Faults by name, one in a file: what happens, what is shown, what the other side received."""
