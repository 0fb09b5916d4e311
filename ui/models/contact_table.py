"""The address book's table: one row a person."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QObject, Qt

from desktop_relay.domain.contact import Contact
from desktop_relay.domain.query import ContactQuery
from desktop_relay.operations import contacts
from desktop_relay.operations.carriers import carrier_name
from desktop_relay.operations.workspace import Workspace

from ui.models.paged import Column, PagedModel
from ui.tasks import Tasks
from ui.widgets.row_delegate import ChipData

NAME, EMAIL, CARRIER, PREFECTURE, CONSENT = range(5)
"""The columns by place."""


def consent_chip(contact: Contact) -> ChipData:
    """Whether the person agreed, and when."""
    if not contact.has_consent:
        return ChipData(QCoreApplication.translate("ContactModel", "no consent on record"), "warn")
    agreed = QCoreApplication.translate("ContactModel", "agreed {day}")
    return ChipData(agreed.format(day=contact.fields.get("consent_at", "")), "good")


class ContactModel(PagedModel[Contact]):
    """``show(query)`` decides who is in it."""

    def __init__(
        self, workspace: Workspace, tasks: Tasks, language: str, parent: QObject | None = None
    ) -> None:
        self._workspace = workspace
        self._language = language
        self.query = ContactQuery()
        columns = (
            Column[Contact](
                QCoreApplication.translate("ContactModel", "Name"), _name, sort="name", strong=True
            ),
            Column[Contact](QCoreApplication.translate("ContactModel", "Mail address"), _email, sort="email"),
            Column[Contact](
                QCoreApplication.translate("ContactModel", "Carrier"), self._carrier, chip=self._carrier_chip
            ),
            Column[Contact](
                QCoreApplication.translate("ContactModel", "Prefecture"), _prefecture, sort="prefecture"
            ),
            Column[Contact](
                QCoreApplication.translate("ContactModel", "Consent"),
                _consent,
                chip=consent_chip,
                sort="consent_at",
            ),
        )
        super().__init__(tasks, columns, parent)

    def show(self, query: ContactQuery) -> None:
        """Show whom the query finds."""
        before, self.query = self.query, query
        self.reload(anew=query != before)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """A header was clicked; columns without a word of the query stay as they are."""
        word = self.columns[column].sort if 0 <= column < len(self.columns) else ""
        if word:
            descending = order is Qt.SortOrder.DescendingOrder
            self.show(replace(self.query, sort=word, descending=descending))

    def load_ids(self) -> array[int]:
        """On a worker."""
        return contacts.list_ids(self._workspace, self.query)

    def load_rows(self, ids: Sequence[int]) -> Sequence[Contact]:
        """On a worker."""
        return contacts.rows(self._workspace, ids)

    def row_id(self, row: Contact) -> int:
        """The person."""
        return row.id

    def _carrier(self, contact: Contact) -> str:
        return carrier_name(self._language, contact.email)

    def _carrier_chip(self, contact: Contact) -> ChipData | None:
        name = self._carrier(contact)
        return ChipData(name, "neutral") if name else None


def _name(contact: Contact) -> str:
    return contact.name or contact.fields.get("company", "") or "—"


def _email(contact: Contact) -> str:
    return contact.email


def _prefecture(contact: Contact) -> str:
    return contact.fields.get("prefecture", "")


def _consent(contact: Contact) -> str:
    return consent_chip(contact).text
