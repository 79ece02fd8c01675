"""The bricks of a page: text that stays text, tables, bars; no script and no address."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING, NamedTuple

from snrilab.grading import clean
from snrilab.grading.feedback import POLICY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


SHOWN = 8  # in a cell
ROWS = 20


class Raw(str):
    """A cell that is markup already, made here."""

    __slots__ = ()


class Group(NamedTuple):
    """A heading within a table, over the rows that follow."""

    words: str


def text(value: object, limit: int = 500) -> str:
    """Return any text as text of a page.

    Examples
    --------
    >>> text('<b onclick="x">')
    '&lt;b onclick=&quot;x&quot;&gt;'
    """
    return html.escape(clean.text(value, limit), quote=True)


def cell(value: object) -> str:
    """Return the inside of a cell."""
    return str(value) if isinstance(value, Raw) else text(value, 4000)


def words(value: str) -> str:
    """Return a paragraph."""
    return f"<p>{value if isinstance(value, Raw) else text(value, 3000)}</p>"


def table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[object] | Group],
    *,
    tight: bool = False,
    most: int = 0,
) -> str:
    """Return a table whose rows have heads, and which can be moved sideways by keyboard.

    Columns in which no row says anything are left out.

    Parameters
    ----------
    caption : str
        What it shows.
    heads : sequence of str
        Heads of its columns.
    rows : iterable
        Cells of each row, the first its head; or a `Group` over the rows that follow.
    tight : bool
        Keep each cell on one line, and the heads of rows in sight.
    most : int
        Of more rows than this the rest is shown at a click; 0: all are shown.
    """
    rows = list(rows)
    if most and len(rows) > most + 1:
        more = len(rows) - most
        below = table(f"{caption}: the other {more}", heads, rows[most:], tight=tight)
        return table(caption, heads, rows[:most], tight=tight) + folded(f"and {more} more", below)
    cells_of = [row for row in rows if not isinstance(row, Group)]
    kept = [
        n for n in range(len(heads))
        if n == 0 or not cells_of or any(str(row[n]) not in {"", "-"} for row in cells_of)
    ]  # fmt: skip
    heads = [heads[n] for n in kept]
    rows = [row if isinstance(row, Group) else [row[n] for n in kept] for row in rows]
    top = "".join(f'<th scope="col">{text(head)}</th>' for head in heads)
    body, is_open = [], False
    for row in rows:
        if isinstance(row, Group):
            body.append("</tbody>" * is_open + "<tbody>")
            is_open = True
            span = f'<th scope="rowgroup" colspan="{len(heads)}">'
            body.append(f'<tr class="group">{span}{text(row.words)}</th></tr>')
            continue
        if not is_open:
            body.append("<tbody>")
            is_open = True
        first, *rest = row
        cells = "".join(f"<td>{cell(one)}</td>" for one in rest)
        body.append(f'<tr><th scope="row">{cell(first)}</th>{cells}</tr>')
    body.append("</tbody>" * is_open)
    name = text(caption)
    return (
        f'<div class="wide{" tight" * tight}" role="region" tabindex="0" aria-label="{name}">'
        f"<table><caption>{name}</caption><thead><tr>{top}</tr></thead>{''.join(body)}</table></div>"
    )


def listed(parts: Sequence[object], most: int = SHOWN) -> Raw:
    """Return a list in a cell: a long one shows its beginning, and the rest at a click.

    Parameters
    ----------
    parts : sequence
        What is listed; nothing gives a dash.
    most : int
        How many are shown at once; one more is shown rather than folded away alone.

    Examples
    --------
    >>> listed(["Ann", "Ben", "Cy", "Di"], 2)
    'Ann; Ben<details><summary>and 2 more</summary>Cy; Di</details>'
    """
    said = [cell(part) for part in parts]
    if len(said) <= most + 1:
        return Raw("; ".join(said) or "-")
    rest = (
        f"<details><summary>and {len(said) - most} more</summary>{'; '.join(said[most:])}</details>"
    )
    return Raw("; ".join(said[:most]) + rest)


def shortened(value: str, most: int = 120) -> Raw:
    """Return a text in a cell: of a long one the beginning, and all of it at a click.

    Examples
    --------
    >>> shortened("0.75 at 3 nM, but 0.25 at 300 nM", 10)
    '<details><summary>0.75 at 3 …</summary>0.75 at 3 nM, but 0.25 at 300 nM</details>'
    """
    if len(value) <= most + 20:
        return Raw(cell(value))
    start = f"{value[:most].rpartition(' ')[0] or value[:most]} …"
    return Raw(f"<details><summary>{cell(start)}</summary>{cell(value)}</details>")


def folded(summary: str, body: str) -> str:
    """Return what is shown at a click."""
    return f"<details><summary>{text(summary)}</summary>{body}</details>"


def bar(share: float, low: float, high: float) -> Raw:
    """Return a bar for a share with its interval as a line; the numbers stand beside it."""
    whole = f'<span class="bar" aria-hidden="true"><b style="width:{100 * share:.0f}%"></b>'
    if math.isfinite(low) and math.isfinite(high):
        whole += f'<i style="left:{100 * low:.0f}%;width:{max(1.0, 100 * (high - low)):.0f}%"></i>'
    return Raw(f"{whole}</span>")


def columns(heights: Sequence[int], labels: Sequence[str], sentence: str) -> str:
    """Return upright bars of counts; the sentence says what they show."""
    top = max(1, *heights)
    bars = "".join(
        f'<span><em>{number or ""}</em><b style="height:{60 * number / top:.0f}px"></b>'
        f"<small>{text(label)}</small></span>"
        for number, label in zip(heights, labels, strict=True)
    )
    return f'<div class="columns" role="img" aria-label="{text(sentence)}">{bars}</div>'


def page(title: str, parts: Iterable[str]) -> str:
    """Return a page that runs nothing, loads nothing and follows the reader's light or dark."""
    return _PAGE.format(
        policy=POLICY, title=text(title), style=_STYLE, body="\n".join(filter(None, parts))
    )


