"""A data directory as a shop has it: people, senders, passwords, keys, and a campaign half sent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from desktop_relay.domain.backup import Backup, BackupKind, Handover, Manifest, Restored
from desktop_relay.domain.campaign import CampaignState, Draft, PauseReason
from desktop_relay.domain.identity import DkimKeys, Identity
from desktop_relay.store.backup import make_backup, origin_of
from desktop_relay.store.database import Database, open_library, open_spool_for_engine
from desktop_relay.store.drafts import insert_draft, mark_submitted
from desktop_relay.store.identities import save_identity
from desktop_relay.store.keys import save_dkim_keys
from desktop_relay.store.portions import at_full_speed
from desktop_relay.store.restoring import restore_backup
from desktop_relay.store.secret_bundle import gather_secrets
from desktop_relay.store.spool import Spool
from desktop_relay.store.vault import Vault
from tests.unit.store.samples import accepted, deferred, people, snapshot

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=3)
PASSWORD = "correct horse battery staple"
KEY_TEXT = "-----BEGIN PRIVATE KEY-----\nnobody may read this\n-----END PRIVATE KEY-----\n"
PASSPHRASE = "開けゴマ 123"
SALT = b"0123456789abcdef"


def write_draft(library: Database, at: datetime = AT) -> int:
    return insert_draft(library, Draft(0, "秋", "t", "news@shop.example", "account", ()), at)


def furnish(directory: Path, *, number: int = 10) -> None:
    """One campaign: 3 accepted, 1 deferred, 2 in flight, 1 leased, the rest pending."""
    directory.mkdir(parents=True, exist_ok=True)
    with open_library(directory) as library, open_spool_for_engine(directory) as db:
        save_identity(library, Identity("news@shop.example", "青空商店", selector="relay"))
        Vault(directory).put(library, "route:account", PASSWORD)
        keys = DkimKeys(rsa_pem=KEY_TEXT.encode(), ed25519_pem=None)
        save_dkim_keys(directory, "shop.example", "relay", keys)
        draft = write_draft(library)
        spool = Spool(db)
        spool.submit(snapshot(draft), people(number, ("docomo",)), AT)
        mark_submitted(library, draft, AT)
        spool.move_campaign(draft, CampaignState.SENDING, PauseReason.NONE, AT)
        ids = [recipient.id for recipient in spool.lease(draft, "docomo", 7, AT)]
        spool.apply(ids[:6], [], AT)
        spool.apply([], [*(accepted(one, AT) for one in ids[:3]), deferred(ids[3], AT)], AT)


def back_up(
    directory: Path,
    target: Path,
    *,
    passphrase: str = "",
    kind: BackupKind = BackupKind.HAND,
    at: datetime = AT,
) -> Backup:
    salt = SALT if passphrase else b""
    manifest = Manifest(uuid4().hex, kind, "1.0", at, origin_of(directory), {}, {}, {}, salt)
    secrets = b""
    if passphrase:
        with open_library(directory) as library:
            secrets = gather_secrets(directory, library, Vault(directory))
    return make_backup(
        directory, target, manifest, secrets=secrets, passphrase=passphrase, breathe=at_full_speed
    )


def asks(_backup: Backup, _present: Handover) -> bool:
    return False


def restore(directory: Path, path: Path, passphrase: str = "", *, at: datetime = LATER) -> Restored:
    return restore_backup(directory, path, passphrase, at, asks)


def states(directory: Path) -> dict[str, int]:
    """Recipients by state, counted by the counters and found to be so by a scan."""
    with open_spool_for_engine(directory) as db:
        counted = dict(db.rows("SELECT state, sum(n) FROM counters GROUP BY state HAVING sum(n) > 0"))
        assert counted == dict(db.rows("SELECT state, count(*) FROM recipients GROUP BY state"))
    return counted


def standing(directory: Path) -> list[tuple[int, str, str]]:
    with open_spool_for_engine(directory) as db:
        return [(n, s, r) for n, s, r in db.rows("SELECT id, state, pause_reason FROM campaigns ORDER BY id")]
