"""The cascades of the course, read from ``data/signalling_nodes.csv`` and ``..._edges.csv``."""

from __future__ import annotations

from functools import cache
from typing import Literal

from snrilab._checks import choice
from snrilab._tables import rows
from snrilab.signalling._wiring import Edge, Input, Network, State, join

NETWORKS = ("camp", "trkb", "tlr4", "whole")
"""Names that `network` knows."""


def network(name: Literal["camp", "trkb", "tlr4", "whole"]) -> Network:
    """Return one of the course's cascades.

    ``"camp"``: 5-HT and NE through Gs and Gi receptors to cAMP, PKA, CREB and BDNF.
    ``"trkb"``: BDNF through TrkB, PI3K, Akt and mTOR to synaptic proteins.
    ``"tlr4"``: LPS through TLR4 to NF-κB and, by Ras, p38, to cytokines; suppressed by the drug.
    ``"whole"``: the three joined, cytokines lowering BDNF.

    Edges and signs carry a reference and how much of it was read; half-lives and strengths are
    illustrative. The networks are qualitative: directions and time scales, no sizes. Only Gs
    receptors (β, 5-HT4/6/7) raise cAMP; 5-HT1A and α2 are Gi and lower it, so that "more
    transmitter, more CREB" is one possible outcome and not a law.

    Parameters
    ----------
    name : {"camp", "trkb", "tlr4", "whole"}
        Which one.

    Returns
    -------
    Network
        Inputs, states and edges.

    References
    ----------
    Duman RS et al. Arch Gen Psychiatry 1997;54:597-606 (the cAMP hypothesis); further references
    stand at each edge.

    Examples
    --------
    >>> [state.name for state in network("trkb").order]
    ['TrkB', 'PI3K', 'Akt', 'mTOR', 'synaptic proteins']
    """
    return _declared(choice("name", name, NETWORKS))


@cache
def _declared(name: str) -> Network:
    if name == "whole":
        return join(name, *map(_declared, NETWORKS[:3]), links=_edges("links"))
    nodes = [row for row in rows("signalling_nodes") if row["network"] == name]
    return Network(
        name,
        tuple(
            Input(n["name"], float(n["resting"]), n["label"], _position(n), n["why"])
            for n in nodes
            if n["role"] == "input"
        ),
        tuple(
            State(
                n["name"],
                float(n["half_life_h"]),
                float(n["resting"]),
                n["label"],
                _position(n),
                n["why"],
                n["status"] == "illustrative",
            )
            for n in nodes
            if n["role"] == "state"
        ),
        _edges(name),
    )


def _position(node: dict[str, str]) -> tuple[float, float]:
    return float(node["column"]), float(node["row"])


def _edges(name: str) -> tuple[Edge, ...]:
    return tuple(
        Edge(
            row["source"],
            row["target"],
            1 if row["sign"] == "+" else -1,
            float(row["strength"]),
            row["reference"],
            row["provenance"],
            row["why"],
            row["status"] == "illustrative",
        )
        for row in rows("signalling_edges")
        if row["network"] == name
    )
