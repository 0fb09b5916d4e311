"""How fast 100,000 rows are imported: ``python -m tests.bench.bench_import``.

Writes a CP932 file of 100,000 rows, imports it into an empty library, and prints the seconds and the ratio
to a bare ``csv.reader`` with an SQLite insert of the same rows in the same run.
"""

from __future__ import annotations

import csv
import random
import resource
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from desktop_relay.operations.import_contacts import import_file
from desktop_relay.operations.workspace import Workspace
from tests.fakes.no_engine import NoEngine

ROWS = 100_000
HEADERS = [
    "氏名",
    "フリガナ",
    "メールアドレス",
    "会社名",
    "都道府県",
    "最終購入日",
    "購入金額",
    "同意日",
    "同意方法",
    "備考",
]
DOMAINS = ("docomo.example", "gmail.example", "ezweb.example", "softbank.example", "shop.example")
NAMES = ("髙橋 美咲", "佐藤 一郎", "渡辺 大輔", "鈴木　結衣", "山本 健一")
COMPANIES = ("㈱山田商店", "㈲ﾃｽﾄ工業", "カフェ・ド・みなと", "")
NOTES = ("", "①次回 ～10%引", "改行\r\nあり", "電話で「要確認」, 折返し")


def write_sample(path: Path, rows: int = ROWS) -> None:
    """A file like those of a shop system: distinct addresses, a few of them to be repaired."""
    chance = random.Random(1)
    with path.open("w", encoding="cp932", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADERS)
        for number in range(rows):
            at = "＠" if number % 50 == 0 else "@"
            writer.writerow(
                [
                    chance.choice(NAMES),
                    "タナカ",
                    f"user{number}{at}{chance.choice(DOMAINS)}",
                    chance.choice(COMPANIES),
                    "東京都",
                    "2026/4/2",
                    chance.randrange(100, 9900),
                    "2025-04-01" if number % 40 else "",
                    "Web申込フォーム",
                    chance.choice(NOTES),
                ]
            )


def bare_seconds(path: Path, database: Path) -> float:
    """The floor: decode, cut, insert."""
    started = time.perf_counter()
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, {','.join(f'c{n} TEXT' for n in range(10))})"
    )
    with path.open(encoding="cp932", newline="") as stream, connection:
        rows = csv.reader(stream)
        next(rows)
        connection.executemany(
            f"INSERT INTO t ({','.join(f'c{n}' for n in range(10))}) VALUES (?,?,?,?,?,?,?,?,?,?)", rows
        )
    connection.close()
    return time.perf_counter() - started


def main() -> None:
    """Run and print."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "sample.csv"
        write_sample(path)
        bare = bare_seconds(path, Path(directory) / "bare.db")
        with Workspace(Path(directory) / "data", NoEngine()) as ws:
            started = time.perf_counter()
            report, _ = import_file(ws, path, list_name="bench")
            seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"rows {report.rows}  added {report.added}  repaired {report.repaired}  {report.encoding}")
    print(f"import {seconds:.2f} s  bare {bare:.2f} s  ratio {seconds / bare:.1f}  peak {memory:.0f} MiB")
    if report.added != ROWS:
        sys.exit(1)


if __name__ == "__main__":
    main()
