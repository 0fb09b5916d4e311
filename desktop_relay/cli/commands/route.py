"""``route``: where mail goes next."""

from __future__ import annotations

import argparse
import threading
import webbrowser
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from desktop_relay.cli.account_usage import show_usage, usage_document
from desktop_relay.cli.console import Console
from desktop_relay.cli.parser import Parser, integer
from desktop_relay.cli.secret import read_secret
from desktop_relay.cli.workplace import open_workspace
from desktop_relay.domain.oauth import SignInPrompt
from desktop_relay.domain.own_address import OwnAddress
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.domain.warmup import Warmup
from desktop_relay.operations import account_usage, routes
from desktop_relay.operations.sign_in import sign_in
from desktop_relay.operations.workspace import Workspace
from desktop_relay.policy.warmup import format_warmup, parse_warmup

NumberT = TypeVar("NumberT", int, float)
_OFF = "off"


def add_arguments(parser: Parser) -> None:
    """Every action of the contract."""
    actions = parser.add_actions()
    added = actions.add("add")
    added.add_argument("name")
    added.add_argument("--kind", choices=[kind.value for kind in RouteKind], required=True)
    added.add_argument("--host", default="")
    added.add_argument("--port", type=integer, default=0)
    added.add_argument("--tls", choices=[mode.value for mode in TlsMode], default=TlsMode.STARTTLS.value)
    added.add_argument("--user", default="")
    added.add_argument("--password-stdin", action="store_true")
    _add_limits(added)
    added.add_argument("--member", action="append", default=[], metavar="ROUTE[:WEIGHT]")
    added.add_argument("--rule", action="append", default=[], metavar='"CONDITION… -> ROUTE [only]"')
    added.add_argument("--fallback", default="", metavar="ROUTE")
    added.add_argument("--ehlo-name", default="")
    added.add_argument("--egress", default="", metavar="ADDRESS")
    added.add_argument("--oauth", default="", metavar="PROVIDER")
    added.add_argument("--client-id", default="")
    added.add_argument("--requiretls", action="store_true")
    actions.add("list")
    signed_in = actions.add("login")
    signed_in.add_argument("name")
    signed_in.add_argument("--device", action="store_true")
    renamed = actions.add("rename")
    renamed.add_argument("name", metavar="OLD")
    renamed.add_argument("new_name", metavar="NEW")
    removed = actions.add("remove")
    removed.add_argument("name")
    tested = actions.add("test")
    tested.add_argument("name")
    tested.add_argument("--to", metavar="ADDRESS")
    changed = actions.add("set")
    changed.add_argument("name")
    _add_limits(changed)
    shown = actions.add("show")
    shown.add_argument("name")
    used = actions.add("usage")
    used.add_argument("name")
    used.add_argument("--elsewhere", type=integer, metavar="N")


def _add_limits(parser: Parser) -> None:
    parser.add_argument("--rate", type=float)
    parser.add_argument("--max-connections", type=integer)
    parser.add_argument("--daily-quota", type=integer)
    parser.add_argument("--hourly-quota", type=integer)
    parser.add_argument("--warmup", metavar="FIRST:TARGET:DAYS")


def run(options: argparse.Namespace, console: Console) -> int:
    """Do the action; a failed test is exit code 1."""
    with open_workspace(options) as ws:
        match options.action:
            case "add":
                route, _ = routes.save(ws, _route(options), _password(options, console))
                console.result({"route": route.name, "kind": route.kind}, "route_added")
            case "login":
                route, _ = sign_in(ws, options.name, partial(_show, console), by_code=options.device)
                document = {"route": route.name, "oauth": route.oauth, "signed_in": True}
                console.result(document, "route_signed_in")
            case "rename":
                route, _ = routes.rename(ws, options.name, options.new_name)
                console.result({"route": route.name, "was": options.name}, "route_renamed")
            case "remove":
                route, _ = routes.delete(ws, options.name)
                console.result({"route": route.name}, "route_removed")
            case "test":
                found = routes.probe(ws, routes.load(ws, options.name), to=options.to)
                problem = found.problem.value or None
                keys = ("ok", "tls", "auth", "banner", "extensions", "detail", "address")
                document = {key: getattr(found, key) for key in keys} | {"problem": problem}
                protected = "route_ok" if found.tls else "route_ok_plain"
                sentence = protected if found.ok else "route_fails"
                why = console.phrase("reasons", problem) if problem else ""
                console.result(document, sentence, why=why, name=options.name)
                if found.address is not None and found.address.doubt:
                    _tell_address(found.address, console)
                return 0 if found.ok else 1
            case "set":
                route, _ = routes.save(ws, _changed(routes.load(ws, options.name), options))
                console.result({"route": route.name, "kind": route.kind}, "route_added")
            case "usage":
                _usage(ws, options, console)
            case "show":
                _show_one(ws, options.name, console)
            case _:
                console.lines(_row(route) for route in routes.overview(ws))
    return 0


