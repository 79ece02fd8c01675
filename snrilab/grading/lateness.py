"""What lateness costs, by the course's own rule and the dates that hold now.

Runs in the coordinator.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from snrilab.grading.times import read_replies, seconds_late

if TYPE_CHECKING:
    from collections.abc import Callable

    from snrilab.grading.course import Course

    # A student, all points, and by how many seconds it is late: what that costs.
    Rule = Callable[[str, float, float], float | None]

NOTHING = 1e-6  # points


def late_rule(config: Any) -> tuple[Rule, str]:
    """Return the course's own rule for late work, as configured for nbgrader, and its text.

    The text tells when the rule has changed.
    """
    import inspect

    from nbgrader.preprocessors import AssignLatePenalties

    step = AssignLatePenalties(config=config)
    step.init_plugin()
    rule: Rule = step.plugin_inst.late_submission_penalty
    text = repr(config.get("LateSubmissionPlugin", {}))
    own = type(step.plugin_inst).__name__
    text += "" if own == "LateSubmissionPlugin" else repr(config.get(own, {}))
    with contextlib.suppress(OSError, TypeError):
        text += inspect.getsource(type(step.plugin_inst))
    return rule, text


def late_cost(rule: Rule, student: str, score: float, late_s: float) -> float | None:
    """Return what lateness costs: none of the points to all of them, or None where it has no price.

    Parameters
    ----------
    rule : callable
        From `late_rule`.
    student : str
        Who is late.
    score : float
        All points of the notebook.
    late_s : float
        By how many seconds; 0 or less is in time.
    """
    cost = rule(student, score, late_s) if late_s > 0 else None
    return None if cost is None else min(max(cost, 0.0), score)


def work_out_lateness(course: Course, assignment: str) -> list[str]:
    """Take for lateness its share of the points as they are now, and say for whom that changed.

    Points given by hand come later than the machine's, in formgrader too; what lateness costs is a
    share of both. Dates may be others than when it was graded: who is in time by now pays nothing.

    Parameters
    ----------
    course : Course
        The course folder.
    assignment : str
        Name of the assignment.
    """
    from nbgrader.api import Gradebook, MissingEntry

    rule, _ = late_rule(course.config)
    changed = []
    with Gradebook(course.db_url, course.course_id) as gradebook:
        with contextlib.suppress(MissingEntry):
            due = gradebook.find_assignment(assignment).duedate
            replies = read_replies(course.root, assignment)
            for one in gradebook.assignment_submissions(assignment):
                late = seconds_late(replies, one.student_id, one.timestamp, due, one.extension)
                for sheet in one.notebooks:
                    cost = late_cost(rule, one.student_id, sheet.score, late)
                    if abs((cost or 0.0) - (sheet.late_submission_penalty or 0.0)) > NOTHING:
                        sheet.late_submission_penalty = cost
                        changed.append(one.student_id)
        if changed:
            gradebook.db.commit()
    return sorted(set(changed))
