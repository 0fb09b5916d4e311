"""The one thread that works with the spool, so that nothing waits for a disk on the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from desktop_relay.domain.errors import ErrorCode, Refused
from desktop_relay.store.slicing import Slices

P = ParamSpec("P")
T = TypeVar("T")


class Writer:
    """Runs spool work in the order it is asked for; large work in slices, so that nobody waits long."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")

    async def call(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of ``work`` done on the thread; raises what it raises.

        Work that was handed in is done even when the caller is cancelled.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, partial(work, *args, **kwargs))

    async def call_sliced(self, work: Callable[P, Slices[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Likewise, with what others hand in done between its slices.

        Raises ``Refused`` (``engine_stopping``) when the thread ends before the last slice.
        """
        end: Future[T] = Future()
        end.set_running_or_notify_cancel()  # from now on its caller cannot cancel it
        self._go_on(work(*args, **kwargs), end)
        return await asyncio.wrap_future(end)

    def _go_on(self, slices: Slices[T], end: Future[T]) -> None:
        """The next slice queues behind all that was handed in meanwhile."""
        try:
            self._thread.submit(self._do_slice, slices, end)
        except RuntimeError:  # the thread takes no more work
            slices.close()
            end.set_exception(Refused(ErrorCode.ENGINE_STOPPING))

    def _do_slice(self, slices: Slices[T], end: Future[T]) -> None:
        try:
            next(slices)
        except StopIteration as done:
            end.set_result(done.value)
        except BaseException as error:  # noqa: BLE001  (it is the caller's)
            end.set_exception(error)
        else:
            self._go_on(slices, end)

    def close(self) -> None:
        """Finish what was handed in and end the thread."""
        self._thread.shutdown(wait=True)
