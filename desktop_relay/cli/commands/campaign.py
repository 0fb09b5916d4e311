"""``campaign``: draft, check, send, steer, and read the ledger."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from desktop_relay.cli.account_usage import show_warmup, warmup_document
from desktop_relay.cli.console import Console
from desktop_relay.cli.follow import follow
from desktop_relay.cli.outlook import outlook_document, show_end, show_outlook
from desktop_relay.cli.parser import Parser, filled, integer
from desktop_relay.cli.resuming import may_resume
from desktop_relay.cli.standing import campaign_document, ledger_document
from desktop_relay.cli.times import parse_time
from desktop_relay.cli.workplace import open_workspace
from desktop_relay.domain.campaign import CampaignState, Draft
from desktop_relay.domain.errors import BlockedByCheck, ErrorCode
from desktop_relay.domain.network import NetworkState
from desktop_relay.domain.query import LedgerQuery
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.operations import account_usage, campaigns, ledger, outlook, preflight, settings
from desktop_relay.operations.preflight import Check, CheckReport
from desktop_relay.operations.workspace import Workspace

_PAGE = 1000
_STEERING = {"pause": campaigns.pause, "resume": campaigns.resume, "cancel": campaigns.cancel}
_UNDER_WAY = (CampaignState.SUBMITTED, CampaignState.SENDING)
FORCE_ALL = "all"


def add_arguments(parser: Parser) -> None:
    """Every action of the contract."""
    actions = parser.add_actions()
    created = actions.add("create")
    created.add_argument("name")
    created.add_argument("--template", type=filled, required=True)
    created.add_argument("--from", type=filled, dest="sender", required=True)
    created.add_argument("--route", type=filled, required=True)
    created.add_argument("--list", type=filled, dest="lists", action="append", required=True)
    created.add_argument("--subject")
    created.add_argument("--canary", type=float, nargs="?", const=True, metavar="MINUTES")
    actions.add("list")
    copied = actions.add("copy")
    copied.add_argument("campaign", type=integer)
    copied.add_argument("--name", type=filled)
    for name in ("check", "take-back", "status", "release", *_STEERING):
        action = actions.add(name)
        action.add_argument("campaign", type=integer)
        if name == "resume":
            action.add_argument("--yes", action="store_true")
    sent = actions.add("send")
    sent.add_argument("campaign", type=integer)
    sent.add_argument("--at", metavar="TIME")
    sent.add_argument("--wait", action="store_true")
    sent.add_argument("--force", action="append", default=[], metavar="CODE|all")
    resent = actions.add("resend")
    resent.add_argument("campaign", type=integer)
    resent.add_argument(
        "--outcome", required=True, choices=("unknown", "held", "expired", "cancelled", "deferred")
    )
    resent.add_argument("--yes", action="store_true")
    tested = actions.add("test")
    tested.add_argument("campaign", type=integer)
    tested.add_argument("--to", required=True, metavar="ADDRESS")
    listed = actions.add("recipients")
    listed.add_argument("campaign", type=integer)
    listed.add_argument("--state", choices=[state.value for state in RecipientState])
    listed.add_argument("--lane")


def run(options: argparse.Namespace, console: Console) -> int:
    """Do the action."""
    with open_workspace(options) as ws:
        return _ACTIONS.get(options.action, _steer)(ws, options, console) or 0


def _release(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    campaigns.check_submitted(ws, options.campaign)
    campaigns.release(ws, options.campaign)
    _tell_status(ws, options.campaign, console)


def _test(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    number = campaigns.send_test(ws, options.campaign, options.to)
    follow(ws, number, console)
    _tell_status(ws, number, console)


def _copy(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    name = options.name or campaigns.load(ws, options.campaign).name
    _tell_draft(campaigns.copy(ws, options.campaign, name)[0], "campaign_created", console)


def _take_back(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    _tell_draft(campaigns.take_back(ws, options.campaign)[0], "campaign_taken_back", console)


def _steer(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    campaigns.check_submitted(ws, options.campaign)
    if options.action != "resume" or may_resume(ws, options, console):
        _STEERING[options.action](ws, options.campaign)
        _tell_status(ws, options.campaign, console)


def _create(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    draft, _ = campaigns.create(
        ws,
        options.name,
        template=options.template,
        sender=options.sender,
        route=options.route,
        lists=tuple(options.lists),
        subject=options.subject,
        canary_minutes=_canary_minutes(ws, options.canary),
    )
    _tell_draft(draft, "campaign_created", console)


def _tell_draft(draft: Draft, told: str, console: Console) -> None:
    console.result({"campaign": draft.id, "name": draft.name}, told)


def _canary_minutes(ws: Workspace, wanted: float | bool | None) -> float | None:
    """Those of the setting where ``--canary`` gives none."""
    if wanted is not True:
        return wanted
    return float(str(settings.get(ws, "campaign.canary_minutes")))


def _list(ws: Workspace, _options: argparse.Namespace, console: Console) -> None:
    console.lines(
        {
            "campaign": row.id,
            "name": row.name,
            "state": row.state,
            "accepted": row.counts.accepted if row.counts else 0,
            "total": row.counts.total if row.counts else 0,
        }
        for row in campaigns.overview(ws)
    )


def _check(ws: Workspace, options: argparse.Namespace, console: Console) -> int:
    report = preflight.check(ws, options.campaign)
    seen = outlook.before_sending(ws, options.campaign) if not _lacks_a_part(report) else outlook.Outlook(())
    _show(report, seen, console)
    return BlockedByCheck.exit_code if report.red else 0


def _lacks_a_part(report: CheckReport) -> bool:
    return any(check.code == "missing_part" for check in report.red)


def _show(report: CheckReport, seen: outlook.Outlook, console: Console) -> None:
    levels = {"red": report.red, "amber": report.amber, "green": report.green}
    if console.json:
        found = {
            level: [{"code": c.code, "text": check_text(c, console)} for c in checks]
            for level, checks in levels.items()
        }
        console.result({**found, "outlook": outlook_document(seen)})
        return
    for level, checks in levels.items():
        for check in checks:
            print(f"{console.phrase('cli', f'check_{level}')}  {check_text(check, console)}")
    show_outlook(seen, console)


def check_text(check: Check, console: Console) -> str:
    """The sentence of a finding, with the error's own behind it."""
    text = console.phrase(check.section, check.code, **check.params)
    if check.error is None:
        return text
    return f"{text} {console.phrase('errors', check.error.code.value, **check.error.params)}"


