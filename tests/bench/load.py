"""Requests a second of one address: a few clients asking again and again, for a bounded time."""

import socket
import threading
import time
from urllib.parse import urlsplit


def requests_per_second(url: str, *, cookie: str = "", clients: int = 4, seconds: float = 4) -> float:
    """Return how many complete answers with status 200 `clients` got a second; raises on any other."""
    parts = urlsplit(url)
    headers = [
        f"Host: {parts.netloc}",
        "Accept-Encoding: gzip",
        "Accept-Language: zh-CN",
        "Connection: close",
    ]
    headers += [f"Cookie: {cookie}"] if cookie else []
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    request = "\r\n".join([f"GET {path} HTTP/1.1", *headers, "", ""]).encode()
    counts = [0] * clients
    failures: list[str] = []
    stop = time.perf_counter() + seconds

    def ask(client: int) -> None:
        while time.perf_counter() < stop and not failures:
            answer = _answer(parts.hostname or "", parts.port or 80, request)
            if not answer.startswith(b"HTTP/1.1 200"):
                failures.append(answer[:200].decode(errors="replace"))
            counts[client] += 1

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"{url} answered {failures[0]}")
    return sum(counts) / (time.perf_counter() - began)


def _answer(host: str, port: int, request: bytes) -> bytes:
    # Bare sockets: the client shares the cores with the server and shall cost as little as it can.
    with socket.create_connection((host, port), timeout=30) as connection:
        connection.sendall(request)
        chunks = []
        while chunk := connection.recv(65536):
            chunks.append(chunk)
    return b"".join(chunks)
