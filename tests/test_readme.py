"""README and CONTRIBUTING keep their promises: examples run, links and commands exist."""

from __future__ import annotations

import doctest
import re

import pytest

from tests.conftest import ROOT

pages = pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])


def test_examples_print_what_the_readme_says():
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False, optionflags=flags)
    assert result.attempted >= 4
    assert result.failed == 0


@pages
def test_links_and_paths_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith("https://"):
            assert (ROOT / target).exists(), target


@pages
def test_make_targets_exist(page):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b", (ROOT / page).read_text(encoding="utf-8")))
    assert named <= targets | {"the"}
    assert named & targets


def test_the_lock_file_pins_and_hashes_everything_and_names_no_address():
    for lock in [ROOT / "requirements.lock", ROOT / "benchmarks" / "requirements.lock"]:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index" not in text
        for block in re.split(r"\n(?=\S)", text.strip()):
            assert re.match(r"[a-z0-9.-]+==\S+", block), block.splitlines()[0]
            assert "--hash=sha256:" in block, block.splitlines()[0]
