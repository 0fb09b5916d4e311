from __future__ import annotations

from collections.abc import Callable

from pytestqt.modeltest import ModelTester

from PySide6.QtCore import QCoreApplication, Qt

from desktop_relay.domain.contact import Contact
from desktop_relay.domain.query import ContactQuery

from ui.context import Context
from ui.models.contact_table import CARRIER, CONSENT, EMAIL, NAME, ContactModel, consent_chip
from ui.models.suppression_table import SuppressionModel
from ui.widgets.row_delegate import CHIP_ROLE

Settle = Callable[..., None]


def make_model(context: Context) -> ContactModel:
    return ContactModel(
        context.workspace, context.tasks, context.language, parent=QCoreApplication.instance()
    )


def test_the_model_keeps_qts_rules(context: Context, settle: Settle, qtmodeltester: ModelTester) -> None:
    model = make_model(context)
    model.reload()
    settle()
    for row in range(3):
        model.data(model.index(row, 0), Qt.ItemDataRole.DisplayRole)
    settle()
    qtmodeltester.check(model)
    model.deleteLater()


def test_rows_show_people_as_the_library_has_them(context: Context, settle: Settle) -> None:
    model = make_model(context)
    model.show(ContactQuery(text="cana3@docomo.ne.jp"))
    settle()
    assert model.rowCount() == 1
    model.row_at(0)
    settle()
    assert model.data(model.index(0, NAME), Qt.ItemDataRole.DisplayRole) == "山本 美咲"
    assert model.data(model.index(0, EMAIL), Qt.ItemDataRole.DisplayRole) == "cana3@docomo.ne.jp"
    assert model.data(model.index(0, CARRIER), CHIP_ROLE).text == "NTT docomo"
    assert model.data(model.index(0, CONSENT), CHIP_ROLE) == ("agreed 2025-04-01", "good")


def test_a_header_sorts_and_keeps_the_conditions(context: Context, settle: Settle) -> None:
    model = make_model(context)
    model.show(ContactQuery(domains=("docomo.ne.jp",), without_consent=False, legacy=True))
    model.sort(EMAIL, Qt.SortOrder.DescendingOrder)
    settle()
    for row in range(model.rowCount()):
        model.row_at(row)
    settle()
    found = [model.data(model.index(row, EMAIL), Qt.ItemDataRole.DisplayRole) for row in range(5)]
    assert found == sorted(found, reverse=True)
    assert all(address.endswith("@docomo.ne.jp") for address in found)
    assert model.query.legacy


def test_a_column_without_an_order_of_its_own_does_not_sort(context: Context) -> None:
    model = make_model(context)
    before = model.query
    model.sort(CARRIER, Qt.SortOrder.AscendingOrder)
    assert model.query == before


def test_consent_is_a_word_and_a_tone() -> None:
    assert consent_chip(Contact(1, "a@example.jp", "a@example.jp")).tone == "warn"
    agreed = Contact(1, "a@example.jp", "a@example.jp", fields={"consent_at": "2026-01-31"})
    assert "2026-01-31" in consent_chip(agreed).text


def test_the_list_of_the_suppressed_keeps_qts_rules(context: Context, qtmodeltester: ModelTester) -> None:
    model = SuppressionModel(context.workspace.now, QCoreApplication.instance())
    qtmodeltester.check(model)
    model.deleteLater()
