"""One writer at a time, among processes: a lock is a file beside the one that is written."""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def alone(lock: Path, *, patience_s: float, stale_s: float) -> Iterator[None]:
    """Hold a lock; one that a killed process has left behind is taken away.

    Parameters
    ----------
    lock : Path
        The file that stands for the lock.
    patience_s : float
        How long to wait, in seconds.
    stale_s : float
        Age in seconds from which nobody can still be writing.

    Raises
    ------
    TimeoutError
        When another process holds it for longer.
    """
    until = time.monotonic() + patience_s
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            with contextlib.suppress(OSError):
                if time.time() - lock.stat().st_mtime > stale_s:
                    lock.unlink()
                    continue
            if time.monotonic() > until:
                raise TimeoutError(f"{lock} is held by another process; try again.") from None
            time.sleep(0.01)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            lock.unlink()
