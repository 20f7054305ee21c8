"""A scripted server: real HTTP on this machine, speaking the protocol of chat completions, whose
answers a test writes. It is no model; the tests marked `long` run a real one (test_llama.py)."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from reknit.adapters import ChatModel, Endpoint

Handle = Callable[[BaseHTTPRequestHandler, bytes], None]


@dataclass
class Server:
    """Where it listens, and every request it got: path, headers, body."""

    url: str
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def questions(self) -> list[dict[str, Any]]:
        """The bodies, parsed."""
        return [json.loads(body) for _, _, body in self.requests]


@contextmanager
def serve(handle: Handle) -> Iterator[Server]:
    """A server on a free port of this machine, for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            server.requests.append((self.path, dict(self.headers), body))
            handle(self, body)

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    line = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    line.daemon_threads = True
    server = Server(f"http://127.0.0.1:{line.server_port}/v1")
    thread = threading.Thread(target=line.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        line.shutdown()
        line.server_close()
        thread.join()


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    """One whole answer."""
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def as_choice(content: object, finish_reason: str = "stop") -> bytes:
    """Content as the only choice of a chat completion. What is no text is written as JSON."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    choice = {"index": 0, "finish_reason": finish_reason, "message": {"content": text}}
    return json.dumps({"object": "chat.completion", "choices": [choice]}).encode()


def asked_for(body: bytes) -> tuple[str, str]:
    """(what was asked: "sorted", "extracted", …; the message)."""
    question = json.loads(body)
    message = json.loads(question["messages"][-1]["content"])["message"]
    return question["response_format"]["json_schema"]["name"], message


@contextmanager
def model_saying(
    answers: Callable[[str, str], object], timeout_s: float = 10.0
) -> Iterator[tuple[ChatModel, Server]]:
    """A model whose server answers each (what, message) with what `answers` gives."""

    def handle(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        send(handler, as_choice(answers(*asked_for(body))))

    with serve(handle) as server:
        yield ChatModel(Endpoint.at(server.url, timeout_s=timeout_s), "scripted"), server


@contextmanager
def small_model_served() -> Iterator[str]:
    """The base URL of llama.cpp's server with a real, very small model (llama.py)."""
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("llama.py"))],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            ready = next((line for line in server.stdout if line.startswith("READY ")), "")
            url = ready.removeprefix("READY ").strip()
            assert url.startswith("http://127.0.0.1:")
            yield f"{url}/v1"
        finally:
            server.kill()
