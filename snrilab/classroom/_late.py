"""nbgrader's step for late work, with the rule that `snrilab deadline` was told.

Runs in the coordinator and in nbgrader's own process.
"""

from __future__ import annotations

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float

from snrilab.classroom._deadline import LateRule


class LateDays(LateSubmissionPlugin):  # type: ignore[misc]
    """So many per cent for each day begun."""

    per_day = Float(0.0, help="Per cent of the points for each day begun.").tag(config=True)
    grace_min = Float(0.0, help="Minutes that cost nothing.").tag(config=True)
    most = Float(100.0, help="Per cent that are taken at most.").tag(config=True)

    def late_submission_penalty(
        self,
        student_id: str,  # noqa: ARG002 -- nbgrader's own words
        score: float,
        total_seconds_late: float,
    ) -> float | None:
        """Return the points that are taken; None where lateness costs nothing."""
        rule = LateRule(self.per_day, self.grace_min, self.most)
        return rule.penalty(score, total_seconds_late) or None
