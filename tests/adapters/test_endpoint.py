"""What may be asked: this machine, or an allowed host over TLS; no redirect, no proxy, in time."""

from __future__ import annotations

import json
import socket
import time
from http.server import BaseHTTPRequestHandler

import pytest

from reknit.adapters import Endpoint, EndpointError, ProviderError
from tests.adapters.servers import send, serve

PERSONAL = "Idris Haddad, Homs"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/v1",
        "http://localhost/v1",
        "https://127.8.9.1",
        "http://[::1]:11434/v1/",
        "HTTP://LOCALHOST:8080/v1",
    ],
)
def test_this_machine_needs_no_permission(url: str) -> None:
    assert Endpoint.at(url).timeout_s == 30


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com/v1",
        "http://10.0.0.5:8000/v1",
        "http://0.0.0.0:8080/v1",
        "http://127.1:8080/v1",
        "http://2130706433/v1",
        "http://0x7f000001/v1",
        "http://localhost.example.com/v1",
        "http://127.0.0.1.nip.io/v1",
        "http://[::ffff:10.0.0.5]/v1",
        "http://127.0.0.1@evil.example/v1",
        "http://user:password@127.0.0.1/v1",
        "http://evil.example#@127.0.0.1/v1",
        "http://127.0.0.1/v1?next=http://evil.example",
        "ftp://127.0.0.1/v1",
        "file:///etc/passwd",
        "unix:/run/model.sock",
        "127.0.0.1:8080",
        "http://",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1/v1\r\nHost: evil.example",
        "",
    ],
)
def test_any_other_address_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(EndpointError) as refused:
        Endpoint.at(url)
    assert "\n" not in str(refused.value)
    assert "password" not in str(refused.value).replace("a user or a password", "")


def test_an_allowed_host_may_be_asked_over_tls_only() -> None:
    allowed = Endpoint.at("https://Models.Example/v1", allowed_hosts=["models.example"])
    assert allowed.place == "https://models.example:443"
    with pytest.raises(EndpointError, match="in the clear"):
        Endpoint.at("http://models.example/v1", allowed_hosts=["models.example"])
    with pytest.raises(EndpointError, match="not allowed"):
        Endpoint.at("https://more.models.example/v1", allowed_hosts=["models.example"])


def test_it_asks_under_the_base_url_and_parses_the_answer() -> None:
    with serve(lambda handler, body: send(handler, b'{"said": ' + body + b"}")) as server:
        endpoint = Endpoint.at(server.url, key="secret-key")
        assert endpoint.ask("/chat/completions", {"text": "أمل"}) == {"said": {"text": "أمل"}}
        ((path, headers, _),) = server.requests
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer secret-key"
    assert "secret-key" not in repr(endpoint)


def test_it_follows_no_redirect() -> None:
    with serve(lambda handler, body: send(handler, b"{}")) as elsewhere:

        def redirect(handler: BaseHTTPRequestHandler, body: bytes) -> None:
            send(handler, b"{}", 307, Location=elsewhere.url)

        with serve(redirect) as server, pytest.raises(ProviderError, match="redirect"):
            Endpoint.at(server.url).ask("/x", {})
        assert elsewhere.requests == []


def test_it_uses_no_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(lambda handler, body: send(handler, b'"proxy"')) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        with serve(lambda handler, body: send(handler, b'"model"')) as server:
            assert Endpoint.at(server.url).ask("/x", {}) == "model"
        assert proxy.requests == []


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (500, PERSONAL.encode(), "status 500"),
        (404, PERSONAL.encode(), "status 404"),
        (200, PERSONAL.encode(), "no JSON"),
        (200, b"\xff\xfe{}", "no JSON"),
        (200, b"[" * 200_000, "no JSON"),
        (200, b"", "no JSON"),
        (200, json.dumps(PERSONAL * 100_000).encode(), "more than 1 MiB"),
    ],
)
def test_what_it_cannot_use_it_refuses_without_quoting_it(
    status: int, body: bytes, said: str
) -> None:
    with serve(lambda handler, _: send(handler, body, status)) as server:
        with pytest.raises(ProviderError, match=said) as failed:
            Endpoint.at(server.url).ask("/x", {})
        assert "Idris" not in str(failed.value)
        assert "\n" not in str(failed.value)


def test_a_server_that_is_down_is_said_to_be_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as line:
        port = line.getsockname()[1]
    with pytest.raises(ProviderError, match="cannot be asked"):
        Endpoint.at(f"http://127.0.0.1:{port}/v1").ask("/x", {})


def drip_headers(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    drip(handler, b"X-Slow: yes\r\n")


def drip_body(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n")
    drip(handler, b" ")


def drip_without_length(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n{}")
    drip(handler, b" ")


def drip(handler: BaseHTTPRequestHandler, part: bytes) -> None:
    """A part each 50 ms for four seconds, or until the other side hangs up."""
    for _ in range(80):
        try:
            handler.wfile.write(part)
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


def say_nothing(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    time.sleep(3)


@pytest.mark.parametrize("slow", [say_nothing, drip_headers, drip_body, drip_without_length])
def test_one_time_limit_holds_however_slowly_an_answer_drips(
    slow: object,
) -> None:
    with serve(slow) as server:  # type: ignore[arg-type]
        started = time.monotonic()
        with pytest.raises(ProviderError, match=r"within 0\.4 s"):
            Endpoint.at(server.url, timeout_s=0.4).ask("/x", {})
        assert time.monotonic() - started < 2.5


def test_a_key_that_could_break_the_request_is_refused() -> None:
    with pytest.raises(EndpointError, match="key"):
        Endpoint.at("http://127.0.0.1/v1", key="abc\r\nX-Evil: 1")
