"""The dialog of a route: every kind, every field, and signing in against a provider of our own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QWidget

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.errors import BadInput, ErrorCode, Refused
from desktop_relay.domain.oauth import SignInPrompt
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.own_address import AddressDoubt, OwnAddress
from desktop_relay.domain.probe import ProbeResult
from desktop_relay.domain.protection import Verified
from desktop_relay.domain.route import Member, Route, RouteKind, RoutingRule, TlsMode
from desktop_relay.domain.warmup import Warmup
from desktop_relay.operations import routes, settings, sign_in
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.spool import Spool
from tests.fakes.oauth_server import CLIENT, SECRET, FakeOAuthServer, visit
from tests.unit.ui.work.fakes import FakeEngine
from tests.unit.ui.work.test_accessibility import letters, nameless, twice

from ui.context import Context
from ui.dialogs.route_desk import Surroundings
from ui.dialogs.route_dialog import RouteDialog
from ui.dialogs.route_words import problem_of_field
from ui.dialogs.sign_in_wait import SignInWait
from ui.pages.settings.page import Page
from ui.pages.settings.route_desk import RouteDesk
from ui.widgets.notice import Notice

Settle = Callable[..., None]
ONE = Route("One", RouteKind.SMARTHOST, host="one.example", port=587, user="me@one.example")
TWO = replace(ONE, name="Two", host="two.example")
POOL = Route("Both", RouteKind.POOL, members=(Member("One", 2), Member("Two", 1)))
PROVIDERS = {"google": "Google", "microsoft": "Microsoft", "fake": "Fake"}
AROUND = Surroundings(
    others=(Route("sandbox", RouteKind.SANDBOX), ONE, TWO, POOL),
    providers=PROVIDERS,
    code_givers=frozenset({"microsoft", "fake"}),
)


@dataclass
class Desk:
    """Answers what a test wants, and writes down what it was asked."""

    found: ProbeResult = field(default_factory=lambda: ProbeResult(ok=True))
    kept: list[tuple[Route, str | None]] = field(default_factory=list)
    tested_to: list[str | None] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    refusal: Refused | None = None
    has_browser: bool = True

    async def probe(
        self, route: Route, password: str | None, to: str | None, call_off: Future[None]
    ) -> ProbeResult:
        self.tested_to.append(to)
        return self.found

    async def save_route(self, route: Route, password: str | None, seen: Route | None = None) -> Route:
        self.kept.append((route, password))
        return route

    async def sign_in(
        self,
        name: str,
        tell: Callable[[SignInPrompt], None],
        call_off: Future[None],
        *,
        by_code: bool = False,
    ) -> None:
        tell(SignInPrompt("https://login.example/agree"))
        if self.refusal is not None:
            raise self.refusal

    def open_page(self, page: str) -> bool:
        self.pages.append(page)
        return self.has_browser


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def open_dialog(context: Context, desk: Desk, settle: Settle) -> Iterator[Callable[..., RouteDialog]]:
    made: list[RouteDialog] = []

    def open_one(route: Route | None = None, around: Surroundings = AROUND) -> RouteDialog:
        dialog = RouteDialog(context, desk, route, around)
        dialog.open()
        settle()
        made.append(dialog)
        return dialog

    yield open_one
    for dialog in made:
        dialog.reject()
        settle()
        dialog.deleteLater()


FIELDS = (
    *("host", "port", "user", "rate", "daily_quota", "hourly_quota", "max_connections"),
    *("warmup", "requiretls", "ehlo_name", "egress", "client_id", "oauth"),
)


def shown(dialog: RouteDialog) -> set[str]:
    forms = (dialog.rows.simple, dialog.rows.advanced)
    return {key for form in forms for key, row in form.rows.items() if row.block.isVisible()}


FULL = Route(
    "Full",
    RouteKind.SMARTHOST,
    host="smtp.example.jp",
    port=465,
    tls=TlsMode.TLS,
    user="me",
    rate=2.5,
    max_connections=3,
    ehlo_name="pc.example.jp",
    daily_quota=500,
    hourly_quota=50,
    requiretls=True,
    egress="192.0.2.1",
    warmup=Warmup(40, 3000, 20),
)


@pytest.mark.parametrize(
    "route",
    [
        FULL,
        replace(FULL, oauth="google", client_id="id", host="smtp.gmail.com", port=587, tls=TlsMode.STARTTLS),
        replace(FULL, oauth="gone", client_id="id"),
        replace(POOL, rules=(RoutingRule("Two", lanes=("docomo",), keep=10, only=True),)),
        Route("Direct", RouteKind.DIRECT, fallback="Both", requiretls=True, egress="2001:db8::1"),
        Route("Cold", RouteKind.DIRECT, warmup=Warmup(50, 20_000, 30)),
    ],
    ids=["password", "google", "unknown provider", "pool", "direct", "direct, warmed up"],
)
def test_what_is_shown_is_what_is_kept(open_dialog: Callable[..., RouteDialog], route: Route) -> None:
    assert open_dialog(route).route == route


def test_simple_first_and_the_rest_folded(open_dialog: Callable[..., RouteDialog]) -> None:
    dialog = open_dialog()
    simple = {"name", "how", "host", "tls", "port", "user", "password", "daily_quota"}
    assert shown(dialog) == simple
    dialog.fold.click()
    rest = {"hourly_quota", "rate", "max_connections", "warmup", "requiretls", "ehlo_name", "egress"}
    assert shown(dialog) == simple | rest


def test_nobody_looks_up_the_server_of_google(open_dialog: Callable[..., RouteDialog]) -> None:
    dialog = open_dialog()
    dialog.controls.how.choose(RouteKind.SMARTHOST, "google")
    wanted = {"name", "how", "user", "client_id", "password", "oauth", "daily_quota"}
    assert shown(dialog) == wanted
    assert (dialog.route.host, dialog.route.port) == ("smtp.gmail.com", 587)
    dialog.controls.how.choose(RouteKind.SMARTHOST)
    assert dialog.controls.host.text() == ""
    assert dialog.route.client_id == dialog.route.oauth == ""


def test_members_of_a_pool_are_chosen_with_their_weights(open_dialog: Callable[..., RouteDialog]) -> None:
    dialog = open_dialog()
    fields = dialog.controls
    fields.how.choose(RouteKind.POOL)
    assert shown(dialog) == {"name", "how", "members", "rules"}
    assert not dialog.fold.isVisible()
    assert list(fields.members.checks) == ["One", "Two"]
    fields.members.checks["One"].click()
    fields.members.checks["Two"].click()
    fields.members.weights["One"].setValue(3)
    assert dialog.route.members == (Member("One", 3), Member("Two", 1))
    assert [share.text() for share in fields.members.shares.values()] == [
        "75\N{NO-BREAK SPACE}%",
        "25\N{NO-BREAK SPACE}%",
    ]
    fields.members.checks["Two"].click()
    assert dialog.route.members == (Member("One", 3),)


@pytest.mark.parametrize("name", ["とても長い名前の経路" * 10, "averylongname" * 12], ids=["ja", "one word"])
def test_long_names_leave_everything_in_reach(
    open_dialog: Callable[..., RouteDialog], settle: Settle, name: str
) -> None:
    around = replace(AROUND, others=(replace(ONE, name=name), TWO))
    pool = Route("P", RouteKind.POOL, members=(Member(name),), rules=(RoutingRule(name, keep=1),))
    for route in (pool, Route("D", RouteKind.DIRECT, fallback=name)):
        dialog = open_dialog(route, around)
        dialog.fold.setChecked(True)
        settle()
        inside = dialog.findChild(QScrollArea)
        assert inside.widget().width() <= inside.viewport().width()
        assert dialog.route == route


def test_a_rule_that_is_not_whole_is_told_beside_its_field(open_dialog: Callable[..., RouteDialog]) -> None:
    dialog = open_dialog(replace(POOL, rules=(RoutingRule("Two", lanes=("docomo",)),)))
    heard: list[Route] = []
    dialog.wanted.connect(lambda route, *_: heard.append(route))
    dialog.controls.members.checks["Two"].click()
    (rule,) = dialog.controls.rules.rows
    assert rule.sentence.property("look") == "problem"
    dialog.save_button.click()
    row = dialog.rows.simple.rows["rules"]
    assert row.problem.isVisible()
    rule.to.setCurrentText("One")
    dialog.save_button.click()
    assert not row.problem.isVisible()
    assert heard[0].rules == (RoutingRule("One", lanes=("docomo",)),)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", FIELDS)
def test_every_field_has_its_sentence(
    open_dialog: Callable[..., RouteDialog], name: str, language: str
) -> None:
    dialog = open_dialog(replace(FULL, oauth="fake", client_id="id"))
    dialog.show_error(BadInput(ErrorCode.VALUE_INVALID, field=name, value="x"))
    rows = {**dialog.rows.simple.rows, **dialog.rows.advanced.rows}
    assert rows[name].problem.isVisible()
    assert rows[name].problem.text() == problem_of_field(name) != ""
    assert not dialog.notice.isVisible()


def test_a_name_that_is_taken_is_not_written_over(open_dialog: Callable[..., RouteDialog]) -> None:
    dialog = open_dialog()
    heard: list[object] = []
    dialog.wanted.connect(heard.append)
    dialog.controls.name.setText("One")
    dialog.save_button.click()
    assert dialog.rows.simple.rows["name"].problem.isVisible()
    assert heard == []


def test_a_route_is_renamed_and_the_pool_follows(
    context: Context, show: Callable[[QWidget], QWidget], settle: Settle
) -> None:
    ws = context.workspace
    for route in (ONE, TWO, replace(POOL, rules=(RoutingRule("Two", keep=10),))):
        routes.save(ws, route, "geheim" if route is TWO else None)
    page = Page(context)
    show(page)
    page.activate(("route", "Two"))
    settle()
    dialog = page.dialog
    assert isinstance(dialog, RouteDialog)
    dialog.controls.name.setText("One")
    dialog.save_button.click()
    settle()
    assert dialog.rows.simple.rows["name"].problem.isVisible()
    dialog.controls.name.setText("Zweites")
    dialog.controls.daily.setValue(500)
    dialog.save_button.click()
    settle()
    assert page.dialog is None
    assert [route.name for route in routes.overview(ws)] == ["sandbox", "Both", "One", "Zweites"]
    assert routes.load(ws, "Zweites").daily_quota == 500
    assert routes.has_password(ws, "Zweites")
    both = routes.load(ws, "Both")
    assert both.members == (Member("One", 2), Member("Zweites", 1))
    assert both.rules == (RoutingRule("Zweites", keep=10),)


def test_what_has_no_field_of_its_own_is_told_below(open_dialog: Callable[..., RouteDialog]) -> None:
    dialog = open_dialog()
    dialog.show_error(Refused(ErrorCode.ROUTE_IS_NAMED, name="One", other="Both"))
    assert "Both" in dialog.notice.text


# -- the test of the connection


def test_port_25_is_explained(
    open_dialog: Callable[..., RouteDialog], desk: Desk, settle: Settle, context: Context
) -> None:
    desk.found = ProbeResult(ok=False, problem=Reason.PORT25_BLOCKED, detail="a.example, b.example")
    dialog = open_dialog(Route("Direct", RouteKind.DIRECT))
    dialog.controls.probe_to.setText(" anna@a.example ")
    dialog.test_button.click()
    settle()
    assert desk.tested_to == ["anna@a.example"]
    for part in ("OP25B", "587", "a.example, b.example"):
        assert part in dialog.notice.text
    assert dialog.test_button.isEnabled()


@pytest.mark.parametrize(
    ("verified", "part"),
    [
        (Verified.MTA_STS, "vouches for this server (MTA-STS)"),
        (Verified.DANE, "(DANE)"),
        (Verified.OPPORTUNISTIC, "neither MTA-STS nor DANE"),
        (Verified.CERTIFICATE, "certificate was checked"),
    ],
)
def test_how_the_other_end_proved_itself_is_told(
    open_dialog: Callable[..., RouteDialog], desk: Desk, settle: Settle, verified: Verified, part: str
) -> None:
    desk.found = ProbeResult(ok=True, tls="TLSv1.3", verified=verified)
    dialog = open_dialog(FULL)
    dialog.test_button.click()
    settle()
    assert part in dialog.notice.text
    assert "TLSv1.3" in dialog.notice.text


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("doubt", AddressDoubt)
def test_what_receivers_hold_against_the_line_is_told(
    open_dialog: Callable[..., RouteDialog], desk: Desk, settle: Settle, context: Context, doubt: AddressDoubt
) -> None:
    address = OwnAddress("203.0.113.7", "p7.flets.isp.example", doubt)
    desk.found = ProbeResult(ok=True, tls="TLSv1.3", address=address)
    dialog = open_dialog(Route("Direct", RouteKind.DIRECT))
    dialog.test_button.click()
    settle()
    doubted = doubt is not AddressDoubt.NONE
    assert ("203.0.113.7" in dialog.notice.text) is doubted
    assert not doubted or context.phrase("own_address_do", doubt) in dialog.notice.text
    assert dialog.notice.property("tone") == ("warn" if doubted else "good")


def test_a_dialog_that_is_closed_hears_nothing_more(
    open_dialog: Callable[..., RouteDialog], settle: Settle
) -> None:
    dialog = open_dialog(FULL)
    dialog.test_button.click()
    dialog.reject()
    settle()
    assert dialog.notice.text == ""


# -- signing in


def test_a_refusal_is_told_and_the_button_comes_back(
    open_dialog: Callable[..., RouteDialog], desk: Desk, settle: Settle
) -> None:
    desk.refusal = Refused(ErrorCode.SIGN_IN_REFUSED, name="Full", provider="fake", detail="access_denied")
    dialog = open_dialog(replace(FULL, oauth="fake", client_id="id"))
    dialog.sign_in.button.click()
    settle()
    assert desk.pages == ["https://login.example/agree"]
    assert "access_denied" in dialog.notice.text
    assert dialog.sign_in.button.isEnabled()
    assert dialog.sign_in.chip.text() == "Not signed in yet"


class VisitingDesk(RouteDesk):
    """The page's own, with a person in the browser who agrees at once; ``absent`` nobody comes."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.absent = False
        self.pages: list[str] = []

    def open_page(self, page: str) -> bool:
        self.pages.append(page)
        if not self.absent:
            self._tasks.start(self._tasks.in_worker(visit, page))
        return not self.absent


