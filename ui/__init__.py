"""The window: Qt on top of operations, ipc and domain."""
