"""What is wrong with a field of a route, in one sentence each."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def problem_of_field(field: str) -> str:
    """Why what stands in ``field`` cannot; empty for a field that has no sentence."""
    texts = {
        "name": QCoreApplication.translate("RouteWords", "Give it a name that is not used yet."),
        "host": QCoreApplication.translate(
            "RouteWords", "Write the server's name, such as smtp.example.jp, without spaces or “https://”."
        ),
        "port": QCoreApplication.translate("RouteWords", "A port is a number from 1 to 65535."),
        "user": QCoreApplication.translate("RouteWords", "Write the user name without line breaks."),
        "warmup": QCoreApplication.translate(
            "RouteWords",
            "A warm-up is for an account or a direct route, and at most doubles from day to day.",
        ),
        "rate": QCoreApplication.translate("RouteWords", "The pace has to be more than nothing."),
        "daily_quota": QCoreApplication.translate("RouteWords", "At least one message a day."),
        "hourly_quota": QCoreApplication.translate("RouteWords", "At least one message an hour."),
        "max_connections": QCoreApplication.translate("RouteWords", "At least one connection."),
        "requiretls": QCoreApplication.translate(
            "RouteWords", "This cannot be while “Not encrypted” is chosen for the server."
        ),
        "ehlo_name": QCoreApplication.translate(
            "RouteWords", "Write a full name such as pc.example.jp, or leave it empty."
        ),
        "egress": QCoreApplication.translate(
            "RouteWords", "Write an IP address of this PC, such as 192.0.2.10, or leave it empty."
        ),
        "oauth": QCoreApplication.translate(
            "RouteWords", "To sign in, the mail address and an encrypted connection are needed."
        ),
        "client_id": QCoreApplication.translate(
            "RouteWords", "Write the client ID that you registered at the provider."
        ),
        "members": QCoreApplication.translate("RouteWords", "Choose at least one account."),
        "rules": QCoreApplication.translate(
            "RouteWords", "One of these rules cannot be kept so: it says itself what is missing."
        ),
        "fallback": QCoreApplication.translate("RouteWords", "Choose an account or a pool that is there."),
    }
    return texts.get(field, "")
