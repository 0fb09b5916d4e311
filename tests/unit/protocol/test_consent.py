"""A no in any of the ways that tables say it is no consent; anything else is evidence."""

from __future__ import annotations

import pytest

from desktop_relay.protocol.consent import denies_consent


@pytest.mark.parametrize(
    "text",
    [
        "－", "ー", "―", "×", "✗", "☓", "ＮＯ", "NG", "N", "null", "NULL", "#N/A", "OFF", "FALSE", "0",
        "0000-00-00", "0000/00/00", "0000-00-00 00:00:00", "無", "なし", "無し", "未", "否", "不可", "不要",
        "不明", "拒否", "停止", "未取得", "未確認", "未登録", "未承諾", "非同意", "不同意", "同意なし",
        "同意しない", "同意していない", "希望しない", "希望しません", "しない", "配信停止", "いいえ",
        "opt-out", "Opted out", "declined", "no consent", "not given",
    ],
)  # fmt: skip
def test_no(text: str) -> None:
    assert denies_consent(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "○", "はい", "済", "店頭", "web", "yes", "1", "同意", "同意あり", "登録済", "未明に電話で",
        "2026", "no.12の申込書", "No 12", "2026-04-01", "令和7年", "20250401", "notebook", "確認済み",
        "無料会員登録時",
    ],
)  # fmt: skip
def test_evidence(text: str) -> None:
    assert not denies_consent(text)