def _tell_address(address: OwnAddress, console: Console) -> None:
    """What receivers may hold against the line, and what to do."""
    console.mention("own_address", address.doubt, ip=address.ip, name=address.name)
    console.mention("own_address_do", address.doubt)


def _route(options: argparse.Namespace) -> Route:
    return Route(
        name=options.name,
        kind=RouteKind(options.kind),
        host=options.host,
        port=options.port,
        tls=TlsMode(options.tls),
        user=options.user,
        rate=options.rate,
        max_connections=options.max_connections,
        daily_quota=options.daily_quota,
        hourly_quota=options.hourly_quota,
        warmup=_plan(options.warmup),
        members=routes.read_members(options.member),
        rules=routes.read_rules(options.rule),
        fallback=options.fallback,
        ehlo_name=options.ehlo_name,
        egress=options.egress,
        oauth=options.oauth,
        client_id=options.client_id,
        requiretls=options.requiretls,
    )


def _changed(route: Route, options: argparse.Namespace) -> Route:
    """The same with the limits that were given; 0 takes one away."""

    def limit(given: NumberT | None, before: NumberT | None) -> NumberT | None:
        return before if given is None else given or None

    return replace(
        route,
        rate=limit(options.rate, route.rate),
        max_connections=limit(options.max_connections, route.max_connections),
        daily_quota=limit(options.daily_quota, route.daily_quota),
        hourly_quota=limit(options.hourly_quota, route.hourly_quota),
        warmup=route.warmup if options.warmup is None else _plan(options.warmup),
    )


def _plan(text: str | None) -> Warmup | None:
    return None if text in (None, _OFF) else parse_warmup(str(text))


def _row(route: Route) -> dict[str, Any]:
    return {
        "route": route.name,
        "kind": route.kind,
        "host": route.host,
        "port": route.port,
        "tls": route.tls,
        "user": route.user,
        "rate": route.rate,
        "max_connections": route.max_connections,
        "daily_quota": route.daily_quota,
        "hourly_quota": route.hourly_quota,
        "members": [f"{member.route}:{member.weight}" for member in route.members],
        "rules": routes.rules_text(route),
        "fallback": route.fallback,
        "egress": route.egress,
        "oauth": route.oauth,
        "warmup": None if route.warmup is None else format_warmup(route.warmup),
    }


def _show_one(ws: Workspace, name: str, console: Console) -> None:
    route = routes.load(ws, name)
    used = account_usage.usage_of(ws, route)
    if console.json:
        console.result({**_row(route), "usage": usage_document(used) if used is not None else None})
        return
    console.lines([_row(route)])
    if used is not None:
        show_usage(used, console)


def _usage(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    if options.elsewhere is None:
        found = account_usage.usage(ws, options.name)
    else:
        found, _ = account_usage.count_elsewhere(ws, options.name, options.elsewhere)
    console.result(usage_document(found))
    if not console.json:
        show_usage(found, console)


def _show(console: Console, prompt: SignInPrompt) -> None:
    """The page to open; where it comes back to this computer, it is opened, too."""
    if prompt.user_code:
        console.say("sign_in_with_code", page=prompt.page, code=prompt.user_code)
        return
    console.say("sign_in_in_browser", page=prompt.page)
    # a browser of the terminal keeps its caller until it is closed, and we have to answer it meanwhile
    threading.Thread(target=webbrowser.open, args=(prompt.page,), daemon=True).start()


def _password(options: argparse.Namespace, console: Console) -> str | None:
    return read_secret("--password-stdin", console) if options.password_stdin else None
