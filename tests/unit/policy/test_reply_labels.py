"""What the measure of the rules rests on: labels that mean something of ours, digests, lasting halves."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from desktop_relay.domain.outcome import Reason
from tests.bench import corpora
from tests.bench.corpora import Refusal, read_labelled
from tests.bench.labels import allowed_by

with Path(corpora.__file__).with_name("labelled.tsv").open(encoding="utf-8") as file:
    MEASURED = list(csv.reader(file, delimiter="\t"))


def test_every_measured_label_allows_reasons_that_there_are() -> None:
    for _, collection, label in MEASURED:
        allowed = allowed_by(collection, label)
        assert allowed, (collection, label)
        assert allowed <= {reason.value for reason in Reason}, (collection, label)


def test_every_measured_reply_counts_once() -> None:
    assert len({digest for digest, _, _ in MEASURED}) == len(MEASURED)


def test_a_label_that_nobody_has_weighed_is_no_label() -> None:
    with pytest.raises(KeyError):
        allowed_by("kumo", "Weather")


def test_case_addresses_and_numbers_make_no_other_reply() -> None:
    one = Refusal("unknown", "rcpt", "550 5.1.1 <taro@example.test>: Nobody of that name")
    other = Refusal("unknown", "dot", "554 hanako@example.test: nobody of THAT name (42)")
    assert (one.loose, one.half) == (other.loose, other.half) == ("nobody of that name", one.half)
    assert one.digest != other.digest


def test_the_table_of_labelled_replies_is_read(tmp_path: Path) -> None:
    table = tmp_path / "labelled.tsv"
    table.write_text(
        'mails\tfiltered\tdot\tdocomo\t2014-04-29\t550 Not for "him"\nbmh\tfull\trcpt\t\t\t552 Full\n'
    )
    mail, sample = read_labelled(table)
    assert (mail.collection, mail.lane, mail.text) == ("mails", "docomo", '550 Not for "him"')
    assert mail.day is not None
    assert mail.day.year == 2014
    assert (sample.label, sample.lane, sample.day) == ("full", "", None)
