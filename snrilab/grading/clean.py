"""Make what a student wrote or drew harmless to whoever looks at it.

Runs in forked graders and wherever pages are written.

Formgrader and feedback show notebooks in a teacher's or a student's browser. Text stays readable;
nothing that could run, load or send stays alive.
"""

from __future__ import annotations

import base64
import binascii
import re
from html import unescape
from typing import Any

TEXT = 120_000
PICTURE = 3 * 2**20
ATTACHED = 12 * 2**20  # a photograph of a page
PARTS = 50
CELL = 5 * 2**20  # characters of one cell's outputs: a browser has to show them
TAGS = [
    "b",
    "br",
    "caption",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
]
ATTRIBUTES = {"td": ["colspan", "rowspan"], "th": ["colspan", "rowspan", "scope"]}
_SIGNATURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
# What steers a terminal, or shows text in another order than it is read in.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_ENTITY = re.compile(r"&(#[xX]?(?=[0-9a-fA-F])0*|)([0-9A-Za-z]+;?)")
ENTITY = 40  # no name and no number of a character is longer


def text(value: Any, limit: int = TEXT) -> str:
    """Return printable text of limited length."""
    plain = value if isinstance(value, str) else str(value)
    plain = plain[:limit].encode("utf-8", "replace").decode()
    return _visible(plain.replace("\x1b", ""))


def safe_words(words: str) -> str:
    """Return one line that is safe to print on a terminal."""
    return re.sub(r"[^\x20-\x7e\u00a0-\u2fff\u3040-\ud7ff]", "?", text(words))


def _visible(plain: str) -> str:
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", plain)


def html(source: str) -> str:
    """Return HTML with nothing but plain structure left: no scripts, links, styles or pictures."""
    import bleach  # type: ignore[import-untyped]

    # The content of these elements is no text for readers, so it goes with its tags.
    source = re.sub(
        r"(?is)<(script|style|svg|math|template|noscript|title|textarea|iframe)\b.*?(</\1\s*>|$)",
        "",
        source,
    )
    plain = bleach.clean(source, tags=TAGS, attributes=ATTRIBUTES, strip=True, strip_comments=True)
    return _ENTITY.sub(_visible_entity, plain)


def once_more(element: str | bytes) -> str:
    """Return what `html` makes of an output, for the templates of formgrader and feedback.

    nbconvert's own filter of this place takes the rows out of tables and shows captions as text.
    """
    return html(element.decode("utf-8", "replace") if isinstance(element, bytes) else str(element))


def _visible_entity(found: re.Match[str]) -> str:
    # Noughts in front change nothing, and a number of thousands of digits cannot be read.
    start, rest = found.groups()
    meant = unescape(f"&{start.rstrip('0')}{rest}") if len(rest) <= ENTITY else ""
    return _visible(meant) if _CONTROL.search(meant) else found[0]


def markdown(source: str) -> str:
    """Return Markdown in which no HTML, no active link, no picture and no active TeX is left.

    A space after the opening character is enough: ``< b`` is no tag in any reading of the text,
    inside formulas and code too, and still readable.
    """
    plain = text(source)
    plain = re.sub(r"<(?=[A-Za-z/!?])", "< ", plain)
    plain = re.sub(r"&(?=#|[A-Za-z][A-Za-z0-9]*;)", "& ", plain)
    plain = re.sub(r"!\[", "! [", plain)
    plain = re.sub(r"(?i)(java|vb)(\s*)script(\s*\\?):", r"\1 script\3 :", plain)
    plain = re.sub(r"\](\s*)\((?!\s*(https?://|mailto:|#))", r"]\1 &#40;", plain)
    plain = re.sub(r"(?m)^([ \t>]*\[[^\]\n]{1,200}\]):", r"\1 :", plain)
    return re.sub(
        r"\\(?=(href|url|style|class|cssId|require|unicode|includegraphics|html|def|let|newcommand)\b)",
        r"\\ ",
        plain,
    )


_PICTURE = re.compile(
    r"!\[([^\]\n]{0,200})\]\(\s*<?attachment:([^)>\n\"]{1,300}?)>?(?:\s+\"[^\"\n]{0,200}\")?\s*\)"
)
_TAG = re.compile(
    r"(?i)<img\b[^>]{0,400}?\bsrc\s*=\s*(?:\"attachment:([^\">\n]{1,300})\"|'attachment:([^'>\n]{1,300})'"
    r"|attachment:([^\"'>\s]{1,300}))[^>]{0,400}>"
)
_HELD = "\ue000{}\ue001"