@pytest.fixture
def provider(context: Context, tmp_path: Path) -> Iterator[FakeOAuthServer]:
    with FakeOAuthServer() as server:
        path = tmp_path / "providers.toml"
        path.write_text(server.providers_toml(), encoding="utf-8")
        settings.set_value(context.workspace, "oauth.providers_file", str(path))
        yield server


@pytest.fixture
def account(context: Context, provider: FakeOAuthServer, settle: Settle) -> Iterator[RouteDialog]:
    """A new account at the provider, ready to be signed in to."""
    desk = VisitingDesk(context)
    ws = context.workspace
    around = Surroundings(providers=sign_in.providers(ws), code_givers=sign_in.code_givers(ws))
    dialog = RouteDialog(context, desk, None, around)
    dialog.open()
    fields = dialog.controls
    fields.how.choose(RouteKind.SMARTHOST, "fake")
    fields.name.setText("Shop")
    fields.host.setText("smtp.example.jp")
    fields.user.setText("me@shop.example")
    fields.client_id.setText(CLIENT)
    fields.password.setText(SECRET)
    settle()
    yield dialog
    dialog.reject()
    settle()
    dialog.deleteLater()


def test_signing_in_keeps_the_route_and_what_the_provider_gave(
    account: RouteDialog, context: Context, settle: Settle, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []
    account.signed_in.connect(heard.append)
    account.sign_in.button.click()
    settle()
    assert heard == ["Shop"]
    assert account.notice.text.startswith("Signed in.")
    assert account.sign_in.chip.text() == "Signed in"
    assert account.kept_name == "Shop"
    kept = routes.load(context.workspace, "Shop")
    assert (kept.oauth, kept.client_id) == ("fake", CLIENT)
    assert not sign_in.wants_sign_in(context.workspace, kept)
    for secret in (SECRET, "refresh-0", "access-geheim"):
        assert secret not in caplog.text
        assert secret not in account.notice.text


def test_calling_off_ends_the_wait(account: RouteDialog, context: Context, settle: Settle) -> None:
    desk = account._desk
    assert isinstance(desk, VisitingDesk)
    desk.absent = True
    account.sign_in.button.click()
    _until(settle, context, lambda: bool(desk.pages))
    wait = account.sign_in.wait
    assert wait.cancel.isVisible()
    assert "No browser" in wait.text.text()
    wait.copy.click()
    assert QGuiApplication.clipboard().text() == desk.pages[0]
    wait.cancel.click()
    settle()
    assert account.notice.text == "The sign-in was called off."
    assert account.sign_in.button.isVisible()
    assert not account.sign_in.is_waiting


# -- signing in on another device


def _show_code(account: RouteDialog, context: Context, settle: Settle) -> SignInWait:
    wait = account.sign_in.wait
    account.sign_in.other.click()
    _until(settle, context, wait.code.isVisible)
    return wait


def test_a_code_is_shown_and_typed_elsewhere(
    account: RouteDialog, context: Context, provider: FakeOAuthServer, settle: Settle
) -> None:
    desk = account._desk
    assert isinstance(desk, VisitingDesk)
    provider.pending = 1
    wait = _show_code(account, context, settle)
    page = f"{provider.base}/activate"
    assert wait.code.text() == "ABCD-EFGH"
    assert page in wait.text.text()
    assert re.search(r"good until (tomorrow )?\d\d:\d\d", wait.until.text())
    assert nameless(account) == []
    wait.copy_code.click()
    assert QGuiApplication.clipboard().text() == "ABCD-EFGH"
    wait.copy.click()
    assert QGuiApplication.clipboard().text() == page
    assert desk.pages == []
    desk.absent = True  # only to open the page: who agrees does so elsewhere
    wait.again.click()
    assert desk.pages == [page]
    assert page in wait.text.text()
    settle()
    assert account.notice.text.startswith("Signed in.")
    assert not wait.isVisible()
    kept = routes.load(context.workspace, "Shop")
    assert not sign_in.wants_sign_in(context.workspace, kept)


def test_a_code_that_nobody_typed_expires(
    account: RouteDialog, context: Context, provider: FakeOAuthServer, settle: Settle
) -> None:
    provider.pending, provider.code_seconds = 1000, 1
    _show_code(account, context, settle)
    settle()
    assert account.notice.text.startswith("Nobody agreed in time.")
    assert account.sign_in.other.isVisible()
    assert account.sign_in.other.isEnabled()


def test_the_wait_for_a_code_is_called_off(
    account: RouteDialog, context: Context, provider: FakeOAuthServer, settle: Settle
) -> None:
    provider.pending = 1000
    _show_code(account, context, settle).cancel.click()
    settle()
    assert account.notice.text == "The sign-in was called off."
    assert context.tasks.running == 0


def test_only_who_gives_out_codes_offers_that(open_dialog: Callable[..., RouteDialog]) -> None:
    dialog = open_dialog()
    for key, offered in (("google", False), ("microsoft", True)):
        dialog.controls.how.choose(RouteKind.SMARTHOST, key)
        assert dialog.sign_in.other.isVisible() is offered


def test_closing_the_dialog_ends_the_wait_too(account: RouteDialog, context: Context, settle: Settle) -> None:
    desk = account._desk
    assert isinstance(desk, VisitingDesk)
    desk.absent = True
    account.sign_in.button.click()
    _until(settle, context, lambda: bool(desk.pages))
    account.reject()
    settle()  # would take five minutes if somebody still waited
    assert context.tasks.running == 0


def _until(settle: Settle, context: Context, holds: Callable[[], bool]) -> None:
    """Turn the loop while something is meant to go on."""
    loop = context.tasks._loop

    async def turn() -> None:
        for _ in range(400):
            if holds():
                return
            await asyncio.sleep(0.01)

    loop.run_until_complete(turn())
    assert holds()


# -- the page


def _pause(engine: FakeEngine, context: Context, route: Route, reason: PauseReason) -> int:
    campaign = 1
    engine.really_submit(context.workspace, campaign)
    with open_spool_for_engine(engine.directory) as db:
        now = context.workspace.now()
        Spool(db).move_campaign(campaign, CampaignState.SENDING, PauseReason.NONE, now)
        Spool(db).move_campaign(campaign, CampaignState.PAUSED, reason, now)
    return campaign


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    ("kind", "provider_key"),
    [
        (RouteKind.SMARTHOST, ""),
        (RouteKind.SMARTHOST, "google"),
        (RouteKind.SMARTHOST, "microsoft"),
        (RouteKind.POOL, ""),
        (RouteKind.DIRECT, ""),
    ],
)
def test_everybody_can_work_it(
    open_dialog: Callable[..., RouteDialog],
    settle: Settle,
    language: str,
    kind: RouteKind,
    provider_key: str,
) -> None:
    dialog = open_dialog()
    dialog.controls.how.choose(kind, provider_key)
    dialog.fold.click()
    settle()
    assert nameless(dialog) == []
    assert twice(letters(dialog)) == []
    for button in dialog.findChildren(QAbstractButton):
        if button.isVisible() and button.text():
            assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_the_list_tells_what_each_route_is(
    context: Context, show: Callable[[QWidget], QWidget], settle: Settle
) -> None:
    ws = context.workspace
    for route in (replace(ONE, daily_quota=500), TWO, POOL):
        routes.save(ws, route)
    routes.save(ws, replace(ONE, name="Google", oauth="google", client_id="id"))
    routes.save(ws, Route("Direct", RouteKind.DIRECT, fallback="Both"))
    page = Page(context)
    show(page)
    told = "\n".join(each.text() for each in page.routes.findChildren(QWidget) if hasattr(each, "text"))
    parts = ("today 0 of 500", "One ×2 · Two ×1", "not signed in yet", "when blocked, over Both", "Sign in…")
    for part in parts:
        assert part in told


