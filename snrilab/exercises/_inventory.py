"""The concept inventory: twenty items in two parallel forms, before the course and after it.

No form has been piloted. Each wrong answer carries the code of one idea of the list; each number
of an answer stands beside the formula it comes from.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Literal

Form = Literal["A", "B"]
Level = Literal["understand", "apply", "analyse", "evaluate"]
FORMS: tuple[Form, ...] = ("A", "B")
NOT_PILOTED = "These questions have not been tried on a class yet: read single results with care."


@dataclass(frozen=True)
class Answer:
    """One of the four answers that an item offers.

    Parameters
    ----------
    text : str
        The answer.
    numbers : tuple of str
        For each number in `text`, in order, the formula that it comes from.
    idea : str
        Code of the idea behind a wrong answer; empty for the right one.
    why : str
        What the idea does here, as the middle of a sentence; empty for the right one.

    Examples
    --------
    >>> Answer("5 times as high", ("1 / (1 - 0.8)",), "other-exits-forgotten", "a leak").correct
    False
    """

    text: str
    numbers: tuple[str, ...] = ()
    idea: str = ""
    why: str = ""

    @property
    def correct(self) -> bool:
        """True for the right one."""
        return not self.idea

    @property
    def values(self) -> tuple[float, ...]:
        """What the formulas give."""
        return tuple(float(_value(formula)) for formula in self.numbers)


@dataclass(frozen=True)
class Item:
    """One item of the concept inventory, in one form.

    Parameters
    ----------
    number : int
        1 to 20; the same in both forms.
    form : {"A", "B"}
        Before the course, or after it.
    lessons : tuple of str
        Lessons that teach it, ``"01"`` to ``"12"``; it is counted for the first one.
    level : {"understand", "apply", "analyse", "evaluate"}
        What is asked of the learner.
    topic : str
        What it is about, in a few words.
    stem : str
        The question.
    answers : tuple of Answer
        Four, the right one first; they are shuffled when shown.
    because : str
        Why the right answer is right, with a number.

    Examples
    --------
    >>> item = inventory_items("A")[0]
    >>> item.right.text
    '3.6 times as high'
    >>> item.refutation(item.answers[1])[:50]
    'You chose “1.8 times as high”: this reads what no '
    """

    number: int
    form: Form
    lessons: tuple[str, ...]
    level: Level
    topic: str
    stem: str
    answers: tuple[Answer, ...]
    because: str

    @property
    def name(self) -> str:
        """Form and number (``"A07"``)."""
        return f"{self.form}{self.number:02d}"

    @property
    def right(self) -> Answer:
        """The right answer."""
        return self.answers[0]

    def refutation(self, chosen: Answer) -> str:
        """Return what to say to a learner who chose this answer."""
        if chosen.correct:
            return self.because
        return f"You chose “{chosen.text}”: {chosen.why} {self.because}"


def inventory_items(form: str) -> tuple[Item, ...]:
    """Return the twenty items of one form of the concept inventory.

    Parameters
    ----------
    form : {"A", "B"}
        A before the course, B after it.

    Returns
    -------
    tuple of Item
        In the order of their numbers.

    Raises
    ------
    ValueError
        When there is no such form.

    Examples
    --------
    >>> len(inventory_items("B"))
    20
    """
    if form not in FORMS:
        raise ValueError(f"form must be 'A' or 'B', got {form!r}.")
    return _forms()[FORMS.index(form)]


@functools.cache
def _forms() -> tuple[tuple[Item, ...], ...]:
    return tuple(tuple(pair[place] for pair in _ITEMS) for place in range(len(FORMS)))


@functools.cache
def _value(formula: str) -> float:
    return float(eval(formula, {"__builtins__": {}, "sqrt": math.sqrt}))  # noqa: S307 -- our own text


_Text = str | tuple[str, ...]  # an answer, then the formulas of its numbers


def _pair(
    number: int,
    lessons: str,
    level: Level,
    topic: str,
    ideas: tuple[tuple[str, str], tuple[str, str], tuple[str, str]],
    *forms: tuple[str, tuple[_Text, _Text, _Text, _Text], str],
) -> tuple[Item, ...]:
    """Return an item in both forms: stem, answers and reason of each; ideas are the same."""
    made = []
    for form, (stem, texts, because) in zip(FORMS, forms, strict=True):
        parts = [(text,) if isinstance(text, str) else text for text in texts]
        roles = (("", ""), *ideas)
        answers = tuple(
            Answer(first, tuple(formulas), idea, why)
            for (first, *formulas), (idea, why) in zip(parts, roles, strict=True)
        )
        made.append(
            Item(number, form, tuple(lessons.split()), level, topic, stem, answers, because)
        )
    return tuple(made)


_ITEMS = (
    _pair(
        1, "01", "apply", "a block of one way out of two",
        (
            ("block-is-rise", "this reads what no longer leaves as what is added."),
            ("other-exits-forgotten", "this forgets that the leak goes on and takes its share."),
            ("block-raises-release", "this adds release, which the question keeps as it was."),
        ),
        (
            "A pump clears 90 % of a transmitter, a leak 10 %. Both remove in proportion to the "
            "level. Release stays as it is. A drug now blocks 80 % of the pumps. "
            "Where does the level settle?",
            (
                ("3.6 times as high", "1 / (0.10 + 0.90 * (1 - 0.80))"),
                ("1.8 times as high", "1 + 0.80"),
                ("5 times as high", "1 / (1 - 0.80)"),
                ("over 10 times as high", "1 / 0.10"),
            ),
            "The level settles where as much leaves as comes in. The leak (10 %) and the pumps "
            "that still work (18 %) make 28 % of the old removal, so the level has to rise to "
            "1/0.28, which is 3.6 times the old one.",
        ),
        (
            "A pump clears 80 % of a transmitter, a leak 20 %. Both remove in proportion to the "
            "level. Release stays as it is. A drug now blocks 60 % of the pumps. "
            "Where does the level settle?",
            (
                ("1.9 times as high", "1 / (0.20 + 0.80 * (1 - 0.60))"),
                ("1.6 times as high", "1 + 0.60"),
                ("2.5 times as high", "1 / (1 - 0.60)"),
                ("over 5 times as high", "1 / 0.20"),
            ),
            "The level settles where as much leaves as comes in. The leak (20 %) and the pumps "
            "that still work (32 %) make 52 % of the old removal, so the level has to rise to "
            "1/0.52, which is 1.9 times the old one.",
        ),
    ),
    _pair(
        2, "01 09", "analyse", "a brake that tires",
        (
            ("benefit-at-once", "this leaves out the brake, which is at work on the first day."),
            ("nothing-for-weeks", "this leaves out the block, which acts from the first hour."),
            ("every-change-is-tolerance", "this takes every slow change for a loss of effect."),
        ),
        (
            "A drug blocks the pump of a transmitter. Receptors slow its release when the level "
            "rises. Over weeks they lose half of their sensitivity. The drug's level stays the "
            "same. What does the transmitter do?",
            (
                "It goes up at once, later further up",
                "It goes up at once to its full height",
                "It goes up only after some weeks",
                "It goes up, then back to normal",
            ),
            "Two things happen at two speeds. The block lets the level up within hours, and the "
            "brake holds it below its full height. Weeks later the brake has 50 % of its force "
            "left, and the same block lets the level climb again.",
        ),
        (
            "An enzyme breaks down a hormone. A drug blocks the enzyme from today on. A sensor "
            "slows the gland when the hormone rises; over two months it loses a third of its "
            "force. What does the hormone do?",
            (
                "It goes up today, later further up",
                "It goes up today to its full height",
                "It goes up only after two months",
                "It goes up, then back to normal",
            ),
            "Two things happen at two speeds. The block lets the hormone up on the first day, and "
            "the sensor holds it below its full height. Two months later the sensor has 67 % of "
            "its force left, and the same block lets the hormone climb again.",
        ),
    ),
    _pair(
        3, "03 01", "analyse", "competition at high substrate",
        (
            ("competitor-lowers-maximum", "this lowers the top speed, which competition keeps."),
            ("ic50-is-constant", "this takes the block at one substrate for all of them."),
            ("acts-on-transmitter", "this lets the inhibitor bind the substrate, not the pump."),
        ),
        (
            "A pump has a Vmax of 100 nmol/min and a Km of 5 µM. A competitive inhibitor is "
            "present at 3 times its Ki. At 5 µM substrate the rate falls from 50 to 20 nmol/min. "
            "What is the rate at 500 µM, with inhibitor?",
            (
                ("96 nmol/min: the substrate wins", "100 * 500 / (5 * (1 + 3) + 500)"),
                ("40 nmol/min: Vmax is lowered", "100 * 500 / (5 + 500) * 20 / 50"),
                ("20 nmol/min: the block stays", "100 * 5 / (5 * (1 + 3) + 5)"),
                "unknown: it binds the substrate",
            ),
            "Inhibitor and substrate want the same place. The inhibitor makes Km look 4 times as "
            "large, 20 µM, and leaves Vmax alone. At 500 µM, far above 20, the substrate holds "
            "nearly all pumps: 100 × 500/520 is 96 nmol/min.",
        ),
        (
            "A pump has a Vmax of 90 nmol/min and a Km of 8 µM. A competitive inhibitor is "
            "present at 4 times its Ki. At 8 µM substrate the rate falls from 45 to 15 nmol/min. "
            "What is the rate at 800 µM, with inhibitor?",
            (
                ("86 nmol/min: the substrate wins", "90 * 800 / (8 * (1 + 4) + 800)"),
                ("30 nmol/min: Vmax is lowered", "90 * 800 / (8 + 800) * 15 / 45"),
                ("15 nmol/min: the block stays", "90 * 8 / (8 * (1 + 4) + 8)"),
                "unknown: it binds the substrate",
            ),
            "Inhibitor and substrate want the same place. The inhibitor makes Km look 5 times as "
            "large, 40 µM, and leaves Vmax alone. At 800 µM, far above 40, the substrate holds "
            "nearly all pumps: 90 × 800/840 is 86 nmol/min.",
        ),
    ),
    _pair(
        4, "03", "apply", "IC50 and the substrate",
        (
            ("ic50-is-constant", "this takes an IC50 for a constant of the drug."),
            ("proportional-ic50", "this lets the IC50 grow as fast as the substrate."),
            ("antagonist-raises-potency", "this lets the substrate help its own competitor."),
        ),
        (
            "A drug competes with the substrate of a pump. With substrate at a tenth of Km, its "
            "IC50 is 11 nM. What is it with substrate at 4 times Km?",
            (
                ("50 nM", "11 / (1 + 0.1) * (1 + 4)"),
                ("11 nM", "11"),
                ("440 nM", "11 * 4 / 0.1"),
                ("2.4 nM", "11 * (1 + 0.1) / (1 + 4)"),
            ),
            "Substrate stands in the drug's way by a factor of 1 + S/Km. At a tenth of Km this is "
            "1.1, so Ki is 10 nM; at 4 times Km it is 5, so half of the uptake is blocked at "
            "50 nM. More substrate asks for more drug, but not in proportion.",
        ),
        (
            "A drug competes with the substrate of a pump. With substrate at a fifth of Km, its "
            "IC50 is 24 nM. What is it with substrate at 3 times Km?",
            (
                ("80 nM", "24 / (1 + 0.2) * (1 + 3)"),
                ("24 nM", "24"),
                ("360 nM", "24 * 3 / 0.2"),
                ("7.2 nM", "24 * (1 + 0.2) / (1 + 3)"),
            ),
            "Substrate stands in the drug's way by a factor of 1 + S/Km. At a fifth of Km this is "
            "1.2, so Ki is 20 nM; at 3 times Km it is 4, so half of the uptake is blocked at "
            "80 nM. More substrate asks for more drug, but not in proportion.",
        ),
    ),
    _pair(
        5, "02 04", "understand", "what a Ki says",
        (
            ("larger-ki-is-tighter", "this reads a large constant as a tight hold."),
            ("ki-is-ic50", "this takes an IC50, which depends on the assay, for the affinity."),
            ("potency-is-efficacy", "this makes a tight hold a large effect; a Ki says nothing "
             "about how large an effect can be."),
        ),
        (
            "A drug has a Ki of 4 nM at pump P and of 60 nM at pump Q. What follows?",
            (
                ("It binds 15 times tighter at P", "60 / 4"),
                ("It binds 15 times tighter at Q", "60 / 4"),
                "Nothing yet: affinity is the IC50",
                "P can give the larger top effect",
            ),
            "Ki is the concentration at which the drug holds half of the sites when nothing "
            "competes. At P 4 nM are enough for half, at Q it takes 60 nM, 15 times as much: the "
            "smaller constant belongs to the tighter hold.",
        ),
        (
            "A drug has a Ki of 6 nM at pump P and of 72 nM at pump Q. What follows?",
            (
                ("It binds 12 times tighter at P", "72 / 6"),
                ("It binds 12 times tighter at Q", "72 / 6"),
                "Nothing yet: affinity is the IC50",
                "P can give the larger top effect",
            ),
            "Ki is the concentration at which the drug holds half of the sites when nothing "
            "competes. At P 6 nM are enough for half, at Q it takes 72 nM, 12 times as much: the "
            "smaller constant belongs to the tighter hold.",
        ),
    ),
    _pair(
        6, "04", "evaluate", "numbers from two laboratories",
        (
            ("papers-may-be-divided", "this divides two numbers that were measured in two places "
             "as if it had been one."),
            ("ki-is-safe-to-mix", "this trusts a Ki from anywhere, yet a Ki scatters between "
             "laboratories about as much as an IC50."),
            ("larger-ki-is-tighter", "this reads the larger constant as the tighter hold."),
        ),
        (
            "Paper 1 gives drug X a Ki of 10 nM. Paper 2 gives drug Y a Ki of 25 nM. The same "
            "reference drug has 8 nM in paper 1 and 20 nM in paper 2. Which of the two binds "
            "more tightly?",
            (
                "Not shown: the labs differ as much",
                ("X by 2.5 times: just divide", "25 / 10"),
                "X: a Ki can be compared anywhere",
                "Y: it has the larger number",
            ),
            "The reference is one drug, and its number rises from 8 to 20, by 2.5 times, only "
            "because the laboratory changes. X and Y are apart by the same 2.5 times, so the "
            "change of laboratory explains all of it. To rank them, measure both in one place.",
        ),
        (
            "Paper 1 gives drug X a Ki of 15 nM. Paper 2 gives drug Y a Ki of 40 nM. The same "
            "reference drug has 12 nM in paper 1 and 32 nM in paper 2. Which of the two binds "
            "more tightly?",
            (
                "Not shown: the labs differ as much",
                ("X by 2.7 times: just divide", "40 / 15"),
                "X: a Ki can be compared anywhere",
                "Y: it has the larger number",
            ),
            "The reference is one drug, and its number rises from 12 to 32, by 2.7 times, only "
            "because the laboratory changes. X and Y are apart by the same 2.7 times, so the "
            "change of laboratory explains all of it. To rank them, measure both in one place.",
        ),
    ),
    _pair(
        7, "06", "apply", "clearance, level and half-life",
        (
            ("half-life-is-a-cause", "this takes the half-life for a property of the drug."),
            ("clearance-is-amount", "this takes clearance for milligrams per hour; it is a volume "
             "per hour, so more leaves as the level rises."),
            ("volume-is-a-space", "this lets the volume set the mean level, which clearance sets."),
        ),
        (
            "A drug leaves by a first-order process. In a patient its clearance is halved; volume "
            "and dosing stay the same. What changes?",
            (
                "Half-life and mean level double",
                "Level doubles, half-life stays",
                "Level climbs without an end",
                "Level stays: the volume sets it",
            ),
            "At steady state as much leaves as comes in, so the mean level is dosing rate over "
            "clearance: with half the clearance it is 2 times as high. The half-life is 0.69 times "
            "volume over clearance, so it is 2 times as long too.",
        ),
        (
            "A drug leaves by a first-order process. In a patient its clearance is doubled; volume "
            "and dosing stay the same. What changes?",
            (
                "Half-life and mean level halve",
                "Level halves, half-life stays",
                "Level falls until it is zero",
                "Level stays: the volume sets it",
            ),
            "At steady state as much leaves as comes in, so the mean level is dosing rate over "
            "clearance: with twice the clearance it is 0.5 times as high. The half-life is 0.69 "
            "times volume over clearance, so it is 0.5 times as long too.",
        ),
    ),
    _pair(
        8, "06", "understand", "dose and time to settle",
        (
            ("bigger-dose-settles-sooner", "this lets the dose change how fast the drug leaves."),
            ("constant-amount-leaves", "this lets the same milligrams leave each hour, whatever is "
             "there; in a first-order process it is the same share."),
            ("half-life-is-a-cause", "this lets the half-life set the level, which dose and "
             "clearance set."),
        ),
        (
            "A drug leaves by a first-order process. Its dose is doubled, taken as often as "
            "before. What happens to the steady level?",
            (
                "Twice as high, in the same time",
                "Twice as high, in half the time",
                "It goes on up and never settles",
                "As before: the half-life sets it",
            ),
            "The same share leaves in each hour, so twice the drug means twice as much leaving, "
            "and the level settles at 2 times the old one. How long that takes depends on the "
            "half-life alone: after 4 half-lives 94 % of the change is done.",
        ),
        (
            "A drug leaves by a first-order process. Its dose is halved, taken as often as "
            "before. What happens to the steady level?",
            (
                "Half as high, in the same time",
                "Half as high, in twice the time",
                "It goes on down and never settles",
                "As before: the half-life sets it",
            ),
            "The same share leaves in each hour, so half the drug means half as much leaving, "
            "and the level settles at 0.5 times the old one. How long that takes depends on the "
            "half-life alone: after 4 half-lives 94 % of the change is done.",
        ),
    ),
    _pair(
        9, "06", "understand", "first-order removal",
        (
            ("rate-ignores-concentration", "this keeps the milligrams per hour although less drug "
             "is there."),
            ("constant-amount-leaves", "this keeps the milligrams per hour, so that the drug runs "
             "out like sand."),
            ("half-life-is-a-cause", "this lets a longer half-life slow the removal; the half-life "
             "only describes it."),
        ),
        (
            "A drug leaves by a first-order process. The body holds 80 mg now and 40 mg after 6 h. "
            "How does it leave at 6 h?",
            (
                "Half the mg per hour, same half-life",
                "Same mg per hour, same half-life",
                ("Same mg per hour, none left at 12 h", "80 / (40 / 6)"),
                "Half the mg per hour, twice the half-life",
            ),
            "First-order means that the same share leaves in each hour. With half the drug there, "
            "half as many milligrams leave per hour. The next half of it again takes 6 h: after "
            "12 h 20 mg are left, not none.",
        ),
        (
            "A drug leaves by a first-order process. The body holds 200 mg now and 100 mg after "
            "4 h. How does it leave at 4 h?",
            (
                "Half the mg per hour, same half-life",
                "Same mg per hour, same half-life",
                ("Same mg per hour, none left at 8 h", "200 / (100 / 4)"),
                "Half the mg per hour, twice the half-life",
            ),
            "First-order means that the same share leaves in each hour. With half the drug there, "
            "half as many milligrams leave per hour. The next half of it again takes 4 h: after "
            "8 h 50 mg are left, not none.",
        ),
    ),
    _pair(
        10, "06", "apply", "bioavailability",
        (
            ("relative-is-absolute", "this compares with the solution, whose own drug does not all "
             "get in."),
            ("bioavailability-is-amount", "this takes all that is missing for drug left in the "
             "gut; wall and liver can destroy it too."),
            ("bioavailability-is-speed", "this reads an area as a speed; an area says how much, "
             "not how fast."),
        ),
        (
            "The same dose gives an area under the curve (mg h/L) of 40 as a capsule, 44 as a "
            "drink and 80 into a vein. What is true of the capsule?",
            (
                (
                    "absolute bioavailability 50 %, relative 91 %",
                    "100 * 40 / 80", "100 * 40 / 44",
                ),
                ("absolute bioavailability 91 % of the dose", "100 * 40 / 44"),
                ("50 %, as the other half stays in the gut", "100 * 40 / 80"),
                ("50 %, as it gets in at half the speed", "100 * 40 / 80"),
            ),
            "Only what is put into a vein gets into the blood as a whole, so 40/80, which is 50 %, "
            "is the absolute share. Beside the drink, 40/44, the capsule reaches 91 %: that is "
            "the relative one.",
        ),
        (
            "The same dose gives an area under the curve (mg h/L) of 30 as a capsule, 32 as a "
            "drink and 120 into a vein. What is true of the capsule?",
            (
                (
                    "absolute bioavailability 25 %, relative 94 %",
                    "100 * 30 / 120", "100 * 30 / 32",
                ),
                ("absolute bioavailability 94 % of the dose", "100 * 30 / 32"),
                ("25 %, as the other part stays in the gut", "100 * 30 / 120"),
                ("25 %, as it gets in at a quarter of the speed", "100 * 30 / 120"),
            ),
            "Only what is put into a vein gets into the blood as a whole, so 30/120, which is "
            "25 %, is the absolute share. Beside the drink, 30/32, the capsule reaches 94 %: that "
            "is the relative one.",
        ),
    ),
    _pair(
        11, "08", "apply", "unbound drug and sites",
        (
            ("total-for-unbound", "this counts the drug on plasma protein, which cannot reach a "
             "site."),
            ("percent-free-is-effect", "this takes the share of the drug that is free for the "
             "share of the sites that are held."),
            ("larger-ki-is-tighter", "this takes a small Kd for a weak hold."),
        ),
        (
            "Plasma holds 100 nM of a drug; 5 % of it is unbound. Unbound drug is at the same "
            "level in the brain. Its Kd there is 5 nM. What share of the sites does it hold?",
            (
                ("50 % of all the sites", "100 * 100 * 0.05 / (100 * 0.05 + 5)"),
                ("95 % of all the sites", "100 * 100 / (100 + 5)"),
                ("5 % of all the sites", "100 * 0.05"),
                ("about 0 % of all the sites", "0"),
            ),
            "Only unbound drug reaches the sites: 5 % of 100 nM is 5 nM. Kd is the concentration "
            "that holds half of them, and 5 nM is just that: 5/(5 + 5) is 50 %.",
        ),
        (
            "Plasma holds 300 nM of a drug; 10 % of it is unbound. Unbound drug is at the same "
            "level in the brain. Its Kd there is 10 nM. What share of the sites does it hold?",
            (
                ("75 % of all the sites", "100 * 300 * 0.1 / (300 * 0.1 + 10)"),
                ("97 % of all the sites", "100 * 300 / (300 + 10)"),
                ("10 % of all the sites", "100 * 0.1"),
                ("about 0 % of all the sites", "0"),
            ),
            "Only unbound drug reaches the sites: 10 % of 300 nM is 30 nM. Kd is the concentration "
            "that holds half of them, and 30 nM is 3 times that: 30/(30 + 10) is 75 %.",
        ),
    ),
    _pair(
        12, "07", "apply", "one enzyme blocked",
        (
            ("block-is-rise", "this reads what is no longer cleared as what is added."),
            ("one-door", "this takes one enzyme for the only way out."),
            ("inhibition-for-induction", "this lets less clearance mean less drug; that is what "
             "an inducer does."),
        ),
        (
            "One enzyme does 40 % of a drug's clearance. A second drug blocks it fully. The dose "
            "stays. What becomes of the exposure?",
            (
                ("1.67 times as high", "1 / (1 - 0.40)"),
                ("1.4 times as high", "1 + 0.40"),
                "it rises without limit",
                ("0.6 times as high", "1 - 0.40"),
            ),
            "Exposure is dose over clearance. The other ways out still do 60 % of the old "
            "clearance, so exposure becomes 1/0.60, which is 1.67 times the old one. It stops "
            "there, for the other ways stay open.",
        ),
        (
            "One enzyme does 75 % of a drug's clearance. A second drug blocks it fully. The dose "
            "stays. What becomes of the exposure?",
            (
                ("4 times as high", "1 / (1 - 0.75)"),
                ("1.75 times as high", "1 + 0.75"),
                "it rises without limit",
                ("0.25 times as high", "1 - 0.75"),
            ),
            "Exposure is dose over clearance. The other ways out still do 25 % of the old "
            "clearance, so exposure becomes 1/0.25, which is 4 times the old one. It stops "
            "there, for the other ways stay open.",
        ),
    ),
    _pair(
        13, "07 08", "apply", "equal steps down",
        (
            ("proportional-occupancy", "this takes the share held as proportional to the dose."),
            ("equal-steps-equal-block", "this lets equal steps of dose take equal steps of sites."),
            ("each-step-takes-a-share", "this lets each step take a share of what is left, so the "
             "steps shrink."),
        ),
        (
            "A drug holds half of its sites at 20 mg; share held is dose over dose plus 20 mg. "
            "The dose goes 80, 60, 40, 20 mg. How many points of the share are lost, step by step?",
            (
                (
                    "5, 8 and 17 points", "100 * (80/100 - 60/80)", "100 * (60/80 - 40/60)",
                    "100 * (40/60 - 20/40)",
                ),
                ("20, 20 and 20 points", "80 / 4", "80 / 4", "80 / 4"),
                ("10, 10 and 10 points", "(80 - 50) / 3", "(80 - 50) / 3", "(80 - 50) / 3"),
                (
                    "17, 8 and 5 points", "100 * (40/60 - 20/40)", "100 * (60/80 - 40/60)",
                    "100 * (80/100 - 60/80)",
                ),
            ),
            "The four shares are 80, 75, 67 and 50 %. The curve is flat where nearly all sites are "
            "held and steep at low doses, so equal steps of 20 mg lose 5 points at first, then 8, "
            "and most, 17, at the end.",
        ),
        (
            "A drug holds half of its sites at 100 mg; share held is dose over dose plus 100 mg. "
            "The dose goes 300, 225, 150, 75 mg. How many points of the share are lost, step by "
            "step?",
            (
                (
                    "6, 9 and 17 points", "100 * (300/400 - 225/325)", "100 * (225/325 - 150/250)",
                    "100 * (150/250 - 75/175)",
                ),
                ("19, 19 and 19 points", "75 / 4", "75 / 4", "75 / 4"),
                (
                    "11, 11 and 11 points", "100 * (300/400 - 75/175) / 3",
                    "100 * (300/400 - 75/175) / 3", "100 * (300/400 - 75/175) / 3",
                ),
                (
                    "17, 9 and 6 points", "100 * (150/250 - 75/175)", "100 * (225/325 - 150/250)",
                    "100 * (300/400 - 225/325)",
                ),
            ),
            "The four shares are 75, 69, 60 and 43 %. The curve is flat where nearly all sites are "
            "held and steep at low doses, so equal steps of 75 mg lose 6 points at first, then 9, "
            "and most, 17, at the end.",
        ),
    ),
    _pair(
        14, "08", "evaluate", "a constant in the living brain",
        (
            ("ki-in-vivo", "this puts a constant from membranes above what was seen in people."),
            ("percent-free-is-effect", "this blames protein, which the word unbound has already "
             "taken out."),
            ("every-change-is-tolerance", "this calls a difference between two methods a change "
             "over time."),
        ),
        (
            "In membranes a drug has a Ki of 1 nM. In patients 20 nM are unbound in brain, so 95 % "
            "of the sites should be held. Scans in three hospitals agree on 60 %. What fits best?",
            (
                ("In people 13 nM hold half", "20 * (1 - 0.60) / 0.60"),
                "Scans that read far too low",
                "Protein that keeps a third",
                "Sites that grew in number",
            ),
            "Three hospitals that agree are hard to doubt. If 20 nM hold 60 % of the sites, half "
            "of them are held at 20 × 40/60, about 13 nM. That is a constant of its own: the Ki is "
            "from membranes, which lack the substrate, salts and warmth of a brain.",
        ),
        (
            "In membranes a drug has a Ki of 5 nM. In patients 50 nM are unbound in brain, so 91 % "
            "of the sites should be held. Scans in four hospitals agree on 40 %. What fits best?",
            (
                ("In people 75 nM hold half", "50 * (1 - 0.40) / 0.40"),
                "Scans that read far too low",
                "Protein that keeps a half",
                "Sites that grew in number",
            ),
            "Four hospitals that agree are hard to doubt. If 50 nM hold 40 % of the sites, half "
            "of them are held at 50 × 60/40, which is 75 nM. That is a constant of its own: the Ki "
            "is from membranes, which lack the substrate, salts and warmth of a brain.",
        ),
    ),
    _pair(
        15, "05", "apply", "from a dish to patients",
        (
            ("in-vitro-is-in-vivo", "this takes an effect in a dish for one in patients, without a "
             "look at the concentrations."),
            ("total-for-unbound", "this counts the drug on plasma protein too."),
            ("larger-ki-is-tighter", "this reads a large EC50 as a strong effect."),
        ),
        (
            "In a dish a drug acts on a site with an EC50 of 2,000 nM. Patients have 1,000 nM in "
            "plasma, of which 20 nM are unbound. What share of these sites is held in patients?",
            (
                ("1 %: next to none", "100 * 20 / (20 + 2000)"),
                "most: it was shown",
                ("33 %: one in three", "100 * 1000 / (1000 + 2000)"),
                "most: EC50 is large",
            ),
            "Only the 20 nM that are unbound reach the site, and half of the sites would take "
            "2,000 nM, a hundred times as much. The share is 20/2,020, which is 1 %. The dish was "
            "right about the site and says little about patients.",
        ),
        (
            "In a dish a drug acts on a site with an EC50 of 1,500 nM. Patients have 600 nM in "
            "plasma, of which 30 nM are unbound. What share of these sites is held in patients?",
            (
                ("2 %: next to none", "100 * 30 / (30 + 1500)"),
                "most: it was shown",
                ("29 %: three in ten", "100 * 600 / (600 + 1500)"),
                "most: EC50 is large",
            ),
            "Only the 30 nM that are unbound reach the site, and half of the sites would take "
            "1,500 nM, fifty times as much. The share is 30/1,530, which is 2 %. The dish was "
            "right about the site and says little about patients.",
        ),
    ),
    _pair(
        16, "09", "evaluate", "two stories, one curve",
        (
            ("time-course-names-mechanism", "this hopes that more points tell apart two stories "
             "that draw the same curve."),
            ("diagram-is-proof", "this takes a drawing for evidence."),
            ("correlation-is-cause", "this takes going together for being the cause; both may "
             "follow from a third."),
        ),
        (
            "Two mechanisms both predict the same slow curve of mood under a drug. What would tell "
            "them apart best?",
            (
                "Block one and look for a change",
                "Measure mood each day, not weekly",
                "Draw all steps of the two in full",
                "See if a marker goes with mood",
            ),
            "If 2 stories predict the same course, no finer look at that course can choose. They "
            "differ in what happens when one of them is taken away: then either the benefit goes "
            "or it stays. Step in, and let the result decide.",
        ),
        (
            "Two mechanisms both predict the same slow fall of blood pressure under a drug. What "
            "would tell them apart best?",
            (
                "Block one and look for a change",
                "Measure it each hour, not each day",
                "Draw all steps of the two in full",
                "See if a marker falls along with it",
            ),
            "If 2 stories predict the same course, no finer look at that course can choose. They "
            "differ in what happens when one of them is taken away: then either the pressure "
            "still falls or it does not. Step in, and let the result decide.",
        ),
    ),
    _pair(
        17, "10", "analyse", "a flat line at the end of the scale",
        (
            ("animals-cure-a-flat-line", "this wants more animals, which make a flat line more "
             "certain and no less flat."),
            ("no-slope-no-effect", "this takes no slope for no effect, yet all doses lie far from "
             "vehicle."),
            ("proportional-occupancy", "this expects twice the dose to do twice as much, without "
             "a ceiling."),
        ),
        (
            "Mice get 30, 45 or 60 mg/kg, 10 animals each. All groups score the least that the "
            "test can give, far below the group on vehicle. What could show a slope?",
            (
                "Much smaller doses of the drug",
                ("100 mice in each dose group", "10 * 10"),
                "Nothing: the drug is not active",
                "Much larger doses of the drug",
            ),
            "All three groups, 30 animals, stand at the end of the scale, where no more drug can "
            "show more effect. The slope lies below, where part of the effect is there: go down "
            "until groups fall between vehicle and the end of the scale.",
        ),
        (
            "Rats get 8, 12 or 16 mg/kg, 9 animals each. All groups stay on a hot plate until the "
            "cut-off time, far longer than the group on vehicle. What could show a slope?",
            (
                "Much smaller doses of the drug",
                ("90 rats in each dose group", "9 * 10"),
                "Nothing: the drug is not active",
                "Much larger doses of the drug",
            ),
            "All three groups, 27 animals, stand at the end of the scale, where no more drug can "
            "show more effect. The slope lies below, where part of the effect is there: go down "
            "until groups fall between vehicle and the cut-off.",
        ),
    ),
    _pair(
        18, "11", "evaluate", "last value carried forward",
        (
            ("carrying-is-cautious", "this takes carrying forward for cautious; whom it helps "
             "depends on who leaves, and when."),
            ("leavers-may-be-ignored", "this looks at the first day only; what counts is how they "
             "would have gone on."),
            ("carrying-opposes-the-drug", "this lets carrying forward work against the drug "
             "whatever happens."),
        ),
        (
            "Patients on drug and on placebo improve alike for eight weeks. In week 1, 30 of 100 "
            "on placebo leave; the drug arm is complete. Each leaver's last score counts as the "
            "final one. How does the drug look?",
            (
                "Better than it really is",
                "As it is: the method is cautious",
                "As it is: all began alike",
                "Worse than it really is",
            ),
            "Everybody improves, and the 30 who left are frozen at their first week, before they "
            "could. That makes the placebo arm look ill, and the drug wins by a difference that is "
            "not there. Had people got worse, it would be the other way round.",
        ),
        (
            "A disease worsens alike on drug and on placebo for two years. In month 2, 36 of 120 "
            "on the drug leave; the placebo arm is complete. Each leaver's last score counts as "
            "the final one. How does the drug look?",
            (
                "Better than it really is",
                "As it is: the method is cautious",
                "As it is: all began alike",
                "Worse than it really is",
            ),
            "Everybody gets worse, and the 36 who left are frozen at their second month, before "
            "they could. That makes the drug arm look well, and it wins by a difference that is "
            "not there. Had people improved, it would be the other way round.",
        ),
    ),
    _pair(
        19, "11", "evaluate", "two trials beside each other",
        (
            ("significant-here-not-there", "this compares two P values; a difference has to be "
             "tested itself."),
            ("p-is-chance-of-no-effect", "this reads P as the chance that there is no effect."),
            ("significant-is-important", "this takes a small P for a large effect."),
        ),
        (
            "Drug minus placebo, points: trial 1 gives -3 (95 % interval -5 to -1, P 0.003), trial "
            "2 gives -1.5 (-3.7 to 0.7, P 0.18). What follows?",
            (
                (
                    "No gap is shown: 1.5 (-1.5 to 4.5)",
                    "3 - 1.5", "3 - 1.5 - sqrt(2**2 + 2.2**2)", "3 - 1.5 + sqrt(2**2 + 2.2**2)",
                ),
                ("They disagree: only trial 1 shows an effect", "1"),
                ("Trial 2: no effect, by a chance of 18 %", "2", "100 * 0.18"),
                ("Trial 1: its effect is a large one", "1"),
            ),
            "To compare two trials, take their difference with its interval: 1.5 points, with "
            "limits at -1.5 and 4.5. Zero is well inside, so the data fit one and the same effect "
            "in both. P tells neither size nor the chance of no effect.",
        ),
        (
            "Drug minus placebo, points: trial 1 gives -4.5 (95 % interval -7.6 to -1.4, P 0.004), "
            "trial 2 gives -2.5 (-6 to 1, P 0.16). What follows?",
            (
                (
                    "No gap is shown: 2 (-2.7 to 6.7)",
                    "4.5 - 2.5", "4.5 - 2.5 - sqrt(3.1**2 + 3.5**2)",
                    "4.5 - 2.5 + sqrt(3.1**2 + 3.5**2)",
                ),
                ("They disagree: only trial 1 shows an effect", "1"),
                ("Trial 2: no effect, by a chance of 16 %", "2", "100 * 0.16"),
                ("Trial 1: its effect is a large one", "1"),
            ),
            "To compare two trials, take their difference with its interval: 2 points, with limits "
            "at -2.7 and 6.7. Zero is well inside, so the data fit one and the same effect in "
            "both. P tells neither size nor the chance of no effect.",
        ),
    ),
    _pair(
        20, "11", "apply", "number needed to harm",
        (
            ("significant-is-important", "this gives a number although an interval of the "
             "difference holds zero, so none is shown."),
            ("drug-column-alone", "this leaves out that some events come on placebo too."),
            ("ratio-for-difference", "this gives a ratio; people are counted by a difference."),
        ),
        (
            "Of 100 patients on drug and 100 on placebo, 15 and 5 have event P (difference 10 "
            "points, 95 % interval 1.6 to 18.8); 12 and 9 have event Q (3 points, -5.8 to 11.9). "
            "How many treated make one more event?",
            (
                ("P 10 patients; Q not shown", "100 / (15 - 5)"),
                ("P 10 patients; Q 33 patients", "100 / (15 - 5)", "100 / (12 - 9)"),
                ("P 7 patients; Q 8 patients", "100 / 15", "100 / 12"),
                ("P 3 patients; Q 1.3 patients", "15 / 5", "12 / 9"),
            ),
            "Of 100 treated, 10 more than on placebo have event P: one more for each 10 treated. "
            "For Q the difference is 3 points, and its interval runs from below zero to above it. "
            "Where no difference is shown, there is no number to give.",
        ),
        (
            "Of 200 patients on drug and 200 on placebo, 24 and 8 have event P (difference 8 "
            "points, 95 % interval 2.7 to 13.6); 20 and 17 have event Q (1.5 points, -4.3 to "
            "7.3). How many treated make one more event?",
            (
                ("P 12.5 patients; Q not shown", "200 / (24 - 8)"),
                ("P 12.5 patients; Q 67 patients", "200 / (24 - 8)", "200 / (20 - 17)"),
                ("P 8 patients; Q 10 patients", "200 / 24", "200 / 20"),
                ("P 3 patients; Q 1.2 patients", "24 / 8", "20 / 17"),
            ),
            "Of 200 treated, 16 more than on placebo have event P: one more for each 12.5 treated. "
            "For Q the difference is 1.5 points, and its interval runs from below zero to above "
            "it. Where no difference is shown, there is no number to give.",
        ),
    ),
)  # fmt: skip
