"""Settings: read back as set, and nothing that the engine would stumble over later."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_relay.domain.command import ReloadSettings
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound
from desktop_relay.domain.settings import SETTINGS, Value, format_setting, parse_setting
from desktop_relay.operations import settings
from desktop_relay.operations.workspace import Workspace
from tests.fakes.engine_link import FakeEngineLink


def test_every_default_can_be_typed(ws: Workspace) -> None:
    assert {setting.key: value for setting, value in settings.overview(ws)} == {
        key: setting.default for key, setting in SETTINGS.items()
    }
    for key, setting in SETTINGS.items():
        assert parse_setting(key, format_setting(setting.default)) == setting.default
        assert settings.set_value(ws, key, format_setting(setting.default))[0] == setting.default


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("ui.language", "ja", "ja"),
        ("direct.port", " 2525 ", 2525),
        ("sandbox.faults", "Off", False),
        ("engine.expire", "3600", 3600.0),
        ("dns.nameservers", "127.0.0.1:5353, ::1, [::1]:53,", ("127.0.0.1:5353", "::1", "[::1]:53")),
        ("dns.nameservers", "", ()),
        ("engine.ehlo_name", "mail.example.jp", "mail.example.jp"),
        ("tls.ca_file", "", ""),
    ],
)
def test_set_and_read_back(ws: Workspace, engine: FakeEngineLink, key: str, text: str, value: Value) -> None:
    kept, changes = settings.set_value(ws, key, text)
    assert (kept, changes.settings) == (value, True)
    assert settings.get(ws, key) == value
    assert engine.commands == [ReloadSettings()]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("ui.language", "fr"),
        ("direct.port", "0"),
        ("direct.port", "65536"),
        ("direct.port", "25.5"),
        ("direct.ipv6", "perhaps"),
        ("engine.expire", "nan"),
        ("engine.expire", "inf"),
        ("engine.expire", "1e300"),
        ("engine.expire", "-1"),
        ("sandbox.speed", "0"),
        ("sandbox.seed", "1" * 30),
        ("dns.timeout", "0"),
        ("dns.nameservers", "ns.example.jp"),
        ("dns.nameservers", "127.0.0.1:0"),
        ("dns.nameservers", "127.0.0.1:port"),
        ("dns.nameservers", "300.0.0.1"),
        ("engine.ehlo_name", "a\r\nMAIL FROM:<b@c>"),
        ("engine.ehlo_name", "店のパソコン"),
        ("tls.ca_file", "/no/such/file.pem"),
        ("oauth.providers_file", "/no/such/file.toml"),
    ],
)
def test_impossible_values(ws: Workspace, engine: FakeEngineLink, key: str, text: str) -> None:
    with pytest.raises(BadInput) as caught:
        settings.set_value(ws, key, text)
    assert caught.value.code is ErrorCode.SETTING_INVALID
    assert caught.value.params == {"key": key, "value": text}
    assert settings.get(ws, key) == SETTINGS[key].default
    assert engine.commands == []


@pytest.mark.parametrize("key", ["tls.ca_file", "oauth.providers_file"])
def test_a_file_wherever_it_was_named_from(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    path = tmp_path / "a.file"
    path.write_text("x")
    assert settings.set_value(ws, key, str(path))[0] == str(path)
    monkeypatch.chdir(tmp_path)
    assert settings.set_value(ws, key, "a.file")[0] == str(path)


def test_a_setting_nobody_declared(ws: Workspace) -> None:
    with pytest.raises(NotFound):
        settings.get(ws, "no.such")
    with pytest.raises(NotFound):
        settings.set_value(ws, "no.such", "1")
