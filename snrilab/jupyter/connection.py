"""The connection between a lesson and its kernel, without waiting for company.

A slider's answer travels as several small messages. By default the server's system holds the
second one back until the browser has acknowledged the first (Nagle's algorithm against delayed
acknowledgements), which costs 40 ms: longer than computing and drawing the new picture.
"""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's own connection to a kernel, on a socket that sends each message at once."""

    def connect(self) -> Any:
        """Connect to the kernel, as Jupyter does."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
