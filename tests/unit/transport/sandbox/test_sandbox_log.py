import json
import tracemalloc
from dataclasses import asdict
from pathlib import Path

from desktop_relay.transport.sandbox.log import SandboxLog, SandboxMail, load_sandbox_log, message_id_of

MAIL = SandboxMail("2026-11-01T00:00:00+00:00", "au", "<1@example.jp>", "名@au.com", "s@example.jp", 3, "ab")


def test_what_is_recorded_can_be_loaded(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "sandbox.jsonl"
    log = SandboxLog(path)
    log.record([MAIL, MAIL], b"x")
    assert load_sandbox_log(path) == [MAIL, MAIL]
    assert log.count == 2
    log.close()
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[0]) == asdict(MAIL)
    assert path.stat().st_mode & 0o077 == 0


def test_no_log_is_an_empty_log(tmp_path: Path) -> None:
    assert load_sandbox_log(tmp_path / "none") == []


def test_a_log_is_continued_even_when_its_last_line_was_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.jsonl"
    whole = json.dumps(asdict(MAIL))
    path.write_text(f"{whole}\n{whole[:40]}")
    log = SandboxLog(path)
    assert log.count == 1
    log.record([MAIL], b"x")
    log.close()
    assert load_sandbox_log(path) == [MAIL, MAIL]
    assert SandboxLog(path).count == 2


def test_a_log_of_very_many_messages_is_not_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.jsonl"
    path.write_text(f"{json.dumps(asdict(MAIL))}\n" * 20_000)
    tracemalloc.start()
    try:
        log = SandboxLog(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    log.close()
    assert log.count == 20_000
    assert peak < path.stat().st_size / 4


def test_only_the_newest_messages_are_kept(tmp_path: Path) -> None:
    kept = tmp_path / "mail"
    log = SandboxLog(tmp_path / "log", keep_messages=kept, keep_at_most=3)
    for turn in range(5):
        log.record([MAIL], b"message %d" % turn)
    log.close()
    assert [file.read_bytes() for file in sorted(kept.iterdir())] == [
        b"message 2",
        b"message 3",
        b"message 4",
    ]
    assert {file.suffix for file in kept.iterdir()} == {".eml"}


def test_the_message_id_is_the_headers_own() -> None:
    assert message_id_of(b"Subject: x\r\nmessage-id:\r\n <a@b>\r\n\r\nMessage-ID: <no@b>\r\n") == "<a@b>"
    assert message_id_of(b"Subject: x\r\n\r\nMessage-ID: <no@b>\r\n") == ""
