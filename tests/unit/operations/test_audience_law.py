"""The audience counted in SQL is the audience counted by looking at everybody."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from desktop_relay.operations import campaigns, lists, settings, suppressions
from desktop_relay.operations.campaigns import Audience
from desktop_relay.operations.carriers import load_directory
from desktop_relay.operations.workspace import Workspace
from desktop_relay.policy.suppress import SuppressionSet
from desktop_relay.store.contacts import load_contacts_of_lists
from desktop_relay.store.ledger import load_suppressions
from tests.fakes.engine_link import NOW, FakeEngineLink
from tests.unit.operations.parts import add_people

domains = st.sampled_from(["docomo.ne.jp", "ezweb.ne.jp", "shop.example", "a.shop.example"])
people = st.tuples(st.sampled_from("abcdeF"), domains, st.booleans())
patterns = st.sampled_from(
    ["a@docomo.ne.jp", "f@ezweb.ne.jp", "b@shop.example", "@ezweb.ne.jp", "*.shop.example", "@shop.example"]
)


def one_by_one(ws: Workspace, names: tuple[str, ...]) -> Audience:
    """The rule itself."""
    suppressed_by = SuppressionSet({s.pattern: s.reason for s in load_suppressions(ws.spool)})
    holds = bool(settings.get(ws, "campaign.hold_without_consent"))
    directory = load_directory()
    by_lane: Counter[str] = Counter()
    total = suppressed = without_consent = 0
    for contact in load_contacts_of_lists(ws.library, names):
        total += 1
        if suppressed_by.match(contact.key) is not None:
            suppressed += 1
            continue
        without_consent += not contact.has_consent
        if contact.has_consent or not holds:
            by_lane[directory.plan_lane(contact.key.rpartition("@")[2], None)] += 1
    return Audience(total, total - suppressed, suppressed, without_consent, dict(by_lane))


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    book=st.lists(people, max_size=20, unique_by=lambda row: (row[0].lower(), row[1])),
    split=st.integers(0, 20),
    shut=st.lists(patterns, max_size=3),
    holds=st.booleans(),
)
def test_the_same_people(book: list[tuple[str, str, bool]], split: int, shut: list[str], holds: bool) -> None:
    with TemporaryDirectory() as name:
        engine = FakeEngineLink(Path(name) / "data")
        with Workspace(engine.directory, engine, now=lambda: NOW) as ws:
            settings.set_value(ws, "campaign.hold_without_consent", "on" if holds else "off")
            rows = [
                {"email": f"{local}@{domain}", "consent_at": "2026-01-01" if agreed else ""}
                for local, domain, agreed in book
            ]
            first = add_people(ws, *rows[:split], list_name="one")
            add_people(ws, *rows[split:], list_name="two")
            two = next(row.id for row in lists.overview(ws) if row.name == "two")
            lists.add_members(ws, two, first[:2])
            suppressions.add(ws, shut)
            for chosen in (("one",), ("one", "two"), ()):
                assert campaigns.audience(ws, chosen) == one_by_one(ws, chosen)
