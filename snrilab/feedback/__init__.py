"""Ask, listen and answer: checks that say *why*, predictions, questions, and what has been done.

`check` tries a learner's function on inputs with known answers and names the idea or the slip when
the values match one. `predict` and `question` put something to commit to into a notebook;
`predicted` gives it to whoever shows the result. `progress` and `course_map` show what has
been done and how sure one was, and `mine` gives what was written to the cells and lessons after it.
`inventory` asks twenty questions before the course and their twins after it.

Nothing leaves the machine; what has been done is kept in one small file. No check here claims that
the hidden tests of an assignment will pass.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
