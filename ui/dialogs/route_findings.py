"""What a connection test found, in sentences."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.own_address import OwnAddress
from desktop_relay.domain.probe import ProbeResult
from desktop_relay.domain.protection import Verified

from ui.context import Context

_EXPLAINED = frozenset(
    {
        Reason.PORT25_BLOCKED,
        Reason.MTA_STS_FAILED,
        Reason.DANE_FAILED,
        Reason.REQUIRETLS_NOT_OFFERED,
        Reason.LOGIN_FAILED,
    }
)
"""What nobody understands who has not met it before: why it is so is told as well."""

_NOT_OPENED = frozenset(
    {
        Reason.CONNECT_REFUSED,
        Reason.CONNECT_TIMEOUT,
        Reason.CONNECTION_LOST,
        Reason.UNREACHABLE,
        Reason.TLS_FAILED,
        Reason.TLS_NOT_OFFERED,
    }
)
"""What a wrong name, port or kind of encryption looks like."""

_SAID_BY_NO_SERVER = _NOT_OPENED | {Reason.NO_NETWORK, Reason.DNS_TEMPORARY}
_NAMES_NO_SERVER = frozenset({Reason.NO_SUCH_DOMAIN, Reason.NO_ADDRESS})


def tell_success(context: Context, found: ProbeResult) -> str:
    """The server answers, how the line is protected, and whether the login was taken."""
    sentences = [QCoreApplication.translate("RouteFindings", "The server answers.")]
    if found.tls is None:
        sentences.append(QCoreApplication.translate("RouteFindings", "The line is not encrypted."))
    else:
        sentences.append(
            QCoreApplication.translate("RouteFindings", "The line is encrypted ({tls}).").format(
                tls=found.tls
            )
        )
    if found.verified is not None:
        sentences.append(_who(found.verified))
    if found.auth:
        sentences.append(QCoreApplication.translate("RouteFindings", "The login was taken."))
    return "\n".join((_joined(context, *sentences), *_of_address(context, found.address)))


def _of_address(context: Context, address: OwnAddress | None) -> tuple[str, ...]:
    """What receivers may hold against the line, and what to do; nothing where they may not."""
    if address is None or not address.doubt:
        return ()
    what = context.phrase("own_address", address.doubt, ip=address.ip, name=address.name)
    return (_joined(context, what, context.phrase("own_address_do", address.doubt)),)


def _joined(context: Context, *sentences: str) -> str:
    """In a row, as the language writes them."""
    return ("" if context.language == "ja" else " ").join(sentences)


def _who(verified: Verified) -> str:
    texts = {
        Verified.CERTIFICATE: QCoreApplication.translate(
            "RouteFindings", "The server's certificate was checked."
        ),
        Verified.MTA_STS: QCoreApplication.translate(
            "RouteFindings", "The recipient's domain vouches for this server (MTA-STS)."
        ),
        Verified.DANE: QCoreApplication.translate(
            "RouteFindings", "The recipient's domain signed this server's certificate (DANE)."
        ),
        Verified.OPPORTUNISTIC: QCoreApplication.translate(
            "RouteFindings",
            "The recipient's domain proves nothing about its server (neither MTA-STS nor DANE).",
        ),
    }
    return texts[verified]


def tell_failure(context: Context, found: ProbeResult, *, of_account: bool) -> str:
    """Ours first, then what the server or the system said; for port 25 what it is and what to do.

    Of an account that did not answer, what to look at in the fields.
    """
    code = found.problem.value
    if of_account and not found.banner and found.problem in _NAMES_NO_SERVER:
        return QCoreApplication.translate(
            "RouteFindings", "There is no server of this name. See whether it is spelt as your provider does."
        )
    if not context.has_phrase("reasons", code):
        why = QCoreApplication.translate("RouteFindings", "The server cannot be used so.")
    else:
        why = context.phrase("reasons", code)
    if found.problem in _EXPLAINED:
        why = _joined(context, why, context.phrase("reason_why", code))
    if found.problem is Reason.PORT25_BLOCKED:
        tried = QCoreApplication.translate("RouteFindings", "Tried: {domains}.").format(domains=found.detail)
        return "\n".join((why, context.phrase("reason_do", code), tried))
    if of_account and found.problem in _NOT_OPENED:
        look = QCoreApplication.translate(
            "RouteFindings", "See whether server, encryption and port are as your provider says."
        )
        why = _joined(context, why, look)
    if not found.detail:
        return why
    if found.problem in _SAID_BY_NO_SERVER:
        said = QCoreApplication.translate("RouteFindings", "{why} (in detail: {detail})")
    else:
        said = QCoreApplication.translate("RouteFindings", "{why} (it says: {detail})")
    return said.format(why=why, detail=found.detail)