def with_pictures(source: str, attached: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return Markdown as `markdown` does, with the attached pictures that it shows.

    PNG and JPEG stay when they are what they say, under names of ours; anything else goes.
    """
    from urllib.parse import unquote

    kept: dict[str, Any] = {}
    shown: list[str] = []

    def hold(alt: str, name: str) -> str:
        found = _attached(attached.get(name.strip(), attached.get(unquote(name.strip()))))
        if found is None:
            return f"[picture {text(alt, 80)} was not kept: only PNG and JPEG are]"
        own = f"picture-{len(shown) + 1}.{'png' if 'image/png' in found else 'jpg'}"
        kept[own] = found
        words = " ".join(re.findall(r"[^\W_]+", alt))[:100] or "picture"
        shown.append(f"![{words}](attachment:{own})")
        return _HELD.format(len(shown) - 1)

    if attached:
        source = re.sub("[\ue000\ue001]", "", source)
        source = _PICTURE.sub(lambda found: hold(found[1], found[2]), source)
        source = _TAG.sub(lambda found: hold("", found[1] or found[2] or found[3]), source)
        for name in list(attached)[:PARTS]:  # one that is not shown may still be the answer
            if not kept and _attached(attached[name]) is not None:
                source += "\n\n" + hold("", name)
    plain = markdown(source)
    return re.sub("\ue000(\\d+)\ue001", lambda found: shown[int(found[1])], plain), kept


def attachments(attached: Any) -> dict[str, Any]:
    """Return only the pictures among what is attached to a cell, by names that are plain."""
    if not isinstance(attached, dict):
        return {}
    found = ((name, _attached(bundle)) for name, bundle in list(attached.items())[:PARTS])
    plain = re.compile(r"[A-Za-z0-9._-]{1,60}")
    return {n: kept for n, kept in found if kept is not None and plain.fullmatch(str(n))}


def _attached(bundle: Any) -> dict[str, str] | None:
    """Return a picture under its true type, None when it is none."""
    for part in bundle.values() if isinstance(bundle, dict) else ():
        value = "".join(part) if isinstance(part, list) and all(map(_is_text, part)) else part
        for mime, signature in _SIGNATURES.items():
            picture = _picture(value, signature, ATTACHED)
            if picture:
                return {mime: picture}
    return None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def outputs(parts: Any) -> list[dict[str, Any]]:
    """Return a cell's outputs, as sent by an untrusted process, in the notebook format.

    Anything that is not exactly as expected is left out.
    """
    clean: list[dict[str, Any]] = []
    if not isinstance(parts, list):
        return clean
    room = CELL
    for part in parts[:PARTS]:
        if not isinstance(part, dict):
            continue
        made = _MAKERS.get(str(part.get("output_type")), lambda _: None)(part)
        if made is None:
            continue
        room -= sum(map(len, made.get("data", {}).values()))
        if room < 0:
            clean.append(stream("stderr", "[this cell shows too much; the rest was not kept]"))
            break
        clean.append(made)
    return clean


def stream(name: str, content: str) -> dict[str, Any]:
    """Return a stream output of the notebook format."""
    return {"output_type": "stream", "name": name, "text": text(content)}


def error(name: str, message: str, lines: list[str]) -> dict[str, Any]:
    """Return an error output of the notebook format."""
    return {
        "output_type": "error",
        "ename": text(name, 200),
        "evalue": text(message, 2000),
        "traceback": [text(line, 2000) for line in lines[:40]],
    }


def _stream(part: dict[str, Any]) -> dict[str, Any] | None:
    content = part.get("text")
    if not isinstance(content, str):
        return None
    return stream("stderr" if part.get("name") == "stderr" else "stdout", content)


def _error(part: dict[str, Any]) -> dict[str, Any] | None:
    lines = part.get("traceback")
    if not isinstance(lines, list):
        return None
    return error(
        str(part.get("ename"))[:200],
        str(part.get("evalue"))[:2000],
        [line for line in lines if isinstance(line, str)],
    )


def _display(part: dict[str, Any]) -> dict[str, Any] | None:
    raw = part.get("data")
    if not isinstance(raw, dict):
        return None
    data: dict[str, Any] = {}
    for mime, value in raw.items():
        if mime in _SIGNATURES:
            picture = _picture(value, _SIGNATURES[mime])
            if picture:
                data[mime] = picture
        elif isinstance(value, str) and mime == "text/plain":
            data[mime] = text(value)
        elif isinstance(value, str) and mime == "text/html":
            data[mime] = html(text(value))
        elif isinstance(value, str) and mime == "text/markdown":
            data[mime] = markdown(value)
    if not data:
        return None
    if part.get("output_type") == "execute_result":
        count = part.get("execution_count")
        count = count if type(count) is int and 0 <= count < 10**6 else None
        return {
            "output_type": "execute_result",
            "data": data,
            "metadata": {},
            "execution_count": count,
        }
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _picture(value: Any, signature: bytes, limit: int = PICTURE) -> str:
    """Return the picture as base64 text when it is one, else nothing."""
    if isinstance(value, str):
        try:
            value = base64.b64decode("".join(value.split()), validate=True)
        except (binascii.Error, ValueError):
            return ""
    if not isinstance(value, bytes) or not value.startswith(signature) or len(value) > limit:
        return ""
    return base64.b64encode(value).decode("ascii")


_MAKERS = {
    "stream": _stream,
    "error": _error,
    "display_data": _display,
    "execute_result": _display,
}
