"""A contact query as SQL: conditions and order, every value a parameter."""

from __future__ import annotations

from dataclasses import dataclass, field

from desktop_relay.domain.query import ContactQuery
from desktop_relay.store.connection import Database
from desktop_relay.store.folding import fold

# People without a kana, a company … come last, whichever way the column runs.
_ORDERS = {
    "name": "name = '', name {way}, id {way}",
    "kana": "kana = '', kana {way}, id {way}",
    "email": "key {way}",
    "company": "company = '', company {way}, id {way}",
    "prefecture": "prefecture = '', prefecture {way}, id {way}",
    "consent_at": "consent_at = '', consent_at {way}, id {way}",
    "updated_at": "updated_at {way}, id {way}",
    "created_at": "id {way}",  # ids are given out in the order of creation, once each
}
_LAST = "\U0010ffff"


@dataclass(slots=True)
class _Conditions:
    parts: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def add(self, part: str, *values: object) -> None:
        self.parts.append(part)
        self.values.extend(values)

    def sql(self) -> str:
        return " AND ".join(f"({part})" for part in self.parts) or "1"


def compose_conditions(db: Database, query: ContactQuery) -> tuple[str, list[object]]:
    """The WHERE expression of a query and its parameters."""
    found = _Conditions()
    if query.list_id is not None:
        found.add("id IN (SELECT contact_id FROM list_members WHERE list_id = ?)", query.list_id)
    _add_domains(found, query.domains)
    if query.prefecture:
        found.add("prefecture = ?", query.prefecture)
    if query.without_consent:
        found.add("consent_at = ''")
    if query.legacy:
        found.add("legacy = 1")
    for word in fold(query.text).split():
        _add_word(db, found, word)
    return found.sql(), found.values


def compose_order(query: ContactQuery) -> str:
    """The ORDER BY expression; an unknown sort is the order of creation."""
    way = "DESC" if query.descending else "ASC"
    return _ORDERS.get(query.sort, _ORDERS["created_at"]).format(way=way)


def _add_domains(found: _Conditions, domains: tuple[str, ...]) -> None:
    """Exact domains, or suffixes when they start with a dot."""
    if not domains:
        return
    exact = [domain.lower() for domain in domains if not domain.startswith(".")]
    suffixes = [domain.lower() for domain in domains if domain.startswith(".")]
    marks = ", ".join("?" * len(exact))
    parts = [f"domain IN ({marks})"] if exact else []
    parts += ["substr(domain, -length(?)) = ?"] * len(suffixes)
    doubled = [suffix for suffix in suffixes for _ in range(2)]
    found.add(" OR ".join(parts), *exact, *doubled)


def _add_word(db: Database, found: _Conditions, word: str) -> None:
    """An address or its beginning is found by index; any other word by reading the folded column."""
    local, at, domain = word.partition("@")
    if at and local and db.row("SELECT 1 FROM contacts WHERE key >= ? AND key < ?", [word, word + _LAST]):
        found.add("key >= ? AND key < ?", word, word + _LAST)
    elif at and domain.isascii() and domain and not local:
        found.add("domain >= ? AND domain < ?", domain, domain + _LAST)
    else:
        found.add("instr(search, ?) > 0", word)
