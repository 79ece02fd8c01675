"""Every lesson is built alike: what is declared, what the page shows, and how much it asks."""

from __future__ import annotations

import ast
import functools
import html
import math
import re

import numpy as np
import pytest

from snrilab import evidence, exercises, feedback
from snrilab.exercises import Exercise, Goal, Prediction, Question
from snrilab.feedback._examples import examples
from tests import notebooks
from tools import lessons
from tools.lessons import Page

PAGES = [Page(module) for module in exercises.lessons()]
START = notebooks.COURSE[0]
LIMITS = {"words": 2000, "folded": 1500, "code": 30, "explorers": 4}
LONGER = {"lesson02": 75}  # minutes; the others take 45 to 60
VAGUE = {"understand", "know", "learn", "appreciate", "realise", "see", "grasp"}

every_lesson = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.module)
every_stub = pytest.mark.parametrize(
    ("page", "cell"),
    [
        pytest.param(page, cell, id=cell.about)
        for page in PAGES
        for cell in page.cells
        if cell.kind == "stub"
    ],
)


def kinds(cells):
    return [cell.kind for cell in cells if cell.kind not in ("text", "given")]


def plain(markdown):
    return " ".join(re.sub(r"[*$`{}]", "", markdown).split())


def test_every_notebook_has_a_lesson_and_every_lesson_a_notebook():
    assert [page.path for page in PAGES] == notebooks.LESSONS
    numbers = [page.path.name[:2] for page in PAGES]
    assert numbers == [page.module.removeprefix("lesson") for page in PAGES]


# -- the frame ---------------------------------------------------------------------------------


@every_lesson
def test_the_page_says_what_is_declared(page):
    lesson, number = page.lesson, page.module.removeprefix("lesson")
    assert page.cells[0].source.startswith(f"# {number} {lesson.question}\n")
    assert lesson.question.endswith("?")
    assert f"**Time:** about {lesson.minutes} minutes" in page.prose
    for needed in lesson.needs:
        assert f"lesson {needed.removeprefix('lesson')}" in page.prose
    start = html.unescape(feedback.course_map()._repr_html_())
    assert f'<a href="{page.path.name}">' in start, "the start page does not link it"
    assert lesson.question in start


@every_lesson
def test_objectives_are_those_declared_and_begin_with_what_can_be_seen(page):
    listed = re.findall(r"^\d\. (.+?)[;.]$", page.prose, re.MULTILINE)
    assert tuple(map(plain, listed)) == page.lesson.objectives
    assert 3 <= len(listed) <= 4
    for objective in listed:
        (verb,) = re.findall(r"^\*\*([a-z]+)\b", objective)
        assert verb not in VAGUE


@every_lesson
def test_every_objective_is_practised_and_checked(page):
    for number, objective in enumerate(page.lesson.objectives, 1):
        of = {type(thing) for thing in page.things.values()
              if not isinstance(thing, Prediction) and thing.objective == number}  # fmt: skip
        assert of & {Exercise, Goal}, f"nothing practises: {objective}"
        assert of & {Exercise, Question}, f"nothing checks: {objective}"
    asked = [page.of(kind) for kind in (Exercise, Goal, Question)]
    within = range(1, len(page.lesson.objectives) + 1)
    assert all(thing.objective in within for things in asked for thing in things)


@every_lesson
def test_everything_declared_is_used_once_and_in_its_order(page):
    assert page.used() == list(page.things)


@every_lesson
def test_two_to_four_turns_go_from_a_commitment_over_an_act_to_one_question(page):
    assert 2 <= len(page.turns) <= 4
    for turn in page.turns:
        done = kinds(turn)
        assert done[0] == "predict"
        assert done.count("question") == 1
        assert done[-1] == "question"
        assert {"explore", "stub"} & set(done)
    asks = {"predict", "explore", "stub", "question"}
    inside = sum(len(asks & {kind}) for turn in page.turns for kind in kinds(turn))
    assert inside == sum(cell.kind in asks for cell in page.cells), "something stands outside"


