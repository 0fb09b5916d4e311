"""A person signs in: in the browser of this computer (RFC 8252), or with a code on any device (RFC 8628)."""

from __future__ import annotations

import asyncio
import hmac
import secrets
import socket
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from desktop_relay.domain.oauth import Grant, Refusal, SignInPrompt
from desktop_relay.protocol.oauth import compose_authorize_page
from desktop_relay.transport.token_endpoint import TokenEndpoint

PATIENCE_SECONDS = 300.0
"""How long a person may take in the browser."""

_HEAD_LIMIT_BYTES = 16_384
_HEAD_SECONDS = 10.0
_SLOW_DOWN_SECONDS = 5.0  # RFC 8628 3.5
_PAGE = (
    '<!doctype html><meta charset="utf-8"><title>Desktop Relay</title>'
    '<body style="font:16px sans-serif;margin:4em"><p>{ja}</p><p>{en}</p>'
)
_DONE = _PAGE.format(
    ja="受け付けました。このページを閉じて、Desktop Relay に戻ってください。",
    en="Received. You may close this page and go back to Desktop Relay.",
)
_OTHER = _PAGE.format(ja="このページは使われていません。", en="There is nothing here.")

Tell = Callable[[SignInPrompt], None]


async def sign_in_by_browser(
    endpoint: TokenEndpoint, user: str, tell: Tell, *, patience_seconds: float = PATIENCE_SECONDS
) -> Grant | Refusal:
    """Listen on this computer, let ``tell`` show the page, and wait for the browser to come back."""
    visit = _Visit()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = await asyncio.start_server(visit.serve, sock=listener, limit=_HEAD_LIMIT_BYTES)
    redirect = f"http://{endpoint.client.provider.redirect}:{listener.getsockname()[1]}/"
    # RFC 7636 4.1: 43 characters at least
    verifier = secrets.token_urlsafe(48)
    tell(
        SignInPrompt(
            compose_authorize_page(
                endpoint.client, redirect=redirect, state=visit.state, verifier=verifier, user=user
            )
        )
    )
    try:
        async with asyncio.timeout(patience_seconds):
            answer = await visit.answer
    except TimeoutError:
        return Refusal("timed_out")
    finally:
        server.close()
        await visit.end()
        await server.wait_closed()
    if isinstance(answer, Refusal):
        return answer
    return await endpoint.redeem(answer, redirect, verifier)


async def sign_in_by_code(endpoint: TokenEndpoint, tell: Tell) -> Grant | Refusal:
    """Let ``tell`` show a page and a code, and ask until the person has typed it there."""
    if not endpoint.client.provider.device:
        return Refusal("no_device_flow")
    found = await endpoint.device_code()
    if isinstance(found, Refusal):
        return found
    tell(SignInPrompt(found.page, found.user_code, found.seconds))
    loop = asyncio.get_running_loop()
    until, interval = loop.time() + found.seconds, found.interval_seconds
    while loop.time() < until:
        await asyncio.sleep(interval)
        answer = await endpoint.poll(found.code)
        if isinstance(answer, Grant) or not answer.temporary:
            return answer
        if answer.error != "authorization_pending":
            # RFC 8628 3.5: told to slow down, or not answered at all
            interval += _SLOW_DOWN_SECONDS
    return Refusal("timed_out")


class _Visit:
    """Waits for the one request that bears our ``state``; whatever else knocks is shown an empty page."""

    def __init__(self) -> None:
        self.state = secrets.token_urlsafe(24)
        self.answer: asyncio.Future[str | Refusal] = asyncio.get_running_loop().create_future()
        self._callers: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def end(self) -> None:
        """Hang up on who is still there: browsers open connections in advance and say nothing on them."""
        for writer in self._callers.values():
            writer.transport.abort()
        if self._callers:
            await asyncio.wait(set(self._callers))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        task = asyncio.current_task()
        assert task is not None
        self._callers[task] = writer
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            found = self._read(head)
            await self._show(writer, _OTHER if found is None else _DONE, 404 if found is None else 200)
            if found is not None and not self.answer.done():
                self.answer.set_result(found)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # not our browser
        finally:
            writer.close()
            del self._callers[task]

    def _read(self, head: bytes) -> str | Refusal | None:
        """The code, or why there is none; ``None`` for a request that is not ours."""
        words = head.decode("latin-1").split(" ", 2)
        if len(words) < 3 or words[0] != "GET":
            return None
        try:
            query = parse_qs(urlsplit(words[1]).query)
        except ValueError:
            return None
        state = query.get("state", [""])[0]
        if not hmac.compare_digest(state.encode(), self.state.encode()):
            return None
        code = query.get("code", [""])[0]
        return code or Refusal(query.get("error", ["no_code"])[0][:60])

    async def _show(self, writer: asyncio.StreamWriter, page: str, status: int) -> None:
        body = page.encode()
        writer.write(
            f"HTTP/1.1 {status} {'OK' if status == 200 else 'Not Found'}\r\n"
            "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\nConnection: close\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        await writer.drain()
