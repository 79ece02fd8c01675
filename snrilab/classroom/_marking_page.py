"""What the marking page consists of, before its script fills in points and comments.

Runs in the coordinator.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from snrilab.classroom._marking import Marking

KEYS = (
    ("1 to 9, 0", "give or take items 1 to 10; with Shift items 11 to 20; again: the lesser form"),
    ("j, \u2192", "next answer"),
    ("k, \u2190", "answer before"),
    ("Enter", "next answer that is left; where a text has changed since, its marks stand"),
    ("c", "comment; Esc leaves it"),
    ("f", "free points; Esc leaves them"),
    ("z", "nothing right: 0 points"),
    ("x", "take all points back: not marked"),
    (
        "Z",
        "of a file that no machine could read: 0 points for all that is left of it, after asking",
    ),
    ("v", "all answers below each other, or one alone"),
    ("w", "the student's whole notebook, in a new tab"),
    ("s", "show or hide names"),
    ("e, then the item's key", "change an item; who has it is marked again"),
    ("a", "add an item"),
    ("[ and ]", "question before, next question"),
    ("?", "these keys"),
)

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="icon.svg"><link rel="stylesheet" href="marking.css">
<script src="marking.js" defer></script></head>
<body {facts}>
{body}
</body></html>
"""


def question_page(
    marking: Marking,
    key: str,
    number: int,
    answers: list[tuple[str, str]],
    marks: dict[str, Any],
    as_html: Callable[[str], str],
) -> str:
    """Return the page of one question.

    Parameters
    ----------
    marking : Marking
        The marking.
    key : str
        The question.
    number : int
        Its place in the assignment, from 1.
    answers : list of tuple
        Pseudonym and HTML of each answer.
    marks : dict
        Items and what was given, as they are now.
    as_html : callable
        Turns the teacher's Markdown into HTML.
    """
    question = marking.questions[key]
    items = marks["questions"][key]["items"]
    shown = " checked" if marks.get("missing") else ""
    most = next((answer.points for answer in marking.answers(key)), 0.0)
    options = "".join(
        f'<option value="{n}"{" selected" if n == number else ""}>{escape(_named(one))}</option>'
        for n, one in enumerate(marking.questions.values(), 1)
    )
    asked = "\n".join(map(as_html, question.asked)) or "<p>It has no words of its own.</p>"
    model = f"<details><summary>Model answer</summary>{as_html(question.model)}</details>"
    body = f"""
<a class="skip" href="#panel">To the items</a>
<header>
<h1>{escape(marking.assignment)}</h1>
<label>Question <select id="question">{options}</select></label>
<p id="left" role="status" aria-live="polite"></p>
<label>Show <select id="filter"><option value="all">all answers</option>
<option value="left">those left</option><option value="marked">those marked</option>
{"".join(_filter(place, item) for place, item in enumerate(items, 1))}</select></label>
<button type="button" id="view" aria-pressed="false">One alone <kbd>v</kbd></button>
<button type="button" id="names" aria-pressed="false">Names <kbd>s</kbd></button>
<button type="button" id="help">Keys <kbd>?</kbd></button>
</header>
<div class="desk">
<main aria-label="Answers" tabindex="0">
<h2>{escape(question.title)}</h2>
{
        "".join(_answer(code, made) for code, made in answers)
        or "<p class='nothing'>Nothing is graded yet.</p>"
    }
</main>
<section id="panel" tabindex="-1" aria-label="Points">
<div class="top"><h2 id="whose"></h2>
<p class="sum"><strong id="points"></strong> of {most:g} points <span id="how"></span></p>
<p id="said" role="status" aria-live="polite"></p></div>
<ol class="items">{"".join(_item(n, item, as_html) for n, item in enumerate(items, 1))}</ol>
<p class="row"><button type="button" id="add">Add an item <kbd>a</kbd></button>
<button type="button" id="zero">Nothing right <kbd>z</kbd></button>
<button type="button" id="back">Take back <kbd>x</kbd></button></p>
<p class="row" id="unread" hidden><button type="button" id="rest">0 points for all that is left of
this file <kbd>Z</kbd></button></p>
<p class="row"><label>Free points <input id="free" inputmode="decimal" size="5" autocomplete="off">
</label><kbd>f</kbd></p>
<p><label for="comment">Comment to the student</label> <kbd>c</kbd>
<textarea id="comment" rows="4" maxlength="20000"></textarea></p>
<p class="row"><button type="button" id="next">Next that is left <kbd>Enter</kbd></button>
<button type="button" id="whole">Whole notebook <kbd>w</kbd></button></p>
<p><label><input type="checkbox" id="missing"{shown}> Feedback also names the items that somebody
did not get</label></p>
<details><summary>The question</summary>{asked}</details>
{model if question.model else ""}
</section>
</div>
{_DIALOGS}"""
    facts = (
        f'data-q="{number}" data-of="{len(marking.questions)}" data-most="{most:g}" '
        f'data-test="{"yes" * question.is_test}" '
        f'data-items="{escape(json.dumps(items), quote=True)}"'
    )
    return _PAGE.format(title=escape(f"{question.title}: marking"), facts=facts, body=body)


