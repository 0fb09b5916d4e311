"""The character encoding of a text file: told from its bytes, or checked when a person names it."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import NoReturn

from desktop_relay.domain.errors import BadInput, ErrorCode

_SAMPLE = 64 * 1024  # octets or characters that are looked at where looking at all would be slow
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MULTIBYTE = re.compile(rb"[\x80-\xff]")
_JIS_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\([JI])")
_JIS_RUN = re.compile(rb"\x1b(\$[@B]|\([BJI])([^\x1b]*)")
_TO_HIGH = bytes(code | 0x80 if 0x21 <= code <= 0x7E else code for code in range(256))
_KANA = re.compile(rb"[\x21-\x5f]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_ODD = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd｡-ﾟ]")
_ODD_IN_UTF16 = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\ufffe]")
_DAMAGE = re.compile("[\x00\ufffd]")
_DAMAGED_SHARE = 0.1  # of odd characters, above which it is no text at all
_ODD_SHARE = 0.2  # of odd characters, above which a reading may be a wrong one
_CLEANER = 12  # how many times less strange the right reading of a damaged text is
_NO_EUC_JP = re.compile(rb"[\x80-\x8d\x90-\xa0\xff]")
_BEYOND_KANA = re.compile(rb"[\xe0-\xff]")  # above the half-width kana of CP932
_NO_CP932 = re.compile("[\x80-\xa0\uf8f0-\uf8f3]")  # what the codec makes of octets that CP932 leaves free
_VENDOR_ROWS = (13, *range(89, 93))  # ①㈱ and 髙﨑: in every Windows file, in no standard EUC-JP
# what Mac and Unix programs write where Windows has another character that looks the same: each way round
_LIKE = dict(zip("〜−—‖¢£¬¥～－―∥￠￡￢￥", "～－―∥￠￡￢￥〜−—‖¢£¬¥", strict=True))
_LIKE |= {"\xa0": " ", "\u2011": "\u2010", "\u2013": "―"}
_DECOMPOSED = re.compile("\\w[\u0300-\u036f\u3099\u309a]+")  # as file names and the like of a Mac are
_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SAME_AS = {"shift_jis": "cp932", "ms_kanji": "cp932", "euc_jp": "euc-jp"}
_WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")


def detect_encoding(content: bytes, path: str = "") -> str:
    """UTF-8 with or without BOM, CP932, EUC-JP, ISO-2022-JP or UTF-16, by the whole content.

    Raises ``BadInput``: ``file_empty``, ``file_garbled`` where a few characters keep a text from being
    read, ``file_not_text``. ``path`` is for the message.
    """
    check_filled(content, path)
    for mark, name in _BOMS:
        if content.startswith(mark) and _decodes(content, name):
            return name
    found = _bare_utf16(content) if b"\0" in content else _bare(content)
    if found is None:
        _refuse(content, path)
    return found


def _refuse(content: bytes, path: str) -> NoReturn:
    """Say in which line a text is damaged, by the encoding it was likely written in, or that it is none."""
    name, text = _nearest(content)
    damage = _DAMAGE.search(text)
    if _is_binary(content) or damage is None or _strangeness(text) > _DAMAGED_SHARE:
        raise BadInput(ErrorCode.FILE_NOT_TEXT, path=path)
    above = text[: damage.start()]
    row = max(above.count("\n"), above.count("\r")) + 1
    raise BadInput(ErrorCode.FILE_GARBLED, path=path, encoding=name, row=row)


def _nearest(content: bytes) -> tuple[str, str]:
    """The encoding in which the least is strange, and the text with a mark for what cannot be read."""
    read = {name: content.decode(name, "replace") for name in ("utf-8", "cp932", "euc-jp")}
    name = min(read, key=lambda name: _strangeness(read[name]))
    return name, read[name]


def _strangeness(text: str) -> float:
    head = text[:_SAMPLE]
    return len(_ODD.findall(head)) / max(1, len(head)) + len(_DAMAGE.findall(text)) / max(1, len(text))


def check_filled(content: bytes, path: str = "") -> None:
    """Raise ``BadInput`` (``file_empty``) when there is nothing but spaces and a BOM."""
    if not content.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise BadInput(ErrorCode.FILE_EMPTY, path=path)


def check_encoding(content: bytes, name: str, path: str = "") -> str:
    """The usual name of an encoding that a person chose for ``content``.

    Raises ``BadInput``: ``encoding_unknown``, or ``encoding_wrong`` when the content cannot be in it.
    """
    try:
        "a".encode(name)  # refuses codecs that are no encodings of text
        usual = codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        raise BadInput(ErrorCode.ENCODING_UNKNOWN, encoding=name) from error
    usual = "iso-2022-jp" if usual.startswith("iso2022_jp") else _SAME_AS.get(usual, usual)
    wide = usual in _WIDE
    # every table in UTF-16 has the NUL of its ASCII delimiters, and no other has one
    if wide != (b"\0" in content) or not _decodes(content, usual) or _reads_badly(content, usual):
        raise BadInput(ErrorCode.ENCODING_WRONG, path=path, encoding=name)
    return usual


def decode_text(content: bytes, encoding: str) -> str:
    """The text in an encoding that ``detect_encoding`` or ``check_encoding`` named, without a BOM."""
    if encoding == "iso-2022-jp":
        text = _JIS_RUN.sub(_euc_of_run, content).decode("euc_jp", _VENDOR)
    elif encoding == "euc-jp":
        text = content.decode("euc_jp", _VENDOR)
    else:
        text = content.decode(encoding)
    return text.removeprefix("\ufeff")


def fit_text(text: str, encoding: str) -> tuple[str, bool]:
    """The text as an encoding can hold it, and whether all that a reader sees is still there.

    A character that the encoding lacks becomes the one that looks like it, else ``?``.
    """
    if _holds(text, encoding):
        return text, True
    # not all of it: NFC would also make the usual character of a variant (U+FA1B) that the encoding has
    seen = _DECOMPOSED.sub(lambda match: unicodedata.normalize("NFC", match[0]), _UNSEEN.sub("", text))
    fitted = "".join(char if _holds(char, encoding) else _twin(char, encoding) for char in seen)
    lost = fitted.count("?") > seen.count("?")
    return fitted, not lost


def _twin(char: str, encoding: str) -> str:
    twin = _LIKE.get(char, "?")
    return twin if _holds(twin, encoding) else "?"


def _holds(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _bare(content: bytes) -> str | None:
    if _is_binary(content):
        return None
    if _MULTIBYTE.search(content) is None:
        return "iso-2022-jp" if _JIS_ESCAPE.search(content) and _decodes(content, "iso-2022-jp") else "utf-8"
    if _decodes(content, "utf-8"):
        return "utf-8"
    found = ["euc-jp"] if _decodes(content, "euc-jp") else []
    if _is_cp932(content):
        found.append("cp932")
    if found == ["cp932"] and _is_damaged_euc_jp(content):
        return None
    return min(found, key=lambda name: _oddness(content, name)) if found else None


def _is_damaged_euc_jp(content: bytes) -> bool:
    """Whether what can be CP932, full of half-width kana, is nearly clean EUC-JP.

    Rather a damaged one passes than a good one of CP932 is refused: half-width kana alone are never damage,
    and next to usual kanji neither.
    """
    if _NO_EUC_JP.search(content) or not _BEYOND_KANA.search(content):
        return False
    odd = _oddness(content, "cp932")
    name, text = _nearest(content)
    return odd > _ODD_SHARE and name == "euc-jp" and _strangeness(text) * _CLEANER < odd


def _is_binary(content: bytes) -> bool:
    head = content[:_SAMPLE]
    return len(_CONTROL.findall(head)) * 100 > len(head)


def _is_cp932(content: bytes) -> bool:
    try:
        return _NO_CP932.search(content.decode("cp932")) is None
    except UnicodeDecodeError:
        return False


def _bare_utf16(content: bytes) -> str | None:
    """Read the wrong way round, the ends of lines and the ``@`` of addresses do not come out."""
    for name in ("utf-16-le", "utf-16-be"):
        if _decodes(content, name):
            text = decode_text(content, name)[:_SAMPLE]
            odd = len(_ODD_IN_UTF16.findall(text))
            if odd * 20 < len(text) and any(mark in text for mark in "\r\n@"):
                return name
    return None


def _reads_badly(content: bytes, encoding: str) -> bool:
    """Whether the bytes tell of another encoding, in which they read better."""
    try:
        likely = detect_encoding(content)
    except BadInput:
        return False
    if likely.removesuffix("-sig") == encoding.removesuffix("-sig") or _MULTIBYTE.search(content) is None:
        # seven-bit text reads alike in all but ISO-2022-JP, which is never met by chance
        return likely == "iso-2022-jp" != encoding
    if likely.startswith("utf-8"):
        return True  # no other text makes valid UTF-8 by chance
    if encoding == "cp932" and not _BEYOND_KANA.search(content):
        return False  # half-width kana as well as kanji: the person knows
    return _oddness(content, encoding) > _oddness(content, likely) + 0.1


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        text = decode_text(content, encoding)
    except UnicodeError:
        return False
    return "\0" not in text


def _oddness(content: bytes, encoding: str) -> float:
    """The share of characters that hardly ever stand in a table: what a wrong reading is full of."""
    text = _whole_sample(content, encoding)
    return len(_ODD.findall(text)) / max(1, len(text) - sum(map(text.count, "\r\n,")))


def _whole_sample(content: bytes, encoding: str) -> str:
    if len(content) <= _SAMPLE:
        return decode_text(content, encoding)
    end = content.rfind(b"\n", 0, _SAMPLE)
    if encoding in _WIDE or end < 0:
        return decode_text(content, encoding)[:_SAMPLE]
    return decode_text(content[:end], encoding)


def _euc_of_run(match: re.Match[bytes]) -> bytes:
    """One run of ISO-2022-JP (RFC 1468, with half-width kana) in EUC-JP."""
    if match[1].startswith(b"$"):
        return match[2].translate(_TO_HIGH)
    if match[1] == b"(I":
        return _KANA.sub(b"\x8e\\g<0>", match[2]).translate(_TO_HIGH)
    return match[2]


def _vendor_character(error: UnicodeError) -> tuple[str, int]:
    """The character of a vendor row, which Windows programs write and the standard codec refuses."""
    if isinstance(error, UnicodeDecodeError):
        pair = error.object[error.start : error.start + 2]
        row, cell = (pair[0] - 0xA0, pair[1] - 0xA0) if len(pair) == 2 else (0, 0)
        if row in _VENDOR_ROWS and 1 <= cell <= 94:
            lead = (row + 1) // 2 + (0x80 if row <= 62 else 0xC0)
            trail = cell + (0x3F if cell <= 63 else 0x40) if row % 2 else cell + 0x9E
            return bytes((lead, trail)).decode("cp932"), error.start + 2
    raise error


_VENDOR = "desktop-relay-vendor-rows"
codecs.register_error(_VENDOR, _vendor_character)