@every_lesson
def test_a_prediction_is_answered_in_its_turn_and_by_no_explorer_before_it(page):
    for turn in page.turns:
        predicted = set()
        for cell in turn:
            if cell.kind == "predict":
                assert page.things[cell.about].because, "nobody says why"
                predicted.add(cell.about)
            if cell.kind == "explore" and page.prediction_of(cell):
                assert page.prediction_of(cell) in predicted
                predicted.discard(page.prediction_of(cell))
        assert not predicted, "no explorer shows it again beside the result"


def test_the_start_page_shows_no_picture_that_a_lesson_asks_about():
    code = "\n".join(c.source for c in notebooks.read(START).cells if c.cell_type == "code")
    asked = {page.module for page in PAGES}
    assert not asked & set(re.findall(r"\blesson\d\d\b", code))


@every_lesson
def test_a_lesson_recalls_earlier_ones_ends_with_progress_and_says_how_to_report_a_mistake(page):
    order = kinds(page.cells)
    assert order[-1] == "progress"
    if page.module >= "lesson03":
        assert order[0] == "recall"
    headings = re.findall(r"^## (.+)$", notebooks.markdown(page.path), re.MULTILINE)
    assert headings[-3:] == ["What the model leaves out", "Summary", "References"]
    following = [other for other in notebooks.COURSE if other.name > page.path.name]
    end = page.cells[-2].source
    (link,) = re.findall(r"^\*\*Next:\*\*.*?\]\(([^)]+)\)", end, re.MULTILINE)
    assert not following or following[0].name in end, link
    assert "not yet with a class" in end
    assert re.search(r"wrong, unclear or out of date\?.*(teacher|maintainers)", end, re.DOTALL)


@every_lesson
def test_references_have_a_doi_or_are_keys_of_the_evidence(page):
    listed = re.findall(r"^\* .*\(\d{4}\).*$", page.cells[-1].source, re.MULTILINE)
    assert listed
    for line in listed:
        keys = re.findall(r"`(\w+)`", line)
        assert keys or "https://doi.org/" in line, line
        assert all(evidence.cite(key) for key in keys)


# -- what a learner writes ---------------------------------------------------------------------


@every_stub
def test_a_stub_is_the_declared_function_with_a_task_and_an_example_that_is_true(page, cell):
    exercise = page.things[cell.about]
    assert cell.source.startswith(f"def {exercise.signature}:\n")
    assert "TODO: " in cell.source
    names = {"np": np, "math": math}
    exec(compile(cell.source, "stub", "exec"), names)
    promised = list(examples(names[exercise.function_name]))
    assert promised, "no EXAMPLE that can be tried"
    for text, arguments, result in promised:
        assert exercises.agrees(exercise.reference(*arguments), result, rel=1e-3), text
    code = feedback.diagnose(exercise, names[exercise.function_name]).code
    assert code == "not-written" or code in exercise.ideas, "a line to mend is an idea's"


@every_stub
def test_what_may_be_an_array_is_once_an_array_and_nothing_else(page, cell):
    exercise = page.things[cell.about]
    if not re.search(r"\barrays?\b|\blist\b|\brow\b", cell.source):
        assert all(np.ndim(value) == 0 for values in exercise.cases for value in values)
    if re.search(r"[Nn]umbers or arrays", cell.source):
        tried = [
            [np.ndim(value) for value in values] for values in zip(*exercise.cases, strict=True)
        ]
        names = exercise.signature.partition("(")[2].rstrip(")").split(", ")
        assert [n for n, ways in zip(names, tried, strict=True) if not any(ways)] == []


