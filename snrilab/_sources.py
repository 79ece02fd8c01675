"""How a source is named beside a number that comes from it: never without how it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SAID = ("recalled", "assumption")  # what goes with a number wherever it is printed


def told(keys: str | Iterable[str], *trust: str) -> str:
    """Return the reference keys of a number as they are printed, with what has to be said of it.

    Parameters
    ----------
    keys : str or iterable of str
        Reference keys.
    *trust : str
        Provenance and warnings, several in one text separated by semicolons. Those that say
        that the number was recalled or assumed go with it; a number that was read needs none.

    Examples
    --------
    >>> told("auclair2013", "found; mirror")
    'auclair2013'
    >>> told(["owens2001"], "recalled")
    'owens2001, recalled'
    >>> told("lexapro_label", "found; placebo rate recalled")
    'lexapro_label, placebo rate recalled'
    """
    named = [keys] if isinstance(keys, str) else list(keys)
    doubts = [one.strip() for text in trust for one in text.split(";")]
    said = [one for one in doubts if any(word in one for word in SAID)]
    return ", ".join(dict.fromkeys([*named, *said]))
