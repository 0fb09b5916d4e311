"""What people call the fields of a contact; a custom field is called by its own name."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

_UNNAMED = re.compile(r"column (\d+)")


def field_word(name: str) -> str:
    """The field's name in the window's language."""
    words = {
        "email": QCoreApplication.translate("Fields", "Mail address"),
        "name": QCoreApplication.translate("Fields", "Name"),
        "kana": QCoreApplication.translate("Fields", "Reading"),
        "honorific": QCoreApplication.translate("Fields", "Honorific"),
        "company": QCoreApplication.translate("Fields", "Company"),
        "department": QCoreApplication.translate("Fields", "Department"),
        "phone": QCoreApplication.translate("Fields", "Telephone"),
        "postal_code": QCoreApplication.translate("Fields", "Postcode"),
        "prefecture": QCoreApplication.translate("Fields", "Prefecture"),
        "address": QCoreApplication.translate("Fields", "Postal address"),
        "birthday": QCoreApplication.translate("Fields", "Birthday"),
        "notes": QCoreApplication.translate("Fields", "Notes"),
        "consent_at": QCoreApplication.translate("Fields", "Consent: when"),
        "consent_how": QCoreApplication.translate("Fields", "Consent: how"),
        "consent_source": QCoreApplication.translate("Fields", "Consent: where from"),
        "sender_name": QCoreApplication.translate("Fields", "Sender's name"),
        "sender_address": QCoreApplication.translate("Fields", "Sender's mail address"),
        "sender_postal": QCoreApplication.translate("Fields", "Sender's postal address"),
        "unsubscribe_url": QCoreApplication.translate("Fields", "Unsubscribe link"),
        "unsubscribe_mailto": QCoreApplication.translate("Fields", "Unsubscribe address"),
    }
    return words.get(name) or column_word(name)


def column_word(header: str) -> str:
    """A column by its header, or by its place where it has none and the import named it."""
    unnamed = _UNNAMED.fullmatch(header)
    if unnamed is None:
        return header
    return QCoreApplication.translate("Fields", "column {n}").format(n=unnamed[1])
