"""Frames on a socket: four bytes of length, then one value; a frame may carry open files.

Runs in every kind of process.
"""

from __future__ import annotations

import array
import os
import select
import socket
import struct
import time
from typing import TYPE_CHECKING, Any

from . import errors, values

if TYPE_CHECKING:
    from collections.abc import Callable

FRAME = 40 * 2**20
NEVER = float("inf")
ENDED = ("the process ended", "the connection is broken")  # as against: too late, not understood


class SilenceError(Exception):
    """Nobody answered: too late, hung up, or not in this language.

    The words are always the same few: what a student's process sends decides about none of them.
    """

    late = False


class LateError(SilenceError):
    """Nobody answered in time."""

    late = True


def _silence(error: OSError) -> SilenceError:
    broken = isinstance(error, ConnectionError)
    return SilenceError(ENDED[1] if broken else f"the connection is closed ({error.strerror})")


def send(sock: socket.socket, message: Any, files: tuple[int, ...] = ()) -> None:
    """Send one message, with open files when there are any."""
    send_bytes(sock, values.encode(message), files)


def send_bytes(
    sock: socket.socket, data: bytes, files: tuple[int, ...] = (), deadline: float = NEVER
) -> None:
    """Send one frame that is already encoded."""
    header = struct.pack("<I", len(data))
    try:
        if files:
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))]
            sock.sendmsg([header], rights)
        else:
            data = header + data
        _send_all(sock, data, deadline)
    except OSError as error:
        raise _silence(error) from None


def _send_all(sock: socket.socket, data: bytes, deadline: float) -> None:
    if deadline == NEVER:
        sock.sendall(data)
        return
    view = memoryview(data)
    while view:
        _, ready, _ = select.select([], [sock], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise LateError("the other side does not listen")
        view = view[sock.send(view, socket.MSG_DONTWAIT) :]


def receive(
    sock: socket.socket,
    *,
    deadline: float = NEVER,
    resolve: Callable[[str], Any] | None = None,
) -> tuple[Any, list[int]]:
    """Return the next message and the open files that came with it."""
    data, files = receive_bytes(sock, deadline=deadline)
    try:
        return values.decode(data, resolve), files
    except errors.BadDataError as error:
        for file in files:
            os.close(file)
        raise SilenceError("the answer is not plain data") from error


def receive_bytes(sock: socket.socket, *, deadline: float = NEVER) -> tuple[bytes, list[int]]:
    """Return the bytes of the next frame and the open files that came with it."""
    header, files = _receive_exactly(sock, 4, deadline)
    (length,) = struct.unpack("<I", header)
    if length > FRAME:
        raise SilenceError(f"the answer is larger than {FRAME // 2**20} MB")
    data, more = _receive_exactly(sock, length, deadline)
    return data, files + more


def _receive_exactly(sock: socket.socket, count: int, deadline: float) -> tuple[bytes, list[int]]:
    chunks: list[bytes] = []
    files: list[int] = []
    missing = count
    while missing:
        if deadline != NEVER:
            ready, _, _ = select.select([sock], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise LateError("no answer in time")
        try:
            data, rights, _, _ = sock.recvmsg(min(missing, 2**20), socket.CMSG_SPACE(4 * 4))
        except OSError as error:
            raise _silence(error) from None
        for level, kind, content in rights:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                whole = len(content) - len(content) % 4
                files.extend(array.array("i", content[:whole]))
        if not data:
            raise SilenceError(ENDED[0])
        chunks.append(data)
        missing -= len(data)
    return b"".join(chunks), files