def test_a_mended_route_offers_to_go_on(
    context: Context, engine: FakeEngine, show: Callable[[QWidget], QWidget], settle: Settle
) -> None:
    campaign = _pause(engine, context, ONE, PauseReason.LOGIN_FAILED)
    page = Page(context)
    show(page)
    page._routes._go_on("sandbox")
    settle()
    (notice,) = [each for each in page.findChildren(Notice) if each.objectName() == f"waiting-{campaign}"]
    assert notice.isVisible()
    notice.button.click()
    settle()
    assert type(engine.commands[-1]).__name__ == "Resume"
    assert not notice.isVisible()


CERTIFICATE = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed:"


@pytest.mark.parametrize(
    ("problem", "detail", "parts"),
    [
        (Reason.NO_SUCH_DOMAIN, "smtp.exmaple.jp", ("no server of this name", "spelt")),
        (Reason.CONNECT_REFUSED, "[Errno 111] Connect call failed", ("port", "in detail: [Errno 111]")),
        (Reason.CONNECT_TIMEOUT, "timed out", ("port", "in detail: timed out")),
        (Reason.TLS_FAILED, "[SSL: WRONG_VERSION_NUMBER]", ("encryption", "in detail: [SSL")),
        (Reason.LOGIN_FAILED, "535 5.7.8 no", ("user name or password", "it says: 535 5.7.8 no")),
        (Reason.LOGIN_FAILED, "", ("offers no login", "encryption")),
        (Reason.LOGIN_FAILED, "530 5.7.0 Must issue STARTTLS", ("encrypted line only", "it says: 530")),
        (
            Reason.PROTOCOL,
            "Malformed line: +OK POP3\n",
            ("no server for sending", "in detail: Malf", "POP3)"),
        ),
        (Reason.TLS_FAILED, f"{CERTIFICATE} Hostname mismatch", ("another name", "server, encryption")),
        (Reason.TLS_FAILED, f"{CERTIFICATE} certificate has expired", ("date and time", "in detail")),
        (Reason.TLS_FAILED, f"{CERTIFICATE} self-signed certificate", ("vouches", "in detail")),
    ],
)
def test_an_account_that_cannot_be_reached_says_what_to_look_at(
    open_dialog: Callable[..., RouteDialog],
    desk: Desk,
    settle: Settle,
    problem: Reason,
    detail: str,
    parts: tuple[str, ...],
) -> None:
    desk.found = ProbeResult(ok=False, problem=problem, detail=detail)
    dialog = open_dialog(FULL)
    dialog.test_button.click()
    settle()
    for part in parts:
        assert part in dialog.notice.text
    assert "recipient" not in dialog.notice.text
    assert problem is Reason.LOGIN_FAILED or "it says" not in dialog.notice.text
    assert detail.startswith("535") or "user name or password" not in dialog.notice.text


def test_a_recipient_s_domain_that_a_server_refuses_is_not_the_server_s_name(
    open_dialog: Callable[..., RouteDialog], desk: Desk, settle: Settle
) -> None:
    desk.found = ProbeResult(
        ok=False, banner="220 there", problem=Reason.NO_SUCH_DOMAIN, detail="550 5.1.2 no such domain"
    )
    dialog = open_dialog(FULL)
    dialog.test_button.click()
    settle()
    assert "of this name" not in dialog.notice.text
    assert "it says: 550 5.1.2" in dialog.notice.text
