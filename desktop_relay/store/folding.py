"""Text folded for search: width, case, kana, dashes and old forms of a character make no difference."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from desktop_relay.domain.address import readable_address

_KATAKANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
# 茅ヶ崎 and 茅ケ崎, 一ヵ月 and 一カ月 are one place and one time; 〜 and ～ (NFKC: ~) are one key
_ALIKE = {
    ord(pair[0]): pair[1]
    for pair in ["ヶけ", "ゖけ", "ヵか", "ゕか", "〜~", "‐-", "‒-", "–-", "—-", "―-", "−-"]
}
# variation selectors tell a form of the same character (葛 of 葛城), the others nothing that can be seen
_UNSEEN = dict.fromkeys(
    (0xAD, *range(0x200B, 0x200E), 0x2060, 0xFEFF, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
)

# Old and rare forms met in Japanese names, each with the one it is searched as.
_FORMS = (
    "髙高 﨑崎 碕崎 嵜崎 濵浜 濱浜 邊辺 邉辺 齋斉 齊斉 斎斉 澤沢 嶋島 嶌島 櫻桜 廣広 國国 眞真 惠恵 學学 "
    "德徳 榮栄 瀨瀬 曻昇 𠮷吉 栁柳 圓円 條条 會会 龍竜 壽寿 藏蔵 寳宝 寶宝 團団 來来 豐豊 萬万 與与 禮礼 "
    "靜静 將将 實実 縣県 關関 鐵鉄 冨富 峯峰 桒桑 莊荘 應応 淸清 增増 黑黒 緖緒 敎教 槇槙 穗穂 顯顕 薗園 "
    "渕淵 渊淵 藪薮 舘館 鷗鴎 讚讃"
)
_TABLE = {**_KATAKANA, **_ALIKE, **_UNSEEN, **{ord(pair[0]): pair[1] for pair in _FORMS.split()}}


FOLDED_SINCE_2 = "[ゕゖ〜‐‒-―−\u00ad\u200b-\u200d\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]"
"""What is folded since version 2 of the library, as SQLite's GLOB reads it."""


@lru_cache(maxsize=4096)  # companies, prefectures and names come again and again in one list
def fold(text: str) -> str:
    """The text as it is searched: NFKC, case folded, hiragana, common forms, nothing unseen."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold().translate(_TABLE)


def searched_address(key: str) -> str:
    """An address as it is searched: also by its domain in Japanese."""
    return f"{key}\n{fold(readable_address(key))}" if "@xn--" in key or ".xn--" in key else key
