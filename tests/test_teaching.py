"""The teacher's pages speak of the lessons as they are."""

import re
from functools import cache

import pytest

from snrilab import evidence
from snrilab.exercises import Question, declared, lesson, lessons
from tests import notebooks
from tests.conftest import ROOT

TEACHING = ROOT / "course" / "teaching"
PARTS = ("Purpose", "Project", "Wrong answers", "Discuss", "Homework")
PAGES = sorted(TEACHING.glob("*.md"))
LESSON_MINUTES = {lesson(m).notebook[:2]: lesson(m).minutes for m in lessons()}
every_lesson = pytest.mark.parametrize("path", notebooks.COURSE, ids=lambda path: path.stem)


@cache
def notes() -> dict[str, str]:
    """Return the note of each lesson by its number."""
    text = (TEACHING / "notes.md").read_text(encoding="utf-8")
    return {part[:2]: part for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]}


def ideas_of(number: str) -> set[str]:
    """Return the codes of the ideas that a lesson's questions, predictions, exercises name."""
    found = set()
    for thing in declared(f"lesson{number}").values():
        if isinstance(thing, Question):
            found |= {option.idea for option in thing.options if option.idea}
        else:
            found |= set(getattr(thing, "ideas", ()))
    return {evidence.idea(code).code for code in found}


@every_lesson
def test_each_lesson_has_its_note_with_all_parts(path):
    note = notes()[path.name[:2]]
    title = notebooks.headings(path)[0][1]
    assert note.splitlines()[0] == (title if title[:2].isdigit() else f"00 {title}")
    assert re.findall(r"^\*\*(.+?)\.\*\*", note, re.MULTILINE) == list(PARTS)
    assert f"`{path.stem}`" in note
    assert 60 <= len(note.split()) <= 250, "half a page"


@every_lesson
def test_a_note_says_the_minutes_that_the_lesson_prints(path):
    number = path.name[:2]
    (said,) = re.findall(r"printed (\d+) minutes", notes()[number])
    (printed,) = re.findall(r"\*\*Time:?\*\*[^\d]*(\d+) minutes", notebooks.markdown(path))
    assert said == printed


@pytest.mark.parametrize("number", sorted(LESSON_MINUTES))
def test_what_a_note_projects_and_quotes_is_in_the_lesson(number):
    note = notes()[number]
    (path,) = (ROOT / "course").glob(f"{number}_*.ipynb")
    code = "\n".join(cell.source for cell in notebooks.read(path).cells)
    shown = re.findall(r"`explore\.(\w+)\(", note)
    assert shown
    for name in shown:
        assert f"explore.{name}(" in code, name
    wrong = note.partition("**Wrong answers.**")[2].partition("**Discuss.**")[0]
    codes = re.findall(r"\(`([\w-]+)`\)", wrong)
    assert len(codes) >= 3
    assert set(codes) <= ideas_of(number), set(codes) - ideas_of(number)


def rows(heading: str) -> list[str]:
    """Return the lines of the table below a heading of the syllabus."""
    text = (TEACHING / "syllabus.md").read_text(encoding="utf-8")
    part = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [line for line in part.splitlines() if re.match(r"\| \d", line)]


@pytest.mark.parametrize(("heading", "weeks"), [("Six weeks", 6), ("Twelve weeks", 12)])
def test_a_syllabus_has_each_lesson_once_with_its_minutes_and_each_assignment(heading, weeks):
    table = rows(heading)
    assert len(table) == weeks
    order = []
    for row in table:
        cells = [cell.strip() for cell in row.strip("|").split("|")][1:]
        for what, minutes in zip(cells[:-2:2], cells[1:-2:2], strict=True):
            names = re.findall(r"\b\d\d\b", what)
            assert len(names) == len(minutes.split(" + ")), row
            for name, time in zip(names, map(int, minutes.split(" + ")), strict=True):
                assert time == LESSON_MINUTES.get(name, time), row
            order += names
    assert order == [f"{number:02d}" for number in range(len(order))]
    assert {path.name[:2] for path in notebooks.COURSE} <= set(order)
    named = re.findall(r"ps\d_\w+", "\n".join(table))
    assert len(named) == len(set(named))
    assert set(named) >= notebooks.DECLARED
    homes = {lesson(m).assignment: lesson(m).notebook[:2] for m in lessons()}
    for name in notebooks.DECLARED:
        (week,) = (i for i, row in enumerate(table) if name in row)
        done = re.findall(r"\b\d\d\b(?= \||,| and| \()", "\n".join(table[: week + 1]))
        assert name not in homes or homes[name] in done, f"{name} before its lesson"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_the_teachers_pages_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target.partition("#")[0]).exists(), target


def test_codes_of_the_notes_are_ideas_of_the_list():
    for note in notes().values():
        for code in re.findall(r"\(`([\w-]+)`\)", note):
            assert evidence.idea(code).code == code
