"""The error tree: what went wrong as a code with parameters, split by what the caller can do.

    RelayError
    ├── NotFound            the named thing does not exist            (exit 4)
    ├── Refused             the request makes no sense in this state  (exit 1)
    ├── BadInput            a file, template or value is unusable     (exit 1)
    ├── StoreUnusable       the data directory cannot be worked with  (exit 1)
    ├── BlockedByCheck      a red check stands in the way             (exit 3)
    └── EngineUnreachable   nobody answers on the engine's socket     (exit 5)

Codes become sentences only in the window and on the command line (``resources/phrases``).
Delivery failure is not an error but a value: see ``domain.outcome``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum


class ErrorCode(StrEnum):
    """Every error a person can meet; each has a sentence in each language."""

    # things that are not there
    NO_SUCH_CONTACT = "no_such_contact"
    NO_SUCH_LIST = "no_such_list"
    NO_SUCH_TEMPLATE = "no_such_template"
    NO_SUCH_CAMPAIGN = "no_such_campaign"
    NO_SUCH_ROUTE = "no_such_route"
    NO_SUCH_IDENTITY = "no_such_identity"
    NO_SUCH_LANE = "no_such_lane"
    NO_SUCH_IMPORT = "no_such_import"
    NO_SUCH_SETTING = "no_such_setting"
    NO_SUCH_FILE = "no_such_file"
    NO_SUCH_SUPPRESSION = "no_such_suppression"
    NO_SUCH_RECIPIENT = "no_such_recipient"

    # requests that make no sense now
    NAME_TAKEN = "name_taken"
    CHANGED_ELSEWHERE = "changed_elsewhere"
    DRAFT_INCOMPLETE = "draft_incomplete"
    TEMPLATE_UNSAVED = "template_unsaved"
    TRANSITION_REFUSED = "transition_refused"
    ROUTE_IN_USE = "route_in_use"
    ROUTE_IS_NAMED = "route_is_named"
    ROUTE_IS_PRACTICE = "route_is_practice"
    ROUTE_WITHOUT_OAUTH = "route_without_oauth"
    NO_DEVICE_FLOW = "no_device_flow"
    SIGN_IN_TIMED_OUT = "sign_in_timed_out"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_IN_CALLED_OFF = "sign_in_called_off"
    TEST_CALLED_OFF = "test_called_off"
    CAMPAIGN_ALREADY_SENT = "campaign_already_sent"
    CAMPAIGN_JUST_BEGUN = "campaign_just_begun"
    CAMPAIGN_STILL_ENDING = "campaign_still_ending"
    CAMPAIGN_OVER = "campaign_over"
    CAMPAIGN_IS_ANOTHER = "campaign_is_another"
    NO_RECIPIENTS = "no_recipients"
    IMPORT_ALREADY_UNDONE = "import_already_undone"

    # unusable input
    FILE_UNREADABLE = "file_unreadable"
    FILE_TOO_LARGE = "file_too_large"
    FILE_EMPTY = "file_empty"
    FILE_NOT_TEXT = "file_not_text"
    FILE_GARBLED = "file_garbled"
    FILE_UNWRITABLE = "file_unwritable"
    ENCODING_WRONG = "encoding_wrong"
    ENCODING_UNKNOWN = "encoding_unknown"
    LINE_TOO_LONG = "line_too_long"
    NO_ADDRESS_COLUMN = "no_address_column"
    NO_SUCH_COLUMN = "no_such_column"
    FORMAT_UNKNOWN = "format_unknown"
    TEMPLATE_FORMAT_UNKNOWN = "template_format_unknown"
    ADDRESS_INVALID = "address_invalid"
    TEMPLATE_BROKEN = "template_broken"
    TEMPLATE_TOO_SLOW = "template_too_slow"
    TEMPLATE_TOO_LONG = "template_too_long"
    MERGE_FIELD_MISSING = "merge_field_missing"
    HEADER_INJECTION = "header_injection"
    ATTACHMENT_GONE = "attachment_gone"
    SETTING_INVALID = "setting_invalid"
    VALUE_INVALID = "value_invalid"
    WARMUP_TOO_FAST = "warmup_too_fast"
    PROFILE_INVALID = "profile_invalid"
    SCENARIO_INVALID = "scenario_invalid"
    SCENARIO_UNREADABLE = "scenario_unreadable"
    PROVIDERS_INVALID = "providers_invalid"
    NO_SUCH_PROVIDER = "no_such_provider"
    NAME_EMPTY = "name_empty"
    KEY_INVALID = "key_invalid"
    BACKUP_DAMAGED = "backup_damaged"
    BACKUP_NEWER = "backup_newer"
    BACKUP_NO_ROOM = "backup_no_room"
    BACKUP_FOLDER = "backup_folder"
    PASSPHRASE_NEEDED = "passphrase_needed"  # noqa: S105
    PASSPHRASE_WRONG = "passphrase_wrong"  # noqa: S105

    # the data directory
    DATA_LOCKED = "data_locked"
    DATA_READ_ONLY = "data_read_only"
    DATA_NEWER = "data_newer"
    DATA_CORRUPT = "data_corrupt"
    DATA_BUSY = "data_busy"
    DATA_GONE = "data_gone"
    DATA_IN_USE = "data_in_use"
    DATA_MOVED = "data_moved"
    DISK_FULL = "disk_full"
    SECRET_UNREADABLE = "secret_unreadable"  # noqa: S105

    # checks and the engine
    CHECK_BLOCKS = "check_blocks"
    ENGINE_NOT_RUNNING = "engine_not_running"
    ENGINE_SILENT = "engine_silent"
    ENGINE_STOPPING = "engine_stopping"
    ENGINE_DID_NOT_START = "engine_did_not_start"
    ENGINE_VERSION = "engine_version"
    COMMAND_INVALID = "command_invalid"
    WINDOW_NOT_INSTALLED = "window_not_installed"
    INTERNAL = "internal"


class RelayError(Exception):
    """Something a person can be told in one sentence: ``code`` with its ``params``."""

    exit_code = 1

    def __init__(self, code: ErrorCode, /, **params: str | int | float) -> None:
        super().__init__(code.value, params)
        self.code = code
        self.params: Mapping[str, str | int | float] = params

    def __reduce__(self) -> tuple[Callable[..., RelayError], tuple[object, ...]]:
        # an exception is pickled by its ``args``, which are not what this one is made of
        return _rebuilt, (type(self), self.code, dict(self.params))

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code.value}({details})"


def _rebuilt(kind: type[RelayError], code: ErrorCode, params: Mapping[str, str | int | float]) -> RelayError:
    return kind(code, **params)


class NotFound(RelayError):
    """The thing that was named does not exist."""

    exit_code = 4


class Refused(RelayError):
    """The request is well formed but makes no sense in the present state."""


class BadInput(RelayError):
    """A file, a template, an address or a value that cannot be used as it is."""


class StoreUnusable(RelayError):
    """The data directory or one of its databases cannot be worked with."""


class BlockedByCheck(RelayError):
    """A red check stands in the way of sending."""

    exit_code = 3


class EngineUnreachable(RelayError):
    """No engine answers for this data directory."""

    exit_code = 5


ERROR_CLASSES: Mapping[str, type[RelayError]] = {
    cls.__name__: cls
    for cls in (NotFound, Refused, BadInput, StoreUnusable, BlockedByCheck, EngineUnreachable, RelayError)
}
"""Class by name, so that an error crosses the local socket and comes out as itself."""