def _send(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    draft = campaigns.load(ws, options.campaign)
    force = tuple(options.force)
    if draft.submitted_at is None:
        report = preflight.check(ws, options.campaign)
        blocking = [c for c in report.red if c.code not in force and FORCE_ALL not in force]
        if blocking:
            raise BlockedByCheck(ErrorCode.CHECK_BLOCKS, detail=check_text(blocking[0], console))
    at = parse_time(options.at, ws.now()) if options.at is not None else None
    campaigns.send(ws, options.campaign, at, force)
    if options.wait:
        follow(ws, options.campaign, console)
    _tell_status(ws, options.campaign, console)


def _resend(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    """Says whom it reaches, and asks wherever there is a person to answer."""
    campaigns.check_submitted(ws, options.campaign)
    state = RecipientState(options.outcome)
    number = getattr(campaigns.status(ws, options.campaign).counts, state.value)
    word = console.phrase("recipient_states", state.value)
    console.say("resend_asks", number=number, state=word)
    if state is RecipientState.UNKNOWN:
        console.say("resend_doubles")
    if options.yes or console.confirms("resend_confirm"):
        campaigns.resend(ws, options.campaign, options.outcome)
        _tell_status(ws, options.campaign, console)
    else:
        console.say("resend_left")


def _status(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    _tell_status(ws, options.campaign, console)


def _tell_status(ws: Workspace, campaign: int, console: Console) -> None:
    progress = campaigns.status(ws, campaign)
    warming = account_usage.warming(ws, progress.route)
    document = campaign_document(progress) | {"warmups": [warmup_document(found) for found in warming]}
    state = console.phrase("campaign_states", progress.state.value)
    console.result(document, "campaign_status", state_name=state, name=progress.name)
    show_end(progress, console)
    if not console.json and progress.state in _UNDER_WAY:
        for found in warming:
            show_warmup(found, console)
    engine = ws.engine.progress()
    if engine is not None and engine.network is not NetworkState.STEADY:
        console.mention("network", engine.network.value)


def _recipients(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    campaigns.check_known(ws, options.campaign)
    state = RecipientState(options.state) if options.state else None
    ids = list(ledger.list_ids(ws, LedgerQuery(options.campaign, state=state, lane=options.lane)))
    for start in range(0, len(ids), _PAGE):
        console.lines(ledger_document(row) for row in ledger.rows(ws, ids[start : start + _PAGE]))


_ACTIONS: Mapping[str, Callable[[Workspace, argparse.Namespace, Console], int | None]] = {
    "create": _create,
    "list": _list,
    "copy": _copy,
    "check": _check,
    "send": _send,
    "take-back": _take_back,
    "resend": _resend,
    "release": _release,
    "test": _test,
    "recipients": _recipients,
    "status": _status,
}
"""What is not named here steers."""
