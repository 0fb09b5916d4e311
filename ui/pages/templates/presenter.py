"""What the templates page does: read, save, delete, start from a starter, render for a contact."""

from __future__ import annotations

from array import array
from dataclasses import replace

from desktop_relay.domain.contact import STANDARD_FIELDS
from desktop_relay.domain.errors import NotFound
from desktop_relay.domain.query import ContactQuery
from desktop_relay.domain.template import Template, TemplateRow
from desktop_relay.operations import contacts, preview, templates
from desktop_relay.operations.preview import Preview

from ui.context import Context

SENDER_FIELDS = ("sender_name", "sender_address", "sender_postal", "unsubscribe_url", "unsubscribe_mailto")


class Presenter:
    """Every method that waits is a coroutine; no widgets here."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._readers: array[int] = array("q")

    async def overview(self) -> list[TemplateRow]:
        """Every template."""
        return await self._context.tasks.in_worker(templates.overview, self._context.workspace)

    async def load(self, name: str) -> Template:
        """One template; raises ``NotFound``."""
        return await self._context.tasks.in_worker(templates.load, self._context.workspace, name)

    async def find(self, name: str) -> Template | None:
        """One template, if it is there still."""
        return await self._context.tasks.in_worker(templates.find, self._context.workspace, name)

    async def save(self, template: Template, seen: Template | None) -> None:
        """Store it in place of ``seen``; raises ``BadInput`` when it does not compile, ``Refused``."""
        _, changes = await self._context.tasks.in_worker(
            templates.save, self._context.workspace, template, seen
        )
        self._context.publish(changes)

    async def insist(self, template: Template, old_name: str) -> Template:
        """Store it whatever became of the one it was made from; raises like ``save``."""
        other = await self.find(old_name)
        if other is None:
            return await self.add(template)
        await self.save(template, other)
        return template

    async def delete(self, name: str) -> Template:
        """Take it away; what comes back can be saved again."""
        template, changes = await self._context.tasks.in_worker(
            templates.delete, self._context.workspace, name
        )
        self._context.publish(changes)
        return template

    async def starters(self) -> list[Template]:
        """What comes with the program."""
        return await self._context.tasks.in_worker(templates.starters, self._context.language)

    async def free_name(self, wanted: str) -> str:
        """The wanted name, numbered when it is taken."""
        taken = {row.name for row in await self.overview()}
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted} {number}", number + 1
        return name

    async def add(self, template: Template) -> Template:
        """Store a new template under a name that is free."""
        named = replace(template, name=await self.free_name(template.name))
        await self.save(named, None)
        return named

    async def fields(self) -> list[str]:
        """Merge fields of people: the standard ones in use, then the custom ones."""
        known = await self._context.tasks.in_worker(contacts.fields, self._context.workspace)
        names = [name for name in STANDARD_FIELDS if name in known]
        names += [name for name in known if name not in STANDARD_FIELDS]
        return names or ["email", "name", "company"]

    # -- readers

    async def count_readers(self) -> int:
        """Read the order of the contacts to flip through; answers how many."""
        self._readers = await self._context.tasks.in_worker(
            contacts.list_ids, self._context.workspace, ContactQuery()
        )
        return len(self._readers)

    async def render(self, template: Template, place: int) -> tuple[Preview, str]:
        """The template as the contact in that place gets it, and who that is."""
        workspace, worker = self._context.workspace, self._context.tasks.in_worker
        if not self._readers:
            return await worker(preview.preview, workspace, template), ""
        contact_id = self._readers[place % len(self._readers)]
        try:
            contact = await worker(contacts.get, workspace, contact_id)
        except NotFound:  # deleted since the order was read
            return await worker(preview.preview, workspace, template), ""
        shown = await worker(preview.preview, workspace, template, contact_id)
        return shown, contact.name or contact.email

    async def safe_html(self, html: str) -> str:
        """The HTML as it may be shown."""
        return await self._context.tasks.in_worker(preview.safe_html, html)
