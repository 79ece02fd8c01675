"""What the tests of servers share: a free port, and a page once the server answers."""

from __future__ import annotations

import socket
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def fetched(
    url: str, server: subprocess.Popen[bytes], log: Path, token: str, patience_s: float = 180.0
) -> bytes:
    """Return the page; wait for it, because a Jupyter server prints its address before it binds."""
    request = urllib.request.Request(url, headers={"Authorization": f"token {token}"})
    until = time.monotonic() + patience_s
    while True:
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.read()
        except urllib.error.HTTPError:
            raise
        except OSError as error:
            if server.poll() is not None or time.monotonic() > until:
                said = log.read_text()[-3000:]
                raise RuntimeError(f"No answer from {url}; the server said:\n{said}") from error
        time.sleep(0.1)
