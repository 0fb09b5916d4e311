"""What the campaigns page does: drafts, audience, checks, a test mail, sending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from desktop_relay.domain.campaign import Draft
from desktop_relay.domain.contact_list import ListRow
from desktop_relay.domain.errors import NotFound
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.route import Route
from desktop_relay.domain.template import TemplateRow
from desktop_relay.operations import (
    campaigns,
    identities,
    lists,
    outlook,
    preflight,
    routes,
    settings,
    templates,
    volume,
)
from desktop_relay.operations.campaigns import Audience, CampaignRow, Parts
from desktop_relay.operations.outlook import Outlook
from desktop_relay.operations.preflight import Check, CheckReport

from ui import wording
from ui.colours import Tone
from ui.context import Context


@dataclass(frozen=True, slots=True)
class Ingredients:
    """Everything a campaign can be made of."""

    lists: list[ListRow]
    templates: list[TemplateRow]
    senders: list[Identity]
    routes: list[Route]
    canary_minutes: float


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the form."""

    name: str
    lists: tuple[str, ...]
    template: str
    subject: str | None
    sender: str
    route: str
    canary_minutes: float | None = None

    @property
    def keepable(self) -> bool:
        """Whether it can be kept as a draft; all the rest may be chosen another day."""
        return bool(self.name)

    @property
    def sendable(self) -> bool:
        """Whether a mail can be made of it."""
        return bool(self.name and self.template and self.sender and self.route)

    @property
    def complete(self) -> bool:
        """Whether there is something to check and to send."""
        return bool(self.sendable and self.lists)


