"""The preview against a mail that tries everything to be noticed: nobody may hear of it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWebEngineCore import QWebEngineProfile, QWebEngineScript
from PySide6.QtWidgets import QApplication

from desktop_relay.operations import preview

from ui.widgets.mail_view import MailView, mail_profile

_QUIET_MILLISECONDS = 1200


class Listener:
    """Counts everybody who connects, and takes note of what they ask for."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(0.2)
                try:
                    self.heard.append(connection.recv(200))
                except TimeoutError:
                    self.heard.append(b"")

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(timeout=5)


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> Iterator[MailView]:
    made = MailView("mail")
    made.resize(600, 400)
    made.show()
    yield made
    made.hide()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(made, QEvent.Type.DeferredDelete.value)
    qapp.processEvents()


def hostile(port: int) -> str:
    at = f"http://127.0.0.1:{port}"
    named = f"http://localhost:{port}"
    return f"""<!DOCTYPE html>
<html><head>
<base href="{at}/base/">
<link rel="preconnect" href="{at}/1"><link rel="dns-prefetch" href="{named}">
<link rel="preload" as="image" href="{at}/2">
<link rel="prefetch" href="{at}/3"><link rel="stylesheet" href="{at}/4.css">
<link rel="icon" href="{at}/5.ico">
<link rel="modulepreload" href="{at}/6.js"><link rel="manifest" href="{at}/7.json">
<link rel="prerender" href="{at}/8">
<meta http-equiv="refresh" content="0; url={at}/9">
<meta http-equiv="Link" content="<{at}/10>; rel=preconnect">
<style>@import url("{at}/11.css"); @font-face {{ font-family: x; src: url("{at}/12.woff"); }}
body {{ background: url("{at}/13.png"); font-family: x; }}
.a::after {{ content: url("{at}/14.png"); }}</style>
<script>new Image().src = "{at}/15"; fetch("{at}/16"); new WebSocket("ws://127.0.0.1:{port}/17");
navigator.sendBeacon("{at}/18"); document.title = "ran";</script>
</head>
<body onload="location = '{at}/19'" background="{at}/20.png">
<p id="words">Hello</p><p class="a"></p>
<img src="{at}/21.png" srcset="{at}/22.png 2x" onerror="location='{at}/23'"><img src="relative.png">
<picture><source srcset="{at}/24.webp"><img src="x"></picture>
<video src="{at}/25.mp4" poster="{at}/26.png" autoplay></video><audio src="{at}/27.mp3" autoplay></audio>
<iframe src="{at}/28"></iframe><iframe srcdoc="<img src={at}/29>"></iframe>
<object data="{at}/30"></object><embed src="{at}/31">
<svg xmlns="http://www.w3.org/2000/svg"><image href="{at}/32.png"/><use href="{at}/33.svg#a"/></svg>
<form action="{at}/34" id="f"><input type="image" src="{at}/35.png"></form>
<table background="{at}/36.png"><tr><td style="background-image: url({at}/37.png)">x</td></tr></table>
<a href="{at}/38" ping="{at}/39" id="link">link</a>
<div style="list-style: url({named}/40.png)">x</div>
<script src="{at}/41.js"></script>
</body></html>"""


def load(qtbot: QtBot, view: MailView, html: str) -> None:
    with qtbot.waitSignal(view.loaded, timeout=30_000):
        view.show_html(html)


def text_of(qtbot: QtBot, view: MailView) -> str:
    found: list[str] = []
    view.view.page().toPlainText(found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=10_000)
    return found[0]


def test_the_listener_does_hear(listener: Listener) -> None:
    with socket.create_connection(("127.0.0.1", listener.port)) as line:
        line.sendall(b"x")
        line.recv(1)
    assert len(listener.heard) == 1


def test_nobody_hears_of_a_mail_made_safe(qtbot: QtBot, view: MailView, listener: Listener) -> None:
    load(qtbot, view, preview.safe_html(hostile(listener.port)))
    qtbot.wait(_QUIET_MILLISECONDS)
    assert listener.heard == []
    assert "Hello" in text_of(qtbot, view)


def test_the_engines_own_locks_leave_no_request_either(
    qtbot: QtBot, view: MailView, listener: Listener
) -> None:
    """Not made safe: an open line may pass (``rel=preconnect`` to a number), but never a request."""
    load(qtbot, view, hostile(listener.port))
    qtbot.wait(_QUIET_MILLISECONDS)
    assert [heard for heard in listener.heard if heard] == []


def test_scripts_do_not_run(qtbot: QtBot, view: MailView) -> None:
    load(qtbot, view, "<title>still</title><p>x</p><script>document.title='ran'</script>")
    qtbot.wait(200)
    assert view.view.page().title() == "still"


def test_a_click_on_a_link_leads_nowhere(qtbot: QtBot, view: MailView, listener: Listener) -> None:
    load(qtbot, view, f'<a id="link" href="http://127.0.0.1:{listener.port}/">link</a>')
    before = view.view.url()
    # our own world may act where the page's own scripts may not
    view.view.page().runJavaScript(
        "document.getElementById('link').click()", QWebEngineScript.ScriptWorldId.ApplicationWorld.value
    )
    qtbot.wait(400)
    assert view.view.url() == before
    assert listener.heard == []


def test_mails_beyond_two_megabytes_are_shown(qtbot: QtBot, view: MailView) -> None:
    load(qtbot, view, "<p>" + "あ" * 1_000_000 + "</p><p>the end</p>")
    assert text_of(qtbot, view).rstrip().endswith("the end")


def test_there_is_one_profile_and_it_keeps_nothing(qapp: QApplication, view: MailView) -> None:
    other = MailView("other")
    assert other.view.page().profile() is mail_profile()
    assert len(qapp.findChildren(QWebEngineProfile)) == 1
    assert mail_profile().isOffTheRecord()
    other.deleteLater()


def test_a_narrow_view_plays_the_whole_width(qtbot: QtBot, view: MailView) -> None:
    view.resize(340, 400)
    view.show_as(680)
    assert view.view.zoomFactor() == pytest.approx(0.5, abs=0.01)
    view.show_as(200)
    assert view.view.zoomFactor() == pytest.approx(1.0)
