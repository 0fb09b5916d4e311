"""What a message costs: ``python -m tests.bench.bench_message``.

Prints microseconds per message of 10 KB for rendering and composing, for the same mail built with
``email.message``, and for signing; and how much two threads gain, which they do only without the GIL.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from time import perf_counter, process_time

from desktop_relay.domain.template import Template
from desktop_relay.message.dkim import Signer, generate_keys
from desktop_relay.message.template import compile_template
from tests.fakes.letters import NOON, SHOP, builder, recipient

SUBJECT = "{{ name | sama }}、秋の新着のお知らせ"
_ROW = (
    "<tr><td style='padding:8px; color:#333333'>商品のご案内です。"
    "<a href='https://www.example.jp/1'>見る</a></td></tr>\n"
)
HTML = (
    f"<html><body><p>{{{{ name }}}}様</p><table>{_ROW * 60}</table>"
    "<a href='{{ unsubscribe_url }}'>停止</a></body></html>"
)
TEXT = "{{ name }}様\n" + "商品のご案内です。 https://www.example.jp/1\n" * 20 + "{{ unsubscribe_url }}\n"
PERSON = recipient("taro@example.test", name="山田 太郎", honorific="様", company="㈱山田商店")
ROUNDS = 1_000


def main() -> None:
    """Measure and print."""
    keys = generate_keys()
    unsigned = builder(subject=SUBJECT, html=HTML, text=TEXT)
    derived = builder(subject=SUBJECT, html=HTML)
    message = unsigned.build(PERSON, NOON).content
    both = Signer(SHOP.domain, "relay", keys)
    rsa_alone = Signer(SHOP.domain, "relay", type(keys)(keys.rsa_pem))
    print(f"message: {len(message)} octets")
    ours = _told("render and compose", lambda: unsigned.build(PERSON, NOON))
    _told("the same, text derived from HTML", lambda: derived.build(PERSON, NOON))
    theirs = _told("the same mail by email.message", _by_email_message())
    print(f"{'ratio':40}{theirs / ours:9.1f}")
    _told("sign with RSA-2048 alone", lambda: rsa_alone.sign(message, NOON))
    eight = [message] * 8
    _told("sign with RSA-2048 alone, eight together", lambda: rsa_alone.sign_all(eight, NOON), 8)
    _told("sign with RSA-2048 and Ed25519", lambda: both.sign(message, NOON))
    print(f"{'cores used by two signing threads':40}{_cores(lambda: both.sign(message, NOON)):9.2f}")


def _by_email_message() -> Callable[[], bytes]:
    template = compile_template(Template("t", SUBJECT, HTML, TEXT))
    fields = {
        "email": PERSON.address,
        "name": "山田 太郎",
        "unsubscribe_url": "https://www.example.jp/stop/0",
    }

    def build() -> bytes:
        rendered = template.render(fields)
        message = EmailMessage(policy=SMTP)
        message["From"] = f"{SHOP.name} <{SHOP.address}>"
        message["To"] = f"{fields['name']} <{PERSON.address}>"
        message["Subject"] = rendered.subject
        message["Date"] = format_datetime(NOON)
        message["Message-ID"] = PERSON.message_id
        message.set_content(rendered.text, cte="base64")
        message.add_alternative(rendered.html, subtype="html", cte="base64")
        return message.as_bytes()

    return build


def _told(what: str, work: Callable[[], object], messages: int = 1) -> float:
    best = min(_time(work, ROUNDS // 5) for _ in range(5)) / messages
    print(f"{what:40}{best:9.1f} µs")
    return best


def _time(work: Callable[[], object], rounds: int) -> float:
    start = perf_counter()
    for _ in range(rounds):
        work()
    return (perf_counter() - start) / rounds * 1e6


def _cores(work: Callable[[], object]) -> float:
    """Processor time by wall time; more than one only if the work lets go of the GIL."""
    with ThreadPoolExecutor(2) as pool:
        start, used = perf_counter(), process_time()
        list(pool.map(_time, (work, work), (ROUNDS, ROUNDS)))
        return (process_time() - used) / (perf_counter() - start)


if __name__ == "__main__":
    main()
