"""What a connection test found, in sentences."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.own_address import OwnAddress
from desktop_relay.domain.probe import ProbeResult
from desktop_relay.domain.protection import Verified

from ui.context import Context
from ui.dialogs.sentences import join_sentences

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

_SAID_BY_NO_SERVER = _NOT_OPENED | {Reason.NO_NETWORK, Reason.DNS_TEMPORARY, Reason.PROTOCOL}
_WANTS_ENCRYPTION = ("530", "538")
"""Replies to a login in the clear: RFC 3207 4, RFC 4954 6."""

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
    return "\n".join((join_sentences(context.language, *sentences), *_of_address(context, found.address)))


def _of_address(context: Context, address: OwnAddress | None) -> tuple[str, ...]:
    """What receivers may hold against the line, and what to do; nothing where they may not."""
    if address is None or not address.doubt:
        return ()
    what = context.phrase("own_address", address.doubt, ip=address.ip, name=address.name)
    return (join_sentences(context.language, what, context.phrase("own_address_do", address.doubt)),)


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
    precise = _precise(found) if of_account else ""
    if precise:
        why = precise
    elif not context.has_phrase("reasons", code):
        why = QCoreApplication.translate("RouteFindings", "The server cannot be used so.")
    else:
        why = context.phrase("reasons", code)
    if found.problem in _EXPLAINED and not precise:
        why = join_sentences(context.language, why, context.phrase("reason_why", code))
    if found.problem is Reason.PORT25_BLOCKED:
        tried = QCoreApplication.translate("RouteFindings", "Tried: {domains}.").format(domains=found.detail)
        return "\n".join((why, context.phrase("reason_do", code), tried))
    if precise or (of_account and found.problem in _NOT_OPENED):
        look = QCoreApplication.translate(
            "RouteFindings", "See whether server, encryption and port are as your provider says."
        )
        why = join_sentences(context.language, why, look)
    detail = " ".join(found.detail.split())
    if not detail:
        return why
    if found.problem in _SAID_BY_NO_SERVER:
        said = QCoreApplication.translate("RouteFindings", "{why} (in detail: {detail})")
    else:
        said = QCoreApplication.translate("RouteFindings", "{why} (it says: {detail})")
    return said.format(why=why, detail=detail)


def _precise(found: ProbeResult) -> str:
    """What only the detail tells of an account's server; empty where it tells no more than the reason."""
    detail = found.detail
    if found.problem is Reason.LOGIN_FAILED and not detail:
        return QCoreApplication.translate("RouteFindings", "The server offers no login on this line.")
    if found.problem is Reason.LOGIN_FAILED and detail.startswith(_WANTS_ENCRYPTION):
        return QCoreApplication.translate(
            "RouteFindings", "The server takes a login over an encrypted line only."
        )
    if found.problem is Reason.PROTOCOL and not found.banner:
        return QCoreApplication.translate(
            "RouteFindings", "What answers there seems to be no server for sending mail (SMTP)."
        )
    if found.problem is Reason.TLS_FAILED and "CERTIFICATE_VERIFY_FAILED" in detail:
        return _certificate(detail)
    return ""


def _certificate(detail: str) -> str:
    """Why the server's certificate is not taken, by OpenSSL's words."""
    if "mismatch" in detail:
        return QCoreApplication.translate(
            "RouteFindings", "The server's certificate is for another name than the one given here."
        )
    if "expired" in detail or "not yet valid" in detail:
        return QCoreApplication.translate(
            "RouteFindings",
            "The server's certificate is out of date, or the date and time of this computer are wrong.",
        )
    return QCoreApplication.translate(
        "RouteFindings", "Nobody this computer trusts vouches for the server's certificate."
    )
