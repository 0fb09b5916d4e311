"""Whom a template cannot be merged with: everybody is looked at, and one of those who are alike rendered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_relay.domain.contact import Contact
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.template import Template
from desktop_relay.message.shape import LONGEST_ORDINARY, ShapedTemplate, shape_template
from desktop_relay.message.template import SENDER_FIELDS, CompiledTemplate
from desktop_relay.store.connection import Database
from desktop_relay.store.contact_shapes import SINGLE, is_addressable, load_shapes
from desktop_relay.store.contacts import load_contacts, load_contacts_of_lists

_EXAMPLES = 3
_AT_A_TIME = 500
_SENDER = dict.fromkeys(SENDER_FIELDS, "x")
_NO_SHAPE = frozenset((*SENDER_FIELDS, "email"))  # always there


@dataclass(frozen=True, slots=True)
class MergeHoles:
    """How many, the addresses of the first few by number, and what is wrong with the very first."""

    number: int
    examples: tuple[str, ...]
    problem: RelayError | None


def find_merge_holes(
    library: Database, lists: Sequence[str], template: Template, compiled: CompiledTemplate
) -> MergeHoles:
    """Everybody on the lists who cannot be sent this template."""
    search = _Search(library, compiled)
    shaped = shape_template(template)
    if shaped is None or not all(map(is_addressable, shaped.fields)):
        for contact in load_contacts_of_lists(library, lists):
            search.render(contact)
    else:
        search.by_shape(lists, shaped)
    return search.result()


class _Search:
    def __init__(self, library: Database, compiled: CompiledTemplate) -> None:
        self._library = library
        self._compiled = compiled
        self._number = 0
        self._first: list[tuple[int, str, RelayError]] = []

    def result(self) -> MergeHoles:
        first = sorted(self._first, key=lambda found: found[0])[:_EXAMPLES]
        examples = tuple(address for _, address, _ in first)
        return MergeHoles(self._number, examples, first[0][2] if first else None)

    def by_shape(self, lists: Sequence[str], shaped: ShapedTemplate) -> None:
        fields = [name for name in shaped.fields if name not in _NO_SHAPE]
        fails: dict[str, bool] = {}
        single: list[int] = []
        shown = 0
        for number, shape in load_shapes(self._library, lists, fields, shaped.header, LONGEST_ORDINARY):
            if shape == SINGLE:
                single.append(number)
                if len(single) == _AT_A_TIME:
                    self._render_all(single)
                    single.clear()
            elif shape not in fails:
                fails[shape] = self._render_all([number])
                shown += fails[shape]
            elif fails[shape] and shown < _EXAMPLES:
                shown += self._render_all([number])
            else:
                self._number += fails[shape]
        self._render_all(single)

    def _render_all(self, ids: Sequence[int]) -> bool:
        """Whether one of them failed."""
        failed = [self.render(contact) for contact in load_contacts(self._library, ids)]
        return any(failed)

    def render(self, contact: Contact) -> bool:
        """Whether it failed; the first few are kept."""
        try:
            self._compiled.render({**contact.fields, **_SENDER})
        except RelayError as error:
            self._number += 1
            self._first.append((contact.id, contact.email, error))
            if len(self._first) > 4 * _EXAMPLES:
                self._first = sorted(self._first, key=lambda found: found[0])[:_EXAMPLES]
            return True
        return False
