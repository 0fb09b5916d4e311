"""Settings: read, change, list."""

from __future__ import annotations

from pathlib import Path

from desktop_relay.domain.changes import Changes
from desktop_relay.domain.command import ReloadSettings
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.settings import SETTINGS, Setting, Value, find_setting, parse_setting
from desktop_relay.operations.hosts import is_nameserver, is_own_name
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.settings import load_settings, save_setting

_PATHS = ("tls.ca_file", "oauth.providers_file", "backup.folder")


def get(ws: Workspace, key: str) -> Value:
    """The value in force; raises ``NotFound``."""
    find_setting(key)
    return load_settings(ws.library)[key]


def set_value(ws: Workspace, key: str, text: str) -> tuple[Value, Changes]:
    """Set from text; a running engine hears of it. Raises ``NotFound`` or ``BadInput``."""
    value = parse_setting(key, text)
    if key in _PATHS and value:
        value = str(Path(text.strip()).expanduser().absolute())  # the engine stands in another folder
    if not _is_usable(key, value):
        raise BadInput(ErrorCode.SETTING_INVALID, key=key, value=text)
    save_setting(ws.library, key, value)
    ws.engine.find(ReloadSettings())
    return value, Changes(settings=True)


def _is_usable(key: str, value: Value) -> bool:
    """What the engine would stumble over later is told now."""
    match key:
        case "dns.nameservers":
            return isinstance(value, tuple) and all(is_nameserver(server) for server in value)
        case "engine.ehlo_name":
            return not value or is_own_name(str(value))
        case "tls.ca_file" | "oauth.providers_file":
            return not value or Path(str(value)).is_file()
    return True


def overview(ws: Workspace) -> list[tuple[Setting, Value]]:
    """Every setting with its value."""
    values = load_settings(ws.library)
    return [(setting, values[key]) for key, setting in SETTINGS.items()]
