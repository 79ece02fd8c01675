r"""Equations of Markdown text as MathML, which browsers show without a script.

Runs wherever pages are written: in nbgrader's own process.

A feedback page runs no scripts and loads nothing, so MathJax cannot work there. Formgrader's pages
show the same without a network.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

LENGTH = 2000
COUNT = 400
_SPACE = "{http://www.w3.org/1998/Math/MathML}"
_KEPT = {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "ms", "mfrac", "msqrt", "mroot", "msub",
    "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded",
    "mphantom", "menclose", "mmultiscripts", "mprescripts", "none", "merror",
}  # fmt: skip
_FACTS = {
    "display", "mathvariant", "stretchy", "fence", "separator", "form", "accent", "accentunder",
    "displaystyle", "scriptlevel", "linethickness", "notation", "columnalign", "rowalign", "width",
    "height", "depth", "lspace", "rspace", "movablelimits", "largeop", "symmetric", "minsize",
    "maxsize", "rowspacing", "columnspacing", "columnlines", "rowlines", "frame",
}  # fmt: skip
_PIECES = re.compile(
    r"(?P<code>(?ms:^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]*(?P=fence)[^\n]*$|\Z))"
    r"|(?P<tick>`+)(?!`)(?s:.+?)(?<!`)(?P=tick)(?!`)"
    r"|\\[\\$])"
    r"|\$\$(?P<display>(?s:.+?))\$\$"
    r"|(?P<named>\\begin\{(?P<kind>equation|align|gather|multline)\*?\}(?s:.*?)\\end\{(?P=kind)\*?\})"
    r"|\$(?P<inline>(?![\s$])(?:[^$`\\\n]|\\.|\n(?!\s*\n))*?(?<![\s\\]))\$(?!\d)"
)
_ENVIRONMENT = re.compile(
    r"\\(begin|end)\{(equation|aligned|align|gathered|gather|multline|split)\*?\}"
)
# Between the tags Markdown would see its own signs.
_SIGNS = {ord(sign): f"&#{ord(sign)};" for sign in "*_`[]\\|!~$#-+"}


def with_mathml(text: str) -> str:
    r"""Return Markdown text with its equations as MathML; what is no LaTeX stays as it is.

    Parameters
    ----------
    text : str
        Markdown; code in it is left alone.

    Examples
    --------
    >>> with_mathml("a fee of $5, or `$x$`, is no equation")
    'a fee of $5, or `$x$`, is no equation'
    """
    left = COUNT

    def made(found: re.Match[str]) -> str:
        nonlocal left
        inner = found["display"] or found["named"] or found["inline"]
        if found["code"] is not None or inner is None or left <= 0 or len(inner) > LENGTH:
            return found[0]
        left -= 1
        return mathml(inner, block=found["inline"] is None) or found[0]

    return _PIECES.sub(made, text)


def mathml(latex: str, *, block: bool = False) -> str:
    """Return an equation as MathML in one line; nothing when it is no LaTeX that can be shown.

    Parameters
    ----------
    latex : str
        Without its dollar signs.
    block : bool
        Whether it stands on a line of its own.
    """
    try:
        from latex2mathml.converter import convert
    except ModuleNotFoundError:
        return ""
    inner = re.sub(r"\s+", " ", latex).strip()
    # Many write an equation of several lines without more ado; numbers of lines are not asked for.
    inner = _ENVIRONMENT.sub(_environment, inner)
    if r"\\" in inner and r"\begin" not in inner:
        inner = rf"\begin{{align*}}{inner}\end{{align*}}"
    try:
        whole = ET.fromstring(convert(inner, display="block" if block else "inline"))  # noqa: S314 -- made a line above; only elements on the list are kept
    except Exception:  # noqa: BLE001 -- whatever a student's LaTeX does to the converter
        return ""
    for part in whole.iter():
        if part.tag.removeprefix(_SPACE) not in _KEPT:
            return ""
        if part.tag == f"{_SPACE}mi" and (part.text or "").startswith("\\"):
            return ""  # a command that the converter does not know
        part.tag = part.tag.removeprefix(_SPACE)
        for name in list(part.attrib):
            if name not in _FACTS or not re.fullmatch(r"[\w .+%-]*", part.attrib[name]):
                del part.attrib[name]
    return _written(whole)


def _environment(found: re.Match[str]) -> str:
    """Give equations of several lines the one form that the converter knows, without numbers."""
    return "" if found[2] == "equation" else rf"\{found[1]}{{align*}}"


def _written(part: ET.Element) -> str:
    """Write an element in one line, with every sign of Markdown's in disguise."""
    from html import escape

    facts = "".join(f' {name}="{escape(value)}"' for name, value in part.attrib.items())
    inside = escape(part.text or "").translate(_SIGNS)
    for child in part:
        inside += _written(child) + escape(child.tail or "").translate(_SIGNS)
    return f"<{part.tag}{facts}>{inside}</{part.tag}>"
