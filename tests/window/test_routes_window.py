"""A shop owner signs in to an account and spreads mail over two, with mouse and keyboard on a real screen."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.program import Program
from tests.fakes.oauth_server import CLIENT, SECRET, FakeOAuthServer
from tests.window.real_window import RealWindow, open_window
from tests.window.screen import Hand, open_screen

pytestmark = [pytest.mark.window, pytest.mark.real]

ROOT = Path(__file__).resolve().parents[2]
BROWSER = """#!/bin/sh
cd {root} && exec {python} -c \\
"import sys; from tests.fakes.oauth_server import visit; visit(sys.argv[1])" "$1"
"""


@pytest.fixture
def display(tmp_path: Path) -> Iterator[str]:
    for name in ("Xvfb", "xdotool"):
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not installed")
    with open_screen(tmp_path) as name:
        yield name


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
            window.until(lambda state: not state.find("保存", "PushButton"), "the dialog closes")

            program.call("route", "add", "Second", "--kind", "smarthost", "--host", "mail.example.jp")
            window.click("経路を追加", "PushButton")
            choose_kind(window, 4)
            window.fill("名前", "Both", "LineEdit")
            window.click("Shop", "CheckBox")
            window.click("Second", "CheckBox")
            window.click("保存", "PushButton")
            window.until(lambda state: not state.find("保存", "PushButton"), "the dialog closes")
            known = {route["route"]: route for route in program.lines("route", "list")}
            assert known["Shop"]["oauth"] == "fake"
            assert sorted(known["Both"]["members"]) == ["Second:1", "Shop:1"]
            assert window.errors == ""
    program.stop()