def _named(question: Any) -> str:
    named = question.title.endswith(question.cell)
    return question.title if named else f"{question.title}: {question.cell}"


def _filter(place: int, item: dict[str, Any]) -> str:
    words = item["words"] if len(item["words"]) <= 40 else f"{item['words'][:40]}\u2026"
    return f'<option value="{escape(item["name"])}">with {place}: {escape(words)}</option>'


def _answer(code: str, made: str) -> str:
    code = escape(code)
    return f"""<article id="answer-{code}" data-answer="{code}" tabindex="-1"
 aria-labelledby="name-{code}"><h3 id="name-{code}"><span class="code">{code}</span>
<span class="who"></span> <span class="mark"></span></h3>
<p class="note" hidden></p>
<div class="text">{made}</div></article>
"""


def _item(place: int, item: dict[str, Any], as_html: Callable[[str], str]) -> str:
    name = escape(item["name"])
    levels = "".join(
        f'<button type="button" class="level" data-item="{name}" data-place="{n}" '
        f'aria-pressed="false" aria-describedby="words-{name}">{points:g}'
        f'<span class="unseen"> {"point" if abs(points) == 1 else "points"}, item {place}</span>'
        "</button>"
        for n, points in enumerate(item["points"])
    )
    gone = " <em>(no longer in the mark scheme)</em>" if item.get("gone") else ""
    key = place % 10 if place <= 10 else f"\u21e7{place % 10}" if place <= 20 else ""
    words = as_html(item["words"]).strip().removeprefix("<p>").removesuffix("</p>")
    return (
        f'<li data-item="{name}"><kbd>{key}</kbd><span class="levels">{levels}</span>'
        f'<span class="words" id="words-{name}">{words}{gone}</span>'
        f'<button type="button" class="change" data-item="{name}" title="Change">'
        f'\u270e<span class="unseen"> change item {place}</span></button></li>'
    )


_DIALOGS = f"""
<dialog id="keys" aria-labelledby="keys-title"><h2 id="keys-title">Keys</h2>
<dl>{"".join(f"<div><dt>{escape(k)}</dt><dd>{escape(what)}</dd></div>" for k, what in KEYS)}</dl>
<p><label><input type="checkbox" id="single"> These keys work (take the tick away where you speak to
your computer)</label></p>
<p><button type="button" class="close">Close <kbd>Esc</kbd></button></p></dialog>
<dialog id="settle" aria-labelledby="settle-title"><h2 id="settle-title">0 points for the rest?</h2>
<p id="settle-what"></p>
<p class="row"><button type="button" id="settle-do">Give 0 points</button>
<button type="button" class="close">Cancel <kbd>Esc</kbd></button></p></dialog>
<dialog id="item" aria-labelledby="item-title"><h2 id="item-title"></h2>
<p id="item-have"></p>
<p><label>Points, such as 2, or 1 or 0.5 <input id="item-points" size="12" autocomplete="off">
</label></p>
<p><label for="item-words">What has to be in the answer</label>
<textarea id="item-words" rows="4" maxlength="2000"></textarea></p>
<p class="row"><button type="button" id="item-save">Save <kbd>Ctrl+Enter</kbd></button>
<button type="button" id="item-remove">Remove the item</button>
<button type="button" class="close">Cancel <kbd>Esc</kbd></button></p>
<p id="item-said" role="alert"></p>
<p class="small">Kept for this class. For the next one copy it into source/:
<code>snrilab mark --scheme</code> prints all items.</p></dialog>
"""


def notebook_page(assignment: str, code: str, made: str) -> str:
    """Return the page of a whole notebook.

    Parameters
    ----------
    assignment : str
        Name of the assignment.
    code : str
        Pseudonym of its student.
    made : str
        HTML of its cells.
    """
    body = (
        f"<header><h1>{escape(assignment)}: notebook of {escape(code)}</h1></header>"
        f"<main class='whole text' tabindex='0'>{made or '<p>It cannot be read.</p>'}</main>"
    )
    for low, high in (("h4", "h2"), ("h5", "h3"), ("h6", "h4")):
        body = body.replace(f"<{low}>", f"<{high}>").replace(f"</{low}>", f"</{high}>")
    page = _PAGE.format(title=escape(f"{code}: whole notebook"), facts="", body=body)
    return page.replace('<script src="marking.js" defer></script>', "")
