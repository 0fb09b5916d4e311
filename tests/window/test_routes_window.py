"""A shop owner signs in to an account and spreads mail over two, with mouse and keyboard on a real screen."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.e2e.program import Program
from tests.fakes.oauth_server import CLIENT, SECRET, FakeOAuthServer
from tests.window.real_window import RealWindow, open_window
from tests.window.screen import Hand

pytestmark = [pytest.mark.window, pytest.mark.real]

ROOT = Path(__file__).resolve().parents[2]
BROWSER = """#!/bin/sh
cd {root} && exec {python} -c \\
"import sys; from tests.fakes.oauth_server import visit; visit(sys.argv[1])" "$1"
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Where the desktop finds its browser: one in which somebody agrees at once."""
    browser = tmp_path / "bin" / "xdg-open"
    browser.parent.mkdir()
    browser.write_text(BROWSER.format(root=ROOT, python=sys.executable), encoding="utf-8")
    browser.chmod(0o755)
    return f"{browser.parent}{os.pathsep}{os.environ['PATH']}"


def choose_kind(window: RealWindow, steps: int) -> None:
    """Open the combo and go down so many."""
    window.click("送り方", "HowCombo")
    window.hand.key("Home", *["Down"] * steps, "Return")
    window.settled()


def test_sign_in_and_a_pool(tmp_path: Path, display: str, path: str) -> None:
    program = Program(tmp_path / "data")
    with FakeOAuthServer() as server:
        providers = tmp_path / "providers.toml"
        providers.write_text(server.providers_toml(), encoding="utf-8")
        program.call("config", "set", "oauth.providers_file", str(providers))
        with open_window(program, Hand(display), display, PATH=path) as window:
            window.show_page("settings", "設定")
            window.click("経路を追加", "PushButton")
            choose_kind(window, 3)  # behind the password, Google and Microsoft
            for field, text in (
                ("名前", "Shop"),
                ("サーバー", "smtp.example.jp"),
                ("メールアドレス", "me@shop.example"),
                ("クライアント ID", CLIENT),
            ):
                window.fill(field, text, "LineEdit")
            window.click("クライアント シークレット", "LineEdit")
            window.hand.type(SECRET)
            window.click("Fake にサインイン", "PushButton")
            window.find("サインインできました")
            window.click("保存", "PushButton")
            window.until(lambda state: not state.find("キャンセル", "PushButton"), "the dialog closes")

            program.call("route", "add", "Second", "--kind", "smarthost", "--host", "mail.example.jp")
            window.click("経路を追加", "PushButton")
            choose_kind(window, 4)
            window.fill("名前", "Both", "LineEdit")
            window.click("Shop", "CheckBox")
            window.click("Second", "CheckBox")
            add_rule(window)
            window.click("保存", "PushButton")
            window.until(lambda state: not state.find("キャンセル", "PushButton"), "the dialog closes")
            rename(window, "Second", "予備")
            known = {route["route"]: route for route in program.lines("route", "list")}
            assert known["Shop"]["oauth"] == "fake"
            assert sorted(known["Both"]["members"]) == ["Shop:1", "予備:1"]
            assert known["Both"]["rules"] == ["lane:docomo from:@shop.example keep:100 -> 予備"]
            assert window.errors == ""
    program.stop()


def add_rule(window: RealWindow) -> None:
    """Mail to docomo from the shop goes over the second account, which keeps a hundred for other mail."""
    window.click("規則を追加", "PushButton")
    window.click("宛先", "CarrierChoice")
    window.hand.key("Down", "Return")
    window.click("差出人", "LineEdit")
    window.hand.type("@shop.example")
    window.click("経路", "ComboBox")
    window.hand.key("Home", "Return")
    window.click("残す数", "SpinBox")
    window.hand.key("ctrl+a")
    window.hand.type("100")
    window.hand.key("Tab")
    told = "NTTドコモあて、差出人 @shop.exampleのメールは「Second」で送ります。"
    window.until(lambda state: told in state.words, "the sentence")
    window.settled()  # the dialog has grown


def rename(window: RealWindow, name: str, new: str) -> None:
    """Give a route another name in its dialog."""
    window.click(f"編集…: {name}", "PushButton")
    window.fill("名前", new, "LineEdit")
    window.click("保存", "PushButton")
    window.until(lambda state: not state.find("キャンセル", "PushButton"), "the dialog closes")


def test_a_code_is_typed_on_another_device(tmp_path: Path, display: str) -> None:
    program = Program(tmp_path / "data")
    with FakeOAuthServer() as server:
        server.pending = 2
        providers = tmp_path / "providers.toml"
        providers.write_text(server.providers_toml(), encoding="utf-8")
        program.call("config", "set", "oauth.providers_file", str(providers))
        account = ("--host", "smtp.example.jp", "--user", "me@shop.example")
        client = ("--oauth", "fake", "--client-id", CLIENT, "--password-stdin")
        program.call("route", "add", "Shop", "--kind", "smarthost", *account, *client, stdin=f"{SECRET}\n")
        with open_window(program, Hand(display), display) as window:
            window.show_page("settings", "設定")
            window.click("サインイン…: Shop", "PushButton")
            window.click("ほかの機器でコードを入力してサインイン", "PushButton")
            window.find("ABCD-EFGH", "Label")
            window.find("コードをコピー", "PushButton")
            window.until(lambda state: f"{server.base}/activate を開き" in state.words, "the page to open")
            window.find("サインインできました")
            assert window.errors == ""
    program.stop()
