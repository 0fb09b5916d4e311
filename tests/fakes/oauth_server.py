"""A provider of tokens on loopback: agrees like a person in a browser, grants, rotates, refuses."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

from desktop_relay.protocol.oauth import compose_challenge

CLIENT, SECRET = "relay-client", "client-geheim"


class FakeOAuthServer:
    """``forms`` are all requests to its endpoints; a context manager.

    ``error`` is the answer to the next refreshes instead of a token; ``denies`` is what its person says;
    ``rotates`` gives a new refresh token each time; ``pending`` polls come before the person agrees;
    codes for another device are good for ``code_seconds``.
    """

    def __init__(self) -> None:
        self.forms: list[dict[str, str]] = []
        self.error: tuple[int, dict[str, Any]] | None = None
        self.denies = False
        self.rotates = False
        self.pending = 0
        self.code_seconds = 60
        self.expires_in: Any = 3600
        self.access_tokens: list[str] = []
        self._challenges: dict[str, tuple[str, str]] = {}
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(302)
                self.send_header("Location", server.agree(self.path))
                self.end_headers()

            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, answer = server.answer(self.path, {k: v[0] for k, v in parse_qs(text).items()})
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def base(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def refresh_token(self) -> str:
        """The one it takes now."""
        return f"refresh-{len(self.access_tokens) if self.rotates else 0}"

    def providers_toml(self, *, device: bool = True) -> str:
        """A file of providers with this one as ``fake``."""
        lines = [
            "schema = 1",
            "[fake]",
            'name = "Fake"',
            f'authorize = "{self.base}/authorize"',
            f'token = "{self.base}/token"',
            'scope = "mail.send offline_access"',
            *([f'device = "{self.base}/device"'] if device else []),
        ]
        return "\n".join(lines)

    def agree(self, path: str) -> str:
        """Where the browser is sent after a person agreed, or did not."""
        query = {key: values[0] for key, values in parse_qs(urlsplit(path).query).items()}
        assert query["code_challenge_method"] == "S256"
        assert query["client_id"] == CLIENT
        if self.denies:
            answer = {"error": "access_denied"}
        else:
            answer = {"code": "code-1"}
            self._challenges["code-1"] = (query["code_challenge"], query["redirect_uri"])
        return f"{query['redirect_uri']}?{urlencode({**answer, 'state': query['state']})}"

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """What an endpoint says to a form."""
        self.forms.append(form)
        if path == "/device":
            page = f"{self.base}/activate"
            codes = {"device_code": "device-geheim", "user_code": "ABCD-EFGH", "verification_uri": page}
            return 200, codes | {"expires_in": self.code_seconds, "interval": 1}
        if form.get("client_secret", SECRET) != SECRET:
            return 401, {"error": "invalid_client"}
        match form["grant_type"]:
            case "refresh_token":
                if self.error is not None:
                    return self.error
                if form["refresh_token"] != self.refresh_token:
                    return 400, {"error": "invalid_grant", "error_description": f"no {form['refresh_token']}"}
            case "authorization_code":
                known = self._challenges.pop(form["code"], None)
                if known != (compose_challenge(form["code_verifier"]), form["redirect_uri"]):
                    return 400, {"error": "invalid_grant"}
            case _:
                self.pending -= 1
                if self.pending >= 0:
                    return 400, {"error": "authorization_pending"}
        return 200, self._grant()

    def _grant(self) -> dict[str, Any]:
        self.access_tokens.append(f"access-geheim-{len(self.access_tokens) + 1}")
        tokens = {"access_token": self.access_tokens[-1], "refresh_token": self.refresh_token}
        return tokens | {"token_type": "Bearer", "expires_in": self.expires_in}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def visit(page: str) -> None:
    """Do as a browser does with a person who agrees: open the page, follow to where it leads."""
    with urlopen(page, timeout=10) as answer:
        answer.read()
