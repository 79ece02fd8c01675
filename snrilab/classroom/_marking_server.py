"""The marking page: one address of this computer, for whoever knows its secret, until Ctrl+C.

Runs in the coordinator. Every request has to name this very address (no other name leads here, so
no other site can make a browser speak to it), the secret is part of every path, and what changes
something carries it once more where no form can put it.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import re
import secrets
import signal
import tempfile
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from snrilab.classroom._answer_pages import AnswerPages, Pictures
from snrilab.classroom._gradebook import ClassroomError
from snrilab.classroom._marking import ConflictError
from snrilab.classroom._marking_page import notebook_page, question_page
from snrilab.grading.rubric import RubricError

if TYPE_CHECKING:
    from collections.abc import Callable

    from snrilab.classroom._marking import Marking

BODY = 256 * 2**10
WAIT_S = 30
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_STATIC = Path(__file__).parent / "_page"
_TYPES = {
    "js": "text/javascript",
    "css": "text/css",
    "png": "image/png",
    "jpg": "image/jpeg",
    "svg": "image/svg+xml",
}


class RequestError(Exception):
    """A request that is not answered; with its status."""

    def __init__(self, status: HTTPStatus, words: str) -> None:
        super().__init__(words)
        self.status = status


class MarkingServer(ThreadingHTTPServer):
    """Serves the marking of one assignment on this computer.

    Parameters
    ----------
    marking : Marking
        The marking.
    folder : Path
        A private folder for pictures.
    port : int
        Port to answer on; 0 takes a free one.
    """

    daemon_threads = True

    def __init__(self, marking: Marking, folder: Path, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.marking = marking
        self.pages = AnswerPages(marking.course, marking.assignment, Pictures(folder))
        self.secret = secrets.token_urlsafe(24)
        self.door = secrets.token_urlsafe(24)  # opens once: other people see what a browser is told
        self.alone = threading.Lock()
        self.keys = list(marking.questions)

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def address(self) -> str:
        """Address of the page."""
        return f"http://{self.place}/{self.secret}/"

    def handle_error(self, *_: Any) -> None:
        """Say nothing of a browser that has gone away."""


class _Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: MarkingServer
    server_version = "snrilab"
    sys_version = ""
    timeout = WAIT_S

    def log_message(self, *_: Any) -> None:
        """Keep the terminal free: the path holds the secret."""

    def do_GET(self) -> None:
        self._answered(self._get)

    def do_POST(self) -> None:
        self._answered(self._post)

    def _answered(self, work: Callable[[str, dict[str, str]], None]) -> None:
        try:
            path, query = self._entered()
            work(path, query)
        except RequestError as error:
            self._send(error.status, f"{error}\n".encode(), "text/plain")
        except ConflictError as error:
            self._json({"error": str(error)}, HTTPStatus.CONFLICT)
        except (ClassroomError, RubricError) as error:
            self._json({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        except OSError as error:
            why = f"{error.filename}: {error.strerror}"
            self._json({"error": why}, HTTPStatus.INTERNAL_SERVER_ERROR)

    def _entered(self) -> tuple[str, dict[str, str]]:
        """Return path and query of whoever may come in."""
        if self.headers.get_all("Host") != [self.server.place]:
            raise RequestError(HTTPStatus.FORBIDDEN, "this page has another address.")
        own = self.headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}
        clicked = self.command == "GET" and self.headers.get("Sec-Fetch-Dest") == "document"
        if not (own or clicked):
            raise RequestError(HTTPStatus.FORBIDDEN, "no other page leads here.")
        parts = urlsplit(self.path)
        _, _, rest = parts.path.partition("/")
        start, _, path = rest.partition("/")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if self.command == "GET" and start == "open" and _same(path, self.server.door):
            self.server.door = secrets.token_urlsafe(24)
            return "door", query
        if not _same(start, self.server.secret):
            raise RequestError(HTTPStatus.FORBIDDEN, "this is not the whole address.")
        return path, query

    def _get(self, path: str, query: dict[str, str]) -> None:
        if path == "door":
            where = f"/{self.server.secret}/?" + (f"q={query['q']}" if _number(query) else "")
            self._send(HTTPStatus.SEE_OTHER, b"", "text/plain", {"Location": where})
        elif path.startswith("picture/"):
            self._picture(path.removeprefix("picture/"))
        elif path in {"marking.js", "marking.css", "icon.svg"}:
            kind = _TYPES[path.rpartition(".")[2]]
            self._send(HTTPStatus.OK, (_STATIC / path).read_bytes(), kind)
        elif path in {"", "state", "names", "notebook", "rest"}:
            with self.server.alone:
                {
                    "": self._page,
                    "state": self._state,
                    "names": self._names,
                    "rest": self._rest,
                }.get(path, self._notebook)(query)
        else:
            raise RequestError(HTTPStatus.NOT_FOUND, "there is nothing here.")

    def _picture(self, name: str) -> None:
        data = self.server.pages.pictures.read(name)
        if data is None:
            raise RequestError(HTTPStatus.NOT_FOUND, "there is no such picture.")
        self._send(HTTPStatus.OK, data, _TYPES[name.rpartition(".")[2]])

    def _page(self, query: dict[str, str]) -> None:
        marking, number = self.server.marking, _number(query) or 1
        key = self._key(number)
        marking.refresh()
        marks = marking.marks()
        answers = [
            (
                marking.people[answer.student],
                self.server.pages.answer(
                    question, answer.student, marking.why(key, answer.student)
                ),
            )
            for question in [marking.questions[key]]
            for answer in marking.answers(key)
            if answer.student in marking.people
        ]
        page = question_page(marking, key, number, answers, marks, self.server.pages.text)
        self._send(HTTPStatus.OK, page.encode(), "text/html")

    def _state(self, query: dict[str, str]) -> None:
        marking = self.server.marking
        state = marking.state(self._key(_number(query)))
        state["left"] = [waiting for waiting, _ in marking.left().values()]
        stamp = hashlib.sha256(json.dumps(state).encode()).hexdigest()[:20]
        self._json({"same": True} if query.get("seen") == stamp else state | {"stamp": stamp})

    def _names(self, query: dict[str, str]) -> None:
        marking = self.server.marking
        answers = marking.answers(self._key(_number(query)))
        people = marking.people
        self._json({people[a.student]: a.name for a in answers if a.student in people})

    def _rest(self, query: dict[str, str]) -> None:
        self._json({"keys": self.server.marking.rest(query.get("answer", ""))})

    def _notebook(self, query: dict[str, str]) -> None:
        marking = self.server.marking
        question = marking.questions[self._key(_number(query))]
        code = query.get("answer", "")
        student = marking.whose(code)
        if student is None:
            raise RequestError(HTTPStatus.NOT_FOUND, "there is no such notebook.")
        made = self.server.pages.notebook(question.notebook, student)
        self._send(
            HTTPStatus.OK, notebook_page(marking.assignment, code, made).encode(), "text/html"
        )

    def _post(self, path: str, _: dict[str, str]) -> None:
        asked = self._body()
        marking = self.server.marking
        key = self._key(asked.get("q"))
        with self.server.alone:
            if path == "mark":
                change = asked.get("change")
                if not isinstance(change, dict):
                    raise RequestError(HTTPStatus.BAD_REQUEST, "there is no change.")
                self._json(marking.mark(key, str(asked.get("answer")), change))
            elif path == "rest":
                keys = asked.get("keys")
                keys = [str(one) for one in keys] if isinstance(keys, list) else []
                self._json({"settled": marking.settle_rest(str(asked.get("answer")), keys)})
            elif path == "missing":
                marking.show_missing(asked.get("on") is True)
                self._json({"on": asked.get("on") is True})
            elif path == "item":
                name = asked.get("name")
                self._json(
                    marking.change_item(
                        key,
                        str(name) if name is not None else None,
                        read_points(str(asked.get("points", ""))),
                        str(asked.get("words", ""))[:2000],
                        remove=asked.get("remove") is True,
                    )
                )
            else:
                raise RequestError(HTTPStatus.NOT_FOUND, "there is nothing here.")

    def _body(self) -> dict[str, Any]:
        """Return what a page of ours has sent."""
        origin = self.headers.get("Origin", f"http://{self.server.place}")
        own = _same(self.headers.get("X-Snrilab", ""), self.server.secret)
        kind = self.headers.get_content_type()
        if not own or origin != f"http://{self.server.place}" or kind != "application/json":
            raise RequestError(HTTPStatus.FORBIDDEN, "only this page itself may change something.")
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > BODY:
            raise RequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "this is too much.")
        try:
            asked = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            asked = None
        if not isinstance(asked, dict):
            raise RequestError(HTTPStatus.BAD_REQUEST, "this is no JSON.")
        return asked

    def _key(self, number: Any) -> str:
        keys = self.server.keys
        if not isinstance(number, int) or not 1 <= number <= len(keys):
            raise RequestError(HTTPStatus.NOT_FOUND, "there is no such question.")
        return keys[number - 1]

    def _json(self, answer: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(status, json.dumps(answer).encode(), "application/json")

    def _send(
        self, status: HTTPStatus, data: bytes, kind: str, more: dict[str, str] | None = None
    ) -> None:
        charset = "" if kind.startswith("image/") else "; charset=utf-8"
        self.send_response(status)
        self.send_header("Content-Type", kind + charset)
        self.send_header("Content-Length", str(len(data)))
        for name, value in {**HEADERS, **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _number(query: dict[str, str]) -> int:
    """Return the number of the question that is asked for, 0 for none."""
    given = query.get("q", "")
    return int(given) if re.fullmatch(r"[0-9]{1,4}", given) else 0


def read_points(words: str) -> list[float]:
    """Return the points of an item as a person writes them.

    Examples
    --------
    >>> read_points("1 or 0.5"), read_points("-1"), read_points("1,5")
    ([1.0, 0.5], [-1.0], [1.5])
    """
    parts = re.split(r"\s+or\s+|\s*/\s*|\s*;\s*", words.strip().replace("\u2212", "-"))
    if not all(re.fullmatch(r"[-+]?\d{1,4}(?:[.,]\d{1,4})?", part) for part in parts):
        if words.strip():
            raise ClassroomError("an item's points are written like 2 or like 1 or 0.5.")
        return []
    return [float(part.replace(",", ".")) for part in parts]


def serve(
    marking: Marking,
    say: Callable[[str], None],
    question: str = "",
    *,
    port: int = 0,
    browser: bool = True,
) -> None:
    """Serve the marking page until Ctrl+C.

    Parameters
    ----------
    marking : Marking
        The marking.
    say : callable
        Takes sentences for the terminal.
    question : str
        Name of the cell to begin with.
    port : int
        Port to answer on; 0 takes a free one.
    browser : bool
        Whether to open the page.
    """
    keys = list(marking.questions)
    number = next((n for n, key in enumerate(keys, 1) if question in {key, key.split("/")[1]}), 0)
    if question and not number:
        raise ClassroomError(f"{question} is not marked by hand; these are: {', '.join(keys)}.")
    if not number:
        waiting = [n for n, (left, _) in enumerate(marking.left().values(), 1) if left]
        number = waiting[0] if waiting else 1
    with tempfile.TemporaryDirectory(prefix="snrilab-marking-") as folder:
        try:
            server = MarkingServer(marking, Path(folder), port)
        except (OSError, OverflowError):
            raise ClassroomError(
                f"port {port} cannot be used; without --port one is found."
            ) from None
        with server, _ended_by_term():
            say(f"Marking {marking.assignment} on {server.address}?q={number}")
            say("The page is for you alone. Ctrl+C ends it; everything is written already.")
            if browser:
                import webbrowser

                webbrowser.open(f"http://{server.place}/open/{server.door}?q={number}")
            with contextlib.suppress(KeyboardInterrupt):
                server.serve_forever()
            server.alone.acquire(timeout=WAIT_S)  # what is being written is written


@contextlib.contextmanager
def _ended_by_term() -> Any:
    """Let a polite end be the same as Ctrl+C."""

    def end(*_: Any) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
