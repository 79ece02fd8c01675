"""Say *why* an answer is wrong, at once and in words.

`check` tries a learner's function on inputs with known answers and names the misconception when
the values match one. `quiz`, `predict` and `recall` put questions into a notebook, and `progress`
shows what has been done. Nothing leaves the machine; what has been done is kept in one small file.

No check here claims that the hidden tests of an assignment will pass.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "_check": ["check"],
        "_feedback": ["Feedback"],
        "_progress": ["Progress", "progress"],
        "_quiz": ["predict", "quiz", "recall"],
    },
)
