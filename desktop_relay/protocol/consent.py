"""What stands where the date of a consent would, and says that there is none."""

from __future__ import annotations

import re
import unicodedata

_WORD = "同意|承諾|許諾|希望|了承|登録|配信|受信|許可|承認"
_NO = re.compile(
    r"[-‐-―−ー_/.×✕✖✗✘☓❌]+|0|0{4}[-/.]?00[-/.]?00.*"
    r"|x|n|no|ng|none|null|nil|nan|#?n/a|false|off|unknown|never|denied|declined|refused|unsubscribed"
    r"|opt(?:ed)?[- ]?out|not? (?:consent|agreed|given|opted)\b.*"
    r"|無し?|な[しい]|未|不|否|不可|不明|不要|拒否|停止|解除|いいえ|しない|していない|要らない|いらない"
    rf"|(?:{_WORD})[をは]?(?:なし|無し?|しない|していない|せず|しません|不可|拒否|停止|解除|されていない)"
    rf"|[未不非](?:{_WORD}|取得|確認|記入|入力|回答|設定|定|詳)",
    re.DOTALL,
)


def denies_consent(text: str) -> bool:
    """Whether a cell says no, such as ``未同意``, ``×`` or the empty date of a database.

    Whatever else it says is taken as evidence, since people write it in any words.
    """
    return _NO.fullmatch(unicodedata.normalize("NFKC", text).casefold().strip()) is not None
