"""A folder that may only be read.

The engine does not start on data it could not write to, and says so; nothing is sent. What is there can
still be looked at.

Result: data_read_only at the start; the ledger is readable.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Permissions do not hold root back, so there the folder is mounted over itself."""
    if os.geteuid():
        modes = {path: path.stat().st_mode for path in (folder, *folder.iterdir())}
        for path, mode in modes.items():
            path.chmod(mode & ~0o222)
        try:
            yield
        finally:
            for path, mode in modes.items():
                path.chmod(mode)
        return
    for options in (["--bind", str(folder), str(folder)], ["-o", "remount,ro,bind", str(folder)]):
        if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
            pytest.skip("nothing may be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_the_engine_does_not_start_and_says_why(scene: Scene) -> None:
    async with Receiver() as receiver:
        campaign = await scene.submit([f"p{n}@{LANE}" for n in range(3)], account(receiver.port))
        await scene.until_state(campaign, CampaignState.FINISHED)
        await scene.stop(drain=True)
        with read_only(scene.directory):
            with pytest.raises(StoreUnusable) as refused:
                await scene.start()
            scene.over = True
            assert refused.value.code is ErrorCode.DATA_READ_ONLY
            assert scene.states(campaign) == {"accepted": 3}
        await scene.start()
        scene.check_received(campaign, receiver)