_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title><style>{style}</style></head>
<body><main>
{body}
</main></body></html>
"""
_STYLE = """
:root{color-scheme:light dark;--ink:#1a1a1a;--page:#fff;--line:#c4c4c4;--soft:#f2f4f6;--bar:#0072b2;
--mark:#ffe9a8;--thin:#555}
@media(prefers-color-scheme:dark){:root{--ink:#e8e8e8;--page:#16181a;--line:#4a4f54;--soft:#22262a;
--bar:#56b4e9;--mark:#5a4a10;--thin:#b0b0b0}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);margin:1.5rem}
main{max-width:76rem;margin:auto}h1{font-size:1.7rem;margin:.2rem 0}
h2{font-size:1.3rem;margin:2rem 0 .4rem}
h3{font-size:1.05rem;margin:1.2rem 0 .3rem}p{max-width:52rem;margin:.5rem 0}
.wide{overflow-x:auto;margin:.6rem 0}table{border-collapse:collapse;font-size:.94rem}
caption{text-align:left;font-weight:600;padding:.2rem 0}
th,td{border-bottom:1px solid var(--line);padding:.28rem .6rem;text-align:left;vertical-align:top}
tbody th{font-weight:500}thead th{border-bottom:2px solid var(--line)}
tr.group th{background:var(--soft);font-weight:600}
td{overflow-wrap:break-word;max-width:34rem}
.wide:not(.tight) td:last-child{min-width:10rem}
.tight th,.tight td{white-space:nowrap}
.tight tbody th{position:sticky;left:0;background:var(--page)}
summary{cursor:pointer;margin:.4rem 0;font-weight:600}
td summary{margin:0;font-weight:400;color:var(--bar)}
.number span{white-space:nowrap}
.bar{display:inline-block;position:relative;width:6rem;height:.7rem;background:var(--soft);
border:1px solid var(--line);vertical-align:middle;margin-right:.5rem}
.bar b{position:absolute;left:0;top:0;bottom:0;background:var(--bar)}
.bar i{position:absolute;top:44%;height:2px;background:var(--ink)}
.columns{display:flex;gap:3px;align-items:flex-end;margin:.8rem 0}
.columns span{display:flex;flex-direction:column;align-items:center;width:3.4rem}
.columns b{display:block;width:100%;background:var(--bar)}
.columns em,.columns small{font-style:normal;font-size:.8rem;color:var(--thin)}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.8rem}.pair>div{min-width:0}
pre{font:13px/1.45 ui-monospace,monospace;background:var(--soft);padding:.5rem;margin:.3rem 0;
overflow-x:auto;
white-space:pre-wrap;overflow-wrap:anywhere}mark{background:var(--mark);color:inherit}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;padding:0;list-style:none;margin:.6rem 0}
a{color:var(--bar)}:focus-visible{outline:3px solid var(--bar);outline-offset:2px}
@media print{.wide{overflow:visible}details{display:block}}
""".replace("\n", "")
