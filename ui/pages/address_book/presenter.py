"""What the address book does: find, edit, delete, lists, import, export, suppress."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_relay.domain.changes import Changes
from desktop_relay.domain.contact import STANDARD_FIELDS, Contact
from desktop_relay.domain.contact_list import ListRow
from desktop_relay.domain.deleted_contacts import DeletedContacts
from desktop_relay.domain.query import ContactQuery
from desktop_relay.domain.recipient import LedgerRow
from desktop_relay.domain.suppression import Suppression
from desktop_relay.operations import campaigns, contacts, import_contacts, lists, suppressions
from desktop_relay.operations.carriers import load_directory
from desktop_relay.operations.contacts import Exported
from desktop_relay.operations.import_contacts import FilePreview, ImportReport

from ui.context import Context


@dataclass(frozen=True, slots=True)
class Person:
    """A person with what happened to them: mails tried, and the entry that keeps mail away, if any."""

    contact: Contact
    timeline: list[LedgerRow]
    suppression: Suppression | None
    campaigns: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class DeletedList:
    """A list that was deleted, with who was in it."""

    name: str
    members: Sequence[int]


class Presenter:
    """Every method that waits is a coroutine; no widgets here."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._workspace = context.workspace

    # -- people

    async def count(self) -> int:
        """Everybody."""
        return await self._context.tasks.in_worker(contacts.count, self._workspace, ContactQuery())

    async def person(self, contact_id: int) -> Person:
        """One person; raises ``NotFound``."""
        return await self._context.tasks.in_worker(self._load_person, contact_id)

    def _load_person(self, contact_id: int) -> Person:
        contact = contacts.get(self._workspace, contact_id)
        names = {draft.id: draft.name for draft in campaigns.drafts(self._workspace)}
        timeline = contacts.timeline(self._workspace, contact.key)
        return Person(contact, timeline, suppressions.find(self._workspace, contact.key), names)

    async def fields(self) -> list[str]:
        """Fields to edit: the standard ones, then the custom ones in use."""
        known = await self._context.tasks.in_worker(contacts.fields, self._workspace)
        return [*STANDARD_FIELDS, *(name for name in known if name not in STANDARD_FIELDS)]

    async def save(self, contact_id: int | None, values: Mapping[str, str]) -> Contact:
        """Enter a person, or change these fields of one; raises ``BadInput``, ``Refused`` or ``NotFound``."""
        contact, changes = await self._context.tasks.in_worker(self._save, contact_id, values)
        self._context.publish(changes)
        return contact

    def _save(self, contact_id: int | None, values: Mapping[str, str]) -> tuple[Contact, Changes]:
        if contact_id is None:
            return contacts.save(self._workspace, None, values)
        return contacts.change(self._workspace, contact_id, values)

    async def delete(self, ids: Sequence[int]) -> DeletedContacts:
        """What comes back brings them back."""
        deleted, changes = await self._context.tasks.in_worker(contacts.delete, self._workspace, ids)
        self._context.publish(changes)
        return deleted

    async def restore(self, deleted: DeletedContacts) -> None:
        """Undo a deletion."""
        _, changes = await self._context.tasks.in_worker(contacts.restore, self._workspace, deleted)
        self._context.publish(changes)

    async def suppress(self, patterns: Sequence[str]) -> None:
        """No mail to these; the engine keeps that list and is started when needed. Raises ``BadInput``."""
        await self._context.tasks.in_worker(suppressions.add, self._workspace, list(patterns))
        self._context.publish(Changes(suppressions=True))

    async def suppress_people(self, ids: Sequence[int]) -> list[str]:
        """No mail to these people; answers the addresses that were not on the list before."""
        new = await self._context.tasks.in_worker(self._suppress_people, ids)
        self._context.publish(Changes(suppressions=True))
        return new

    def _suppress_people(self, ids: Sequence[int]) -> list[str]:
        people = contacts.rows(self._workspace, ids)
        return suppressions.add_new(self._workspace, [contact.email for contact in people])

    async def unsuppress(self, patterns: Sequence[str]) -> None:
        """Mail them again."""
        await self._context.tasks.in_worker(suppressions.remove, self._workspace, list(patterns))
        self._context.publish(Changes(suppressions=True))

    async def suppress_again(self, entries: Sequence[Suppression]) -> None:
        """Undo: these are on the list again, each with its reason."""
        await self._context.tasks.in_worker(suppressions.put_back, self._workspace, entries)
        self._context.publish(Changes(suppressions=True))

    async def suppressions(self) -> list[Suppression]:
        """The whole list above all lists."""
        return await self._context.tasks.in_worker(suppressions.overview, self._workspace)

    # -- lists

    async def lists(self) -> list[ListRow]:
        """Every list with its number of people."""
        return await self._context.tasks.in_worker(lists.overview, self._workspace)

    async def create_list(self, name: str) -> int:
        """Raises ``BadInput`` or ``Refused``."""
        number, changes = await self._context.tasks.in_worker(lists.create, self._workspace, name)
        self._context.publish(changes)
        return number

    async def rename_list(self, list_id: int, name: str) -> None:
        """Raises ``BadInput`` or ``Refused``."""
        _, changes = await self._context.tasks.in_worker(lists.rename, self._workspace, list_id, name)
        self._context.publish(changes)

    async def delete_list(self, list_id: int, name: str) -> DeletedList:
        """The people stay; what comes back brings the list back."""
        members, changes = await self._context.tasks.in_worker(self._delete_list, list_id)
        self._context.publish(changes)
        return DeletedList(name, members)

    def _delete_list(self, list_id: int) -> tuple[Sequence[int], Changes]:
        members = contacts.list_ids(self._workspace, ContactQuery(list_id=list_id))
        _, changes = lists.delete(self._workspace, list_id)
        return members, changes

    async def restore_list(self, deleted: DeletedList) -> int:
        """Undo: the list with its people, under a new number; raises ``Refused`` when the name is taken."""
        list_id = await self.create_list(deleted.name)
        await self.add_members(list_id, deleted.members)
        return list_id

    async def add_members(self, list_id: int, ids: Sequence[int]) -> list[int]:
        """Put people into a list; answers those who were not in it before."""
        fresh, changes = await self._context.tasks.in_worker(self._add_members, list_id, ids)
        self._context.publish(changes)
        return fresh

    def _add_members(self, list_id: int, ids: Sequence[int]) -> tuple[list[int], Changes]:
        before = set(contacts.list_ids(self._workspace, ContactQuery(list_id=list_id)))
        fresh = [contact_id for contact_id in ids if contact_id not in before]
        _, changes = lists.add_members(self._workspace, list_id, fresh)
        return fresh, changes

    async def remove_members(self, list_id: int, ids: Sequence[int]) -> int:
        """Take people out of a list; answers how many."""
        number, changes = await self._context.tasks.in_worker(
            lists.remove_members, self._workspace, list_id, ids
        )
        self._context.publish(changes)
        return number

    @staticmethod
    def carriers(language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Carriers that addresses can be told by, with their domains."""
        profiles = load_directory().profiles.values()
        named = ((p.name_ja if language == "ja" else p.name, p.domains) for p in profiles)
        exact = ((name, tuple(d for d in domains if not d.startswith("."))) for name, domains in named)
        return tuple((name, domains) for name, domains in exact if domains)

    # -- files

    async def preview_file(
        self, path: Path, encoding: str | None, mapping: Mapping[str, str] | None
    ) -> FilePreview:
        """How a file would be read; raises ``BadInput``."""
        return await self._context.tasks.in_worker(import_contacts.preview_file, path, encoding, mapping)

    async def import_file(
        self,
        path: Path,
        *,
        list_name: str | None,
        encoding: str | None,
        mapping: Mapping[str, str],
        dry_run: bool,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> ImportReport:
        """Raises ``BadInput``; a rehearsal changes nothing."""
        report, changes = await self._context.tasks.in_worker(
            import_contacts.import_file,
            self._workspace,
            path,
            list_name=list_name,
            encoding=encoding,
            mapping=mapping,
            dry_run=dry_run,
            progress=self._context.tasks.on_ui_thread(progress),
            cancelled=cancelled,
        )
        self._context.publish(changes)
        return report

    async def undo_import(self, import_id: int) -> tuple[int, int]:
        """Removed and restored."""
        counts, changes = await self._context.tasks.in_worker(
            import_contacts.undo_import, self._workspace, import_id
        )
        self._context.publish(changes)
        return counts

    async def export(self, path: Path, query: ContactQuery, encoding: str) -> Exported:
        """Raises ``BadInput``."""
        return await self._context.tasks.in_worker(contacts.export, self._workspace, path, query, encoding)
