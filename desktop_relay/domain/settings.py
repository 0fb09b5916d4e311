"""Every setting, declared once: name, type and default; the meaning stands in the phrases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf, isfinite

from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound
from desktop_relay.domain.outgoing import DeliveryNotifications

Value = str | int | float | bool | tuple[str, ...]


class SettingType(StrEnum):
    """How a setting's text is read."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    SWITCH = "switch"
    LIST = "list"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; ``choices`` for CHOICE, ``minimum`` and ``maximum`` for numbers."""

    key: str
    type: SettingType
    default: Value
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


SETTINGS: Mapping[str, Setting] = {
    setting.key: setting
    for setting in (
        Setting("ui.language", SettingType.CHOICE, "auto", choices=("auto", "ja", "en")),
        Setting("ui.theme", SettingType.CHOICE, "auto", choices=("auto", "light", "dark")),
        Setting("ui.keep_sending", SettingType.SWITCH, True),
        Setting("dns.nameservers", SettingType.LIST, ()),
        Setting("dns.timeout", SettingType.NUMBER, 5.0, minimum=0.1, maximum=300),
        Setting("direct.port", SettingType.INTEGER, 25, minimum=1, maximum=65535),
        Setting("direct.ipv6", SettingType.SWITCH, False),
        Setting("sandbox.speed", SettingType.NUMBER, 20.0, minimum=1, maximum=10_000),
        Setting("sandbox.seed", SettingType.INTEGER, 1, minimum=0, maximum=2**31),
        Setting("sandbox.faults", SettingType.SWITCH, True),
        Setting("engine.expire", SettingType.NUMBER, 172800.0, minimum=60, maximum=2_592_000),
        Setting("engine.ehlo_name", SettingType.TEXT, ""),
        Setting("engine.keep_awake", SettingType.SWITCH, True),
        Setting("tls.ca_file", SettingType.TEXT, ""),
        Setting("tls.mta_sts", SettingType.SWITCH, True),
        Setting("tls.dane", SettingType.CHOICE, "auto", choices=("auto", "on", "off")),
        Setting("sandbox.brakes", SettingType.SWITCH, False),
        Setting("oauth.providers_file", SettingType.TEXT, ""),
        Setting(
            "campaign.delivery_notifications",
            SettingType.CHOICE,
            DeliveryNotifications.OFF.value,
            choices=tuple(each.value for each in DeliveryNotifications),
        ),
        Setting("campaign.hold_without_consent", SettingType.SWITCH, True),
        Setting("backup.daily", SettingType.SWITCH, True),
        Setting("backup.kept", SettingType.INTEGER, 14, minimum=1, maximum=1000),
        Setting("backup.folder", SettingType.TEXT, ""),
        Setting("campaign.canary_minutes", SettingType.NUMBER, 30.0, minimum=1, maximum=1440),
    )
}

_SWITCH = {
    "true": True,
    "on": True,
    "yes": True,
    "1": True,
    "false": False,
    "off": False,
    "no": False,
    "0": False,
}


def find_setting(key: str) -> Setting:
    """The declaration of ``key``; raises ``NotFound``."""
    setting = SETTINGS.get(key)
    if setting is None:
        raise NotFound(ErrorCode.NO_SUCH_SETTING, key=key)
    return setting


def parse_setting(key: str, text: str) -> Value:
    """The value that ``text`` means; raises ``NotFound`` or ``BadInput`` (``setting_invalid``)."""
    setting = find_setting(key)
    try:
        value = _parse(setting, text.strip())
    except (ValueError, KeyError) as error:
        raise BadInput(ErrorCode.SETTING_INVALID, key=key, value=text) from error
    if not _is_within(setting, value) or (setting.choices and value not in setting.choices):
        raise BadInput(ErrorCode.SETTING_INVALID, key=key, value=text)
    return value


def _is_within(setting: Setting, value: Value) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return True
    lowest = -inf if setting.minimum is None else setting.minimum
    highest = inf if setting.maximum is None else setting.maximum
    return isfinite(value) and lowest <= value <= highest


def _parse(setting: Setting, text: str) -> Value:
    match setting.type:
        case SettingType.INTEGER:
            return int(text)
        case SettingType.NUMBER:
            return float(text)
        case SettingType.SWITCH:
            return _SWITCH[text.lower()]
        case SettingType.LIST:
            return tuple(part.strip() for part in text.split(",") if part.strip())
        case SettingType.TEXT | SettingType.CHOICE:
            return text


def format_setting(value: Value) -> str:
    """The text that ``parse_setting`` reads back."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value)
