"""Everybody's answers by pseudonym, in the folders that JPlag and Dolos read.

Names, addresses and ids of the class are blanked in comments, texts in quotes and words, and so is
what a student gives to a personal name. Nothing is sent: the tools run on this machine.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import TYPE_CHECKING

from snrilab.classroom._gradebook import ClassroomError
from snrilab.classroom._report.answers import without_personal
from snrilab.grading import clean
from snrilab.grading.export import write_table
from snrilab.grading.names import python

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from snrilab.classroom._report.answers import Work
    from snrilab.classroom._report.record import Record, Student

SOMEBODY = "[name]"
MAGICS = 30  # lines of a cell in IPython's own language, each of which costs time
_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
README = """Answers to {assignment}, by pseudonym: {code} in code, {words} in words.

code/         one folder for each student, answers.py in it
code_base/    what the students were given: not theirs
words/        the same for answers in words, answers.txt
words_base/
info.csv      list of the files for Dolos

JPlag (java -jar jplag.jar), in this folder:
  java -jar jplag.jar -l python3 -bc code_base code
  java -jar jplag.jar -l text -bc words_base words
Dolos:
  dolos run -f web -l python -i code_base/answers.py info.csv

Both run on this machine. Cells that are no Python stand as comments, since JPlag leaves out whoever
has one. Names, addresses and ids of the class are blanked as far as they stand in the roster: read
before you hand this folder on. Who is who is in .snrilab/pseudonyms.csv of the course.
"""


def write_solutions(
    folder: Path, work: Work, record: Record, pseudonyms: dict[str, str]
) -> list[Path]:
    """Write the folders; return what was written first of all.

    Parameters
    ----------
    folder : Path
        A new or empty folder.
    work : Work
        Everybody's answers.
    record : Record
        The assignment.
    pseudonyms : dict
        Name in nbgrader to pseudonym.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ClassroomError(f"{folder} is not empty: name a new folder.")
    if not work.answers:
        raise ClassroomError(
            "there are no answers to write: they are read from autograded/, beside source/."
        )
    blank = Blank(record.students)
    counts = {"code": 0, "words": 0}
    listed = [["filename", "label", "full_name"]]
    for student, answers in sorted(work.answers.items(), key=lambda item: pseudonyms[item[0]]):
        name = pseudonyms[student]
        for kind, is_code in (("code", True), ("words", False)):
            texts = [a.text for a in answers if a.is_code is is_code]
            if not texts:
                continue
            made = [
                blank.code(without_personal(t, work.personal)) if is_code else blank.words(t)
                for t in texts
            ]
            path = folder / kind / name / ("answers.py" if is_code else "answers.txt")
            _write(path, "\n\n".join(made))
            counts[kind] += 1
            if is_code:
                listed.append([path.relative_to(folder).as_posix(), "", name])
    _write(folder / "code_base" / "answers.py", as_python(work.stub_code))
    _write(folder / "words_base" / "answers.txt", work.stub_words)
    write_table(folder / "info.csv", listed)
    readme = folder / "README.txt"
    readme.write_text(README.format(assignment=record.assignment, **counts), "utf-8")
    return [readme]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(clean.text(text, 4 * 10**6).rstrip() + "\n", "utf-8")


class Blank:
    """Takes the names of a class out of texts.

    Parameters
    ----------
    students : iterable of Student
        The class.
    """

    def __init__(self, students: Iterable[Student]) -> None:
        known = set()
        for one in students:
            parts = [one.id, one.email, *re.split(r"[\s,-]+", f"{one.first} {one.last}")]
            parts += [f"{one.last}{one.first}"]  # as Chinese and Japanese names are written
            known |= {part for part in parts if len(part) > 1}
        longest_first = sorted(known, key=len, reverse=True)
        names = [re.escape(name) for name in longest_first]
        either = "|".join(  # within a text without spaces a name has no end that can be seen
            name if _WITHOUT_SPACES.search(name) else rf"(?<!\w){name}(?!\w)" for name in names
        )
        self._known = re.compile(rf"[\w.+-]+@[\w-]+\.[\w.-]+|{either or '(?!)'}", re.IGNORECASE)

    def words(self, text: str) -> str:
        """Return a text without anybody's name."""
        return self._known.sub(SOMEBODY, text)

    def code(self, text: str) -> str:
        """Return a cell as Python without anybody's name in comments and texts in quotes."""
        plain = as_python(text)
        lines = plain.splitlines(keepends=True)
        try:
            tokens = list(tokenize.generate_tokens(io.StringIO(plain).readline))
        except (tokenize.TokenError, SyntaxError, IndentationError):
            return self.words(plain)
        for token in reversed(tokens):  # from the end, so that places before stay true
            if token.type not in _TOLD:
                continue
            (top, left), (bottom, right) = token.start, token.end
            whole = "".join(lines[top - 1 : bottom])
            ahead = len("".join(lines[top - 1 : bottom - 1])) + right
            changed = whole[:left] + self.words(whole[left:ahead]) + whole[ahead:]
            lines[top - 1 : bottom] = changed.splitlines(keepends=True)
        return "".join(lines)


_TOLD = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.COMMENT)}


def as_python(text: str) -> str:
    r"""Return a cell that parses: magics as calls, and what is no Python as comments.

    Examples
    --------
    >>> print(as_python("def half(x)\n    return x / 2"))
    # def half(x)
    #     return x / 2
    """
    if _parses(text):
        return text.rstrip("\n")
    if len(re.findall(r"(?m)^\s*[%!?]|\?\s*$", text)) <= MAGICS:
        try:
            plain = python(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            plain = ""
        if plain and _parses(plain):
            return plain.rstrip("\n")
    return "\n".join(f"# {line}" for line in text.split("\n"))


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