def written_of(draft: Draft) -> Written:
    """What a draft puts into the form."""
    return Written(
        draft.name,
        draft.lists,
        draft.template,
        draft.subject,
        draft.sender,
        draft.route,
        draft.canary_minutes,
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the check; ``page`` is where it can be mended, if anywhere."""

    tone: Tone
    sentence: str
    page: str = ""
    argument: object = None


class Presenter:
    """Every method that waits is a coroutine; no widgets here."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def overview(self) -> list[CampaignRow]:
        """Every campaign, newest first."""
        return await self._context.tasks.in_worker(campaigns.overview, self._context.workspace)

    async def ingredients(self) -> Ingredients:
        """Lists, templates, senders and routes to choose from."""
        workspace, worker = self._context.workspace, self._context.tasks.in_worker
        return Ingredients(
            await worker(lists.overview, workspace),
            await worker(templates.overview, workspace),
            await worker(identities.overview, workspace),
            await worker(routes.overview, workspace),
            float(str(await worker(settings.get, workspace, "campaign.canary_minutes"))),
        )

    async def load(self, campaign: int) -> Draft:
        """One draft; raises ``NotFound``."""
        return await self._context.tasks.in_worker(campaigns.load, self._context.workspace, campaign)

    async def parts(self, campaign: int) -> Parts:
        """One draft and what it names; raises ``NotFound``."""
        return await self._context.tasks.in_worker(campaigns.load_parts, self._context.workspace, campaign)

    async def keep(self, campaign: int | None, written: Written, seen: Draft | None = None) -> Draft:
        """Create or change a draft that was ``seen``; raises ``BadInput``, ``NotFound``, ``Refused``."""
        workspace, worker = self._context.workspace, self._context.tasks.in_worker
        if campaign is None:
            draft, changes = await worker(
                campaigns.create,
                workspace,
                written.name,
                template=written.template,
                sender=written.sender,
                route=written.route,
                lists=written.lists,
                subject=written.subject,
                canary_minutes=written.canary_minutes,
            )
        else:
            changed = Draft(
                campaign,
                written.name,
                written.template,
                written.sender,
                written.route,
                written.lists,
                written.subject,
                canary_minutes=written.canary_minutes,
            )
            draft, changes = await worker(campaigns.update, workspace, changed, seen)
        self._context.publish(changes)
        return draft

    async def delete(self, campaign: int) -> Draft:
        """Take a draft away; what comes back can be kept again."""
        draft, changes = await self._context.tasks.in_worker(
            campaigns.delete, self._context.workspace, campaign
        )
        self._context.publish(changes)
        return draft

    async def restore(self, draft: Draft) -> Draft:
        """Undo a deletion; the draft gets a new number."""
        restored, changes = await self._context.tasks.in_worker(
            campaigns.restore, self._context.workspace, draft
        )
        self._context.publish(changes)
        return restored

    @staticmethod
    def free_name(wanted: str, taken: Sequence[str]) -> str:
        """The wanted name, numbered when it is taken."""
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted} {number}", number + 1
        return name

    async def audience(self, chosen: tuple[str, ...]) -> Audience:
        """How many people, and why others are left out."""
        return await self._context.tasks.in_worker(campaigns.audience, self._context.workspace, chosen)

    async def outlook(self, found: Audience, written: Written) -> Outlook:
        """When these people would be through over the draft's route, and what decides it.

        Nothing where the route or an account behind it is gone, which the check tells.
        """
        worker, workspace = self._context.tasks.in_worker, self._context.workspace
        try:
            return await worker(
                outlook.over_route,
                workspace,
                found.by_lane,
                written.route,
                sender=written.sender,
                template=written.template,
            )
        except NotFound:
            return Outlook(())

    async def check(self, campaign: int) -> CheckReport:
        """Everything looked at before sending."""
        return await self._context.tasks.in_worker(preflight.check, self._context.workspace, campaign)

    async def cost(self, campaign: int) -> list[Finding]:
        """What sending would take of a line that is metered, as a finding; else nothing."""
        if not self._context.line.is_metered:
            return []
        octets = await self._context.tasks.in_worker(
            volume.estimate_octets, self._context.workspace, campaign
        )
        if not octets:
            return []
        megabytes = wording.number(max(1, round(octets / 1e6)))
        return [Finding("warn", self._context.phrase("checks", "metered_line", megabytes=megabytes))]

    async def send(self, campaign: int, at: datetime | None = None) -> None:
        """Submit to the engine, which is started when needed; to begin now or ``at`` a time."""
        worker, workspace = self._context.tasks.in_worker, self._context.workspace
        _, changes = await worker(campaigns.send, workspace, campaign, at)
        self._context.publish(changes)

    async def copy(self, campaign: int) -> Draft:
        """A new draft like one that was sent, under a name that is free."""
        worker, workspace = self._context.tasks.in_worker, self._context.workspace
        names = {row.id: row.name for row in await self.overview()}
        name = self.free_name(names.get(campaign, ""), list(names.values()))
        draft, changes = await worker(campaigns.copy, workspace, campaign, name)
        self._context.publish(changes)
        return draft

    async def take_back(self, campaign: int) -> Draft:
        """A planned campaign as a draft again; raises ``Refused`` once it has begun."""
        worker, workspace = self._context.tasks.in_worker, self._context.workspace
        draft, changes = await worker(campaigns.take_back, workspace, campaign)
        self._context.publish(changes)
        return draft

    async def send_test(self, campaign: int, to: str) -> int:
        """One mail to oneself; answers the test's own campaign."""
        return await self._context.tasks.in_worker(campaigns.send_test, self._context.workspace, campaign, to)

    # -- findings

    def findings(self, report: CheckReport, draft: Written, cost: Sequence[Finding] = ()) -> list[Finding]:
        """What the check found and what it costs, the gravest first, each with where it can be mended."""
        levels: tuple[tuple[Tone, tuple[Check, ...]], ...] = (
            ("bad", report.red),
            ("warn", report.amber),
            ("good", report.green),
        )
        found = [self._finding(tone, check, draft) for tone, checks in levels for check in checks]
        return sorted([*found, *cost], key=lambda finding: [tone for tone, _ in levels].index(finding.tone))

    def _finding(self, tone: Tone, check: Check, draft: Written) -> Finding:
        code = check.error.code.value if check.code == "missing_part" and check.error else check.code
        page, argument = ("", None) if tone == "good" else _remedy(code, draft)
        return Finding(tone, self.describe(check), page, argument)

    def describe(self, check: Check) -> str:
        """The sentence of a finding, the error's own behind it."""
        section = "checks" if self._context.has_phrase("checks", check.code) else "warnings"
        params = {k: wording.number(v) if isinstance(v, int) else v for k, v in check.params.items()}
        text = self._context.phrase(section, check.code, **params)
        return text if check.error is None else f"{text} {self._context.describe(check.error)}"


def _remedy(code: str, draft: Written) -> tuple[str, object]:
    """The page where it is mended, and what to show there."""
    if code in ("nobody_to_send_to", "no_such_list"):
        return "address_book", None
    if code == "without_consent":
        return "address_book", "without_consent"
    if code in ("no_sender_name", "no_postal_address", "no_one_click"):
        return "settings", ("sender", draft.sender)
    if code == "no_dkim_key":
        return "settings", ("signature", draft.sender)
    if code in ("no_password", "no_such_route"):
        return "settings", ("route", draft.route)
    if code == "no_such_identity":
        return "settings", "senders"
    return ("", None) if code == "direct_route" else ("templates", draft.template)
