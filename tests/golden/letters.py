"""The letters behind ``letters/*.eml``; ``python -m tests.golden.letters`` writes them anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from desktop_relay.domain.attachment import Attachment
from desktop_relay.domain.identity import Identity
from tests.fakes.letters import NOON, SHOP, builder, recipient

FOLDER = Path(__file__).parent / "letters"


def _plain_japanese() -> bytes:
    make = builder(
        subject="{{ name | sama }}、営業時間の変更についてのお知らせをお送りします",
        text="{{ company }}\n{{ name | sama }}\n\n営業時間を改めます。\n",
    )
    person = recipient(name="山田 太郎", company="㈱山田商店")
    return make.build(person, NOON).content


def _html_to_an_old_address() -> bytes:
    make = builder(
        subject="秋の新着",
        html='<p>{{ name }}さん</p><p><a href="https://www.example.jp/new">見る</a></p>'
        '<p><a href="{{ unsubscribe_url }}">停止</a></p>',
    )
    return make.build(recipient("a..b@docomo.ne.jp", name="髙橋 﨑子"), NOON).content


def _plain_english_by_mailto() -> bytes:
    sender = Identity(
        "news@example.com", 'Harbour Shop, "The Old One"', unsubscribe_mailto="stop@example.com"
    )
    make = builder(
        subject="Hello {{ name }}", text="Dear {{ name }},\n\n" + "long " * 30 + "\n", identity=sender
    )
    return make.build(recipient(name="Taro Yamada"), NOON).content


def _attachments() -> bytes:
    files = [
        Attachment("price list.pdf", b"%PDF-1.7\n%%EOF\n", "application/pdf"),
        Attachment(
            "価格表 2026年度 秋冬ご案内用 改訂第二版.csv", "品名,価格\r\n".encode("cp932"), "text/csv"
        ),
    ]
    make = builder(
        html="<p>ご案内</p>", text="ご案内", attachments=files, identity=replace(SHOP, reply_to=None)
    )
    return make.build(recipient(name=""), NOON).content


LETTERS: Mapping[str, Callable[[], bytes]] = {
    "plain_japanese": _plain_japanese,
    "html_to_an_old_address": _html_to_an_old_address,
    "plain_english_by_mailto": _plain_english_by_mailto,
    "attachments": _attachments,
}


def main() -> None:
    """Write every letter."""
    FOLDER.mkdir(exist_ok=True)
    for name, compose in LETTERS.items():
        (FOLDER / f"{name}.eml").write_bytes(compose())


if __name__ == "__main__":
    main()