@every_stub
def test_check_and_answer_follow_a_stub_and_what_was_written_is_used(page, cell):
    place = page.cells.index(cell)
    after = [other for other in page.cells[place + 1 :] if other.kind != "text"]
    assert [(other.kind, other.about) for other in after[:2]] == [
        ("check", cell.about),
        ("answer", cell.about),
    ]
    name = page.things[cell.about].function_name
    assert f"feedback.check({cell.about!r}, {name})" == after[0].source.replace('"', "'")
    assert any(f'feedback.mine("{name}")' in other.source for other in after)


# -- how much it asks --------------------------------------------------------------------------


measured_once = functools.cache(lessons.measure)


@every_lesson
@pytest.mark.parametrize("what", LIMITS)
def test_there_is_little_to_read(page, what):
    count = getattr(measured_once(page), what)
    assert count <= LIMITS[what], f"{what}: {count}"


@every_lesson
def test_minutes_are_what_the_printed_formula_estimates(page):
    measured = measured_once(page)
    assert measured.estimate == pytest.approx(measured.minutes, rel=0.15)
    assert 45 <= measured.minutes <= LONGER.get(page.module, 60)


def test_the_estimate_is_the_printed_formula(capsys):
    measured = lessons.measure(PAGES[0])
    assert lessons.main([PAGES[0].module]) == 0
    printed = capsys.readouterr().out
    formula = re.search(r"minutes = (.*)", printed)[1]
    formula = formula.replace("words in folds", "folded").replace("lines of given code", "code")
    values = {name: getattr(measured, name) for name in measured.__dataclass_fields__}
    assert measured.estimate == pytest.approx(eval(formula.replace(" x ", " * "), values))
    assert f"{round(measured.estimate)}" in printed.splitlines()[1].split()


@every_lesson
def test_given_code_uses_no_stars_and_no_unpacking(page):
    for cell in page.cells:
        if cell.kind == "text":
            continue
        for node in ast.walk(ast.parse(cell.source)):
            starred = isinstance(node, ast.Starred) or (
                isinstance(node, ast.keyword) and node.arg is None
            )
            many = isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Store)
            taken = isinstance(node, ast.arguments) and (node.vararg or node.kwarg)
            met = not any((starred, many, taken))
            assert met, f"{cell.name}: {ast.unparse(node)}"


# -- what is explained -------------------------------------------------------------------------


