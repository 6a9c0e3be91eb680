"""HTTP to addresses that a merchant typed: never into the desk's own network, never longer or larger than allowed.

Every name is resolved here, judged, and the judged address itself is connected to, so that a name cannot change its
mind in between. The deadline holds for the whole exchange, however slowly it drips; redirects are not followed and
nothing is unpacked.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpcore
from django.conf import settings

if TYPE_CHECKING:
    import httpx

SCHEMES = {"http", "https"}
CONNECT_S = 3.0
FIXED = (("Accept-Encoding", "identity"), ("User-Agent", "Supportdesk"), ("Connection", "close"))
OWN_HEADERS = {"accept-encoding", "user-agent", "connection", "content-length", "host"}


class NotAllowed(Exception):
    """The address is none that the desk may call; the text says why."""


class NoAnswer(Exception):
    """No whole answer within the time and size allowed; the text says what happened."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def call(
    method: str,
    url: str,
    *,
    within_s: float,
    most_bytes: int,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Answer:
    """One exchange.

    Raises:
        NotAllowed: see `check`.
        NoAnswer: refused, broken off, too slow or too large.
    """
    check(url)
    sent: list[tuple[bytes | str, bytes | str]] = [*FIXED, *(headers or {}).items()]
    with httpcore.ConnectionPool(
        network_backend=Guarded(time.monotonic() + within_s, most_bytes + HEAD_BYTES), ssl_context=_tls()
    ) as pool:
        try:
            with pool.stream(
                method, url, headers=sent, content=body, extensions={"timeout": _patience(within_s)}
            ) as got:
                return Answer(got.status, _headers(got.headers), _read(got.iter_stream(), most_bytes))
        except httpcore.TimeoutException:
            raise NoAnswer(f"no answer within {within_s:.0f} s") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise NoAnswer(f"the connection failed ({type(error).__name__})") from None


HEAD_BYTES = 65_536


def check(url: str) -> None:
    """Whether the desk may call `url` at all, as far as its spelling tells.

    Raises:
        NotAllowed: not http(s), no host, or a name and password in it.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise NotAllowed("the address is not a URL") from None
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise NotAllowed("the address must begin with http:// or https:// and name a host")
    if parts.username or parts.password:
        raise NotAllowed("the address must not hold a name or password")


def address_of(host: str, port: int) -> str:
    """The network address to connect to.

    Raises:
        NotAllowed: any of the host's addresses is not on the public internet, and PRIVATE_PEERS does not name it.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise NoAnswer(f"the host {host} is unknown") from None
    addresses = [str(each[4][0]) for each in found]
    if f"{host}:{port}" not in settings.PRIVATE_PEERS and not all(map(is_public, addresses)):
        raise NotAllowed(f"{host} is inside a private network; PRIVATE_PEERS can allow {host}:{port}")
    return addresses[0]


def is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.split("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


class Guarded(httpcore.NetworkBackend):
    """Connects to judged addresses only; `deadline` is of time.monotonic, `most` the bytes read in all."""

    def __init__(self, deadline: float, most: int) -> None:
        self._deadline, self._most = deadline, most
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._plain.connect_tcp(address_of(host, port), port, min(CONNECT_S, self._left()))
        return _Bounded(stream, self._deadline, self._most)

    def _left(self) -> float:
        return _left(self._deadline)


class _Bounded(httpcore.NetworkStream):
    """A stream that ends with its deadline or its bytes, whichever is first."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float, most: int) -> None:
        self._stream, self._deadline, self._most = stream, deadline, most

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        got = self._stream.read(max_bytes, _left(self._deadline))
        self._most -= len(got)
        if self._most < 0:
            raise NoAnswer("the answer is too large")
        return got

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inside = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline))
        return _Bounded(inside, self._deadline, self._most)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


def _read(chunks: Iterable[bytes], most: int) -> bytes:
    body = b""
    for chunk in chunks:
        body += chunk
        if len(body) > most:
            raise NoAnswer("the answer is too large")
    return body


def _patience(within_s: float) -> dict[str, float]:
    return dict.fromkeys(("connect", "read", "write", "pool"), within_s)


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in pairs}


def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def transport(most_bytes: int) -> httpx.BaseTransport:
    """For libraries that speak httpx: the same guard, with the request's own read time-out as its deadline."""
    import httpx  # the web processes never need it

    class Guard(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            patience = request.extensions.get("timeout", {}).get("read") or CONNECT_S
            kept = {name: value for name, value in request.headers.items() if name not in OWN_HEADERS}
            answer = call(
                request.method, str(request.url), within_s=patience, most_bytes=most_bytes, headers=kept,
                body=request.read(),
            )  # fmt: skip
            headers = [(name, value) for name, value in answer.headers.items() if name != "transfer-encoding"]
            return httpx.Response(answer.status, headers=headers, content=answer.body, request=request)

    return Guard()
