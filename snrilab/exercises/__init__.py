'''What learners are asked to write, choose, predict and reach: each declared once, as text.

How to declare a lesson
-----------------------
One file, ``snrilab/exercises/lesson03.py``; it is found by its name, registered nowhere. Every
declaration is a module-level name; its order is the order of the lesson. ::

    """Lesson 03, uptake assays: what it asks."""

    from snrilab.exercises import Exercise, Goal, Lesson, Prediction, Question

    LESSON = Lesson(
        name="lesson03",
        question="Does it stop the pump?",
        notebook="03_uptake_assays",
        minutes=55,
        needs=("lesson02",),
        objectives=("work out the IC50 that a substrate concentration gives",),
    )
    MORE_SUBSTRATE = Prediction(
        name="lesson03/more_substrate",
        text="Laboratory A offers 20 nM serotonin, B 200 nM; Km is 463 nM. IC50 of B over A?",
        answer=1.37,
        unit="times",
        low=0.1,
        high=20,
        scale="log",
        ideas={"ic50-is-constant": 1.0, "proportional-ic50": 10.0},
        because="Both offer less than Km, so the substrate hardly gets in the drug's way.",
    )
    TWICE = Goal(
        "lesson03/twice",
        "Find the substrate that doubles the IC50.",
        reached=lambda ratio: 1.95 <= ratio <= 2.05,
        why="At its Km the substrate holds half of the pumps.",
        show={"substrate_nM": 463},
        objective=1,
    )
    SUBSTRATE_NEEDED = Exercise(
        name="lesson03/substrate_needed",
        task="The substrate concentration in nM that explains an IC50 and a Ki.",
        arguments="ic50_nM, ki_nM, km_nM",
        answer="km_nM * (ic50_nM / ki_nM - 1)",
        cases=[(30, 10, 463), ([20, 45, 90], 11, 400), (5, 40, 300)],
        unit="nM",
        ideas={
            "impossible-hidden": (
                "np.maximum(0, km_nM * (ic50_nM / ki_nM - 1))",
                "You turn {expected} nM into {gave}. A concentration below zero says that no "
                "substrate explains this pair: let it show.",
            ),
        },
        also_right=("km_nM * (ic50_nM - ki_nM) / ki_nM",),
        means="For NET the published pair gives a concentration below zero.",
        hint="Start from IC50 = Ki (1 + S/Km) and solve for S.",
        objective=1,
    )
    FLOOR = Question(
        name="lesson03/floor",
        text="A competitive inhibitor has a Ki of 20 nM. Which IC50 cannot be?",
        right=("15 nM", "Substrate can only raise the IC50 above Ki, never lower it."),
        wrong={
            "21 nM": ("floor-excluded", "A trace of substrate gives just this."),
            "200 nM": ("ic50-is-constant", "Nine Km of substrate give ten times Ki."),
        },
        objective=1,
    )

In the notebook: ``feedback.predict("lesson03/more_substrate")``; a stub ``def substrate_needed(…)``
that ends in ``return ...``; ``feedback.check("lesson03/substrate_needed", substrate_needed)``;
``feedback.answer("lesson03/substrate_needed")`` in a folded cell; ``feedback.question("…/floor")``;
``feedback.recall("lesson03")`` at the start and ``feedback.progress("lesson03")`` at the end.

One idea may come as several answers: ``"code": (("one text", "another text"), "refutation")``.
Codes of ideas are those of ``snrilab/data/ideas.csv``: `snrilab.evidence.ideas` lists them.
Usual slips (arguments swapped, a bracket lost, per cent for a fraction, …) are not declared:
`derived` makes them from the answer. An assignment declares its exercises in the same way in
``source/psN_topic/answers.py``, which never leaves the teacher.
'''

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