def formulas(markdown):
    """Yield each formula with whether it stands on a line of its own."""
    for display, inline in re.findall(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", markdown, re.DOTALL):
        yield display or inline


def symbols(formula):
    bare = re.sub(r"\\(?:text|mathrm)\{[^}]*\}|\\[A-Za-z]+|\\.", " ", formula)
    found = re.findall(r"[A-Za-z]+(?:_(?:\w|\{[^}]*\}))?", bare)
    return {re.sub(r"[{}]", "", symbol) for symbol in found}


def introduced(markdown):
    """Return the symbols that stand alone in a sentence or a table, where words are beside them."""
    alone = (formula for formula in formulas(markdown) if re.fullmatch(r"[\[\]\w{}]+", formula))
    return set().union(*map(symbols, alone))


@every_lesson
def test_a_symbol_is_introduced_in_words_by_the_cell_that_uses_it_first(page):
    known = introduced(notebooks.markdown(START))
    for cell in page.cells:
        if cell.kind == "text":
            known |= introduced(cell.source)
            for formula in formulas(cell.source):
                assert symbols(formula) <= known, f"{cell.name}: {symbols(formula) - known}"
                assert "\\\\" not in formula, f"{cell.name}: a doubled backslash"


def shown(page):
    """Yield the text of each cell as a learner meets it: Markdown, or what is declared for it."""
    for cell in page.cells:
        names = page.goals_of(cell) if cell.kind == "explore" else [cell.about]
        things = [page.things[name] for name in names if name in page.things]
        asked = [thing.text for thing in things if not isinstance(thing, Exercise)]
        options = [o.text for thing in things if isinstance(thing, Question) for o in thing.options]
        own = cell.source if cell.kind in ("text", "stub") else ""
        yield cell.name, "\n".join([own, *asked, *options])


def terms(markdown):
    """Return the words in bold that are no labels: where a term is introduced it is bold."""
    without_list = re.sub(r"^\d\. .*$", "", markdown, flags=re.MULTILINE)
    bold = re.findall(r"\*\*([^*]+)\*\*", without_list)
    return [term for term in bold if not term.endswith((":", "."))]


def test_a_term_is_explained_where_it_first_appears_in_the_course():
    known = {t.strip() for bold in terms(notebooks.markdown(START)) for t in bold.split(",")}
    known |= {symbol.replace("_", "") for symbol in introduced(notebooks.markdown(START))}
    known = {plain(term).lower().rstrip("s") for term in known}
    before = ""
    for page in PAGES:
        for name, text in shown(page):
            for term in terms(text):
                stem = plain(term).lower().rstrip("s")
                if stem not in known:
                    known.add(stem)
                    earlier = before + text[: text.index(f"**{term}**")]
                    assert not re.search(rf"\b{re.escape(stem)}", plain(earlier).lower()), (
                        f"{name}: {term} is used before it is explained"
                    )
            before += f"\n{text}"


def glossary():
    """Return each term of the start page's glossary with its heading and where it leads."""
    _, _, text = notebooks.markdown(START).partition("\n## Glossary\n")
    found, heading = {}, ""
    for line in text.partition("\n## ")[0].splitlines():
        heading = line.removeprefix("### ") if line.startswith("### ") else heading
        if term := re.match(r"- \*\*(.+?)\*\*: (.*)", line):
            links = re.findall(r"\]\(([^)#]+)#([^)]+)\)$", term[2])
            found[term[1].lower().rstrip("s")] = (heading.replace(" ", "-"), links)
    return found


def test_a_new_term_leads_to_the_glossary_and_back():
    entries = glossary()
    assert entries, "the start page has no glossary"
    met = set()
    for page in PAGES:
        for name, text in shown(page):
            for term in terms(text):
                stem = plain(term).lower().rstrip("s")
                if stem in met or (stem in entries and not entries[stem][1]):
                    continue  # met before, or explained on the start page itself
                met.add(stem)
                assert stem in entries, f"{page.module}, {name}: {term} is not in the glossary"
                heading, links = entries[stem]
                assert f"[**{term}**]({START.name}#{heading})" in text, f"{name}: link {term}"
                assert [target for target, _ in links] == [page.path.name], f"{term}: {links}"
    unused = {term for term, (_, links) in entries.items() if links} - met
    assert not unused, f"no lesson introduces {unused}"


@every_lesson
def test_short_names_in_capitals_are_on_the_start_page_or_spelt_out(page):
    start = plain(notebooks.markdown(START))
    prose = re.sub(r"`[^`]*`", "", page.prose)
    everything = plain(prose + "\n".join(text for _, text in shown(page)))
    for short in set(re.findall(r"\b[A-Z]{2,}\d*\b", plain(prose))):
        spelt = re.search(rf"\({short}\)|\b{short} \(|\*\*{short}", everything)
        assert short in start.replace("_", "") or spelt, f"{short} is nowhere spelt out"


@every_lesson
def test_texts_of_a_lesson_are_plain(page):
    for thing in page.things.values():
        texts = [getattr(thing, part, "") for part in ("text", "because", "hint", "means", "task")]
        texts += [o.text + o.why for o in getattr(thing, "options", ())]
        assert not re.search(r"\b(simply|obviously|trivially|clearly)\b", " ".join(texts).lower())
    for question in page.of(Question):
        lengths = [len(option.text) for option in question.options]
        assert max(lengths) <= 1.8 * min(lengths), f"{question.name}: one option stands out"
        right, *wrong = lengths
        assert min(wrong) - 5 <= right <= max(wrong) + 5, f"{question.name}: length tells"
