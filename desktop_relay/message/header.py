"""Header fields as octets: encoded words, folding, mailboxes and parameters."""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from desktop_relay.domain.address import Address
from desktop_relay.domain.errors import BadInput, ErrorCode

LONGEST_LINE = 76  # of one with encoded words, RFC 2047 2
_LONGEST_WORD = 60  # octets a plain word may have so that lines stay short
_AROUND = len("=?utf-8?B??=")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PHRASE = re.compile(rf"{_ATOM}(?: {_ATOM})*")  # RFC 5322 3.2.5
_FILE_CHARACTER = r"[A-Za-z0-9!#$&'()+,\-.;@\[\]^_`{}~]"
_PLAIN_PARAMETER = re.compile(rf"{_FILE_CHARACTER}+(?: {_FILE_CHARACTER}+)*")
_LONGEST_PARAMETER = 48
_SPACES = re.compile("  +")


def has_control_characters(text: str) -> bool:
    """Whether a header value would carry a line end or another control character."""
    return _CONTROLS.search(text) is not None


def check_header_value(text: str, field: str) -> str:
    """The text itself; raises ``BadInput`` (``header_injection``) for control characters in it."""
    if _CONTROLS.search(text) is not None:
        raise BadInput(ErrorCode.HEADER_INJECTION, field=field)
    return text


def encode_utf8(text: str, field: str) -> bytes:
    """UTF-8; raises ``BadInput`` (``value_invalid``) for half of a surrogate pair."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        shown = text[max(error.start - 10, 0) : error.start + 1].encode("ascii", "backslashreplace")
        raise BadInput(ErrorCode.VALUE_INVALID, field=field, value=shown.decode()) from error


def compose_unstructured(name: str, text: str) -> bytes:
    """A whole field such as ``Subject``, folded, with encoded words where it is not plain ASCII."""
    if _is_plain(text):
        return _fold(name, text.split(" "))
    return _fold(name, _encoded_words(text, len(name) + 2, name.lower()))


def compose_mailbox(name: str, display_name: str, address: Address) -> bytes:
    """A whole field such as ``From`` with one mailbox (RFC 5322 3.4).

    The local part is quoted where it must be: ``"a..b"@docomo.ne.jp``. Spaces in a row count as one.
    """
    display_name = _SPACES.sub(" ", display_name).strip(" ")
    if not display_name:
        return _fold(name, [address.envelope])
    return _fold(name, [*_phrase(display_name, name), f"<{address.envelope}>"])


def compose_parameter(name: str, value: str) -> list[str]:
    """Parameters of a MIME field that carry a text, encoded and continued by RFC 2231."""
    if _is_plain_parameter(value):
        return [f'{name}="{value}"']
    pieces = list(_percent_pieces(value, name))
    if len(pieces) == 1:
        return [f"{name}*=utf-8''{pieces[0]}"]
    first, *others = pieces
    return [
        f"{name}*0*=utf-8''{first}",
        *(f"{name}*{number}*={piece}" for number, piece in enumerate(others, 1)),
    ]


def compose_word_parameter(name: str, value: str) -> list[str]:
    """The same in encoded words, which RFC 2047 5 forbids and older mail programs understand alone."""
    if _is_plain_parameter(value):
        return [f'{name}="{value}"']
    words = "\r\n ".join(_encoded_words(value, len(name) + 4, name))
    return [f'{name}="{words}"']


def compose_field(name: str, value: str, parameters: Sequence[str] = ()) -> bytes:
    """A field with parameters, one a line."""
    lines = ";\r\n ".join((value, *parameters))
    return f"{name}: {lines}\r\n".encode("ascii")


def _is_plain(text: str) -> bool:
    return (
        _PLAIN.fullmatch(text) is not None
        and "=?" not in text
        and max(map(len, text.split(" "))) <= _LONGEST_WORD
    )


def _is_plain_parameter(value: str) -> bool:
    return len(value) <= _LONGEST_PARAMETER and _PLAIN_PARAMETER.fullmatch(value) is not None


def _phrase(text: str, field: str) -> list[str]:
    if _is_plain(text):
        if _PHRASE.fullmatch(text) is not None:
            return text.split(" ")
        if len(text) <= _LONGEST_WORD:
            escaped = text.replace("\\", "\\\\").replace('"', '\\"')
            return [f'"{escaped}"']
    return _encoded_words(text, len(field) + 2, field.lower())


def _fold(name: str, words: Sequence[str]) -> bytes:
    """Words with single spaces between; a line ends before the word that does not fit (RFC 5322 2.2.3)."""
    first, *others = words
    pieces = [f"{name}: {first}"]
    length = len(pieces[0])
    for word in others:
        if length + 1 + len(word) > LONGEST_LINE:
            pieces.append("\r\n")
            length = 0
        pieces += (" ", word)
        length += 1 + len(word)
    pieces.append("\r\n")
    return "".join(pieces).encode("ascii")


def _encoded_words(text: str, used: int, field: str) -> list[str]:
    """Base64 encoded words of whole characters (RFC 2047 5), the first one ``used`` octets into its line."""
    content = encode_utf8(text, field)
    words: list[str] = []
    start = 0
    room = LONGEST_LINE - used - _AROUND
    while start < len(content) or not words:
        end = _character_border(content, start + room // 4 * 3)
        word = b2a_base64(content[start:end], newline=False).decode("ascii")
        words.append(f"=?utf-8?B?{word}?=")
        start = end
        room = LONGEST_LINE - 1 - _AROUND
    return words


def _character_border(content: bytes, end: int) -> int:
    if end >= len(content):
        return len(content)
    while content[end] & 0xC0 == 0x80:  # the middle of a character
        end -= 1
    return end


def _percent_pieces(value: str, field: str) -> Iterator[str]:
    piece = ""
    for character in value:
        encoded = quote(encode_utf8(character, field), safe="")
        if piece and len(piece) + len(encoded) > _LONGEST_PARAMETER:
            yield piece
            piece = ""
        piece += encoded
    yield piece
