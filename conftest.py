"""What tests and doctests share: nothing is recorded about the person who runs them."""

import sys

import pytest

# jsonschema checks international web addresses with it, where it is there; building its grammar
# takes each process two seconds, and no notebook is checked with it.
sys.modules.setdefault("rfc3987_syntax", None)


@pytest.fixture(scope="session", autouse=True)
def progress_of_nobody(tmp_path_factory):
    """Keep what lessons record about a learner away from the person who runs the tests."""
    path = tmp_path_factory.mktemp("progress") / "progress.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNRILAB_PROGRESS", str(path))
        yield


@pytest.fixture(autouse=True)
def progress_of_a_reader(request):
    """Start each example of a docstring without what tests have done before it."""
    if isinstance(request.node, pytest.DoctestItem):
        path = request.getfixturevalue("tmp_path") / "progress.json"
        request.getfixturevalue("monkeypatch").setenv("SNRILAB_PROGRESS", str(path))
