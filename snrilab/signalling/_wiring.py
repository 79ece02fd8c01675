"""A cascade as data: inputs, states, signed edges, and what follows from its shape alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from snrilab._checks import choice, members, one_number, text, whole_number


@dataclass(frozen=True, slots=True)
class Input:
    """What drives a network from outside.

    Parameters
    ----------
    name : str
        Key used in `Edge` and in the inputs of a simulation.
    resting : float
        Level without treatment, >= 0, in the unit that `why` names.
    label : str, optional
        Text in the diagram; by default the name.
    position : tuple of float, default (0, 0)
        Column and row in the diagram.
    why : str, default ""
        Unit, and reason for the resting level.

    Examples
    --------
    >>> Input("5-HT", resting=1.0).resting
    1.0
    """

    name: str
    resting: float
    label: str = ""
    position: tuple[float, float] = (0.0, 0.0)
    why: str = ""

    def __post_init__(self) -> None:
        text("name", self.name)
        one_number("resting", self.resting, low=0.0)


@dataclass(frozen=True, slots=True)
class State:
    """A pool that is partly active: a receptor, a kinase, a transcription factor, a protein.

    ``da/dt = k [ (r + sum of activating w x) (1 - a) - (1 + sum of inhibiting w x) a ]`` with the
    active fraction a, ``k = ln 2 / half-life``, the sources' levels x and the edges' strengths w.
    Active and inactive always sum to 1.

    Parameters
    ----------
    name : str
        Key.
    half_life_h : float
        Half-life of the active form without any inhibitor, h, > 0.
    resting : float, default 0
        r, activation without any source, relative to deactivation, >= 0.
    label : str, optional
        Text in the diagram; by default the name.
    position : tuple of float, default (0, 0)
        Column and row in the diagram.
    why : str, default ""
        Reason for the half-life.
    illustrative : bool, default True
        Whether the constants are chosen rather than measured.

    Examples
    --------
    >>> State("CREB", half_life_h=1.0, resting=0.01).half_life_h
    1.0
    """

    name: str
    half_life_h: float
    resting: float = 0.0
    label: str = ""
    position: tuple[float, float] = (0.0, 0.0)
    why: str = ""
    illustrative: bool = True

    def __post_init__(self) -> None:
        text("name", self.name)
        one_number("half_life_h", self.half_life_h, low=0.0, low_open=True)
        one_number("resting", self.resting, low=0.0)


@dataclass(frozen=True, slots=True)
class Edge:
    """One effect of one node on another.

    Parameters
    ----------
    source, target : str
        Names of the nodes.
    sign : {1, -1}
        1 speeds the target's activation, -1 its deactivation.
    strength : float
        w, effect of one unit of the source relative to the target's own deactivation, > 0.
    reference : str, default ""
        Who says that this edge exists.
    provenance : str, default ""
        How much of that was read: ``"abstract read"``, ``"title only"`` or ``"recalled"``.
    why : str, default ""
        What happens there.
    illustrative : bool, default True
        Whether the strength is chosen rather than measured.

    Examples
    --------
    >>> Edge("PKA", "CREB", sign=1, strength=1.2).target
    'CREB'
    """

    source: str
    target: str
    sign: int
    strength: float
    reference: str = ""
    provenance: str = ""
    why: str = ""
    illustrative: bool = True

    def __post_init__(self) -> None:
        text("source", self.source)
        text("target", self.target)
        if whole_number("sign", self.sign, low=-1, high=1) == 0:
            raise ValueError(f"sign must be 1 or -1, got {self.sign!r}.")
        one_number("strength", self.strength, low=0.0, low_open=True)


@dataclass(frozen=True)
class Network:
    """A small cascade without feedback.

    Feedback loops (IκB, S6K, BDNF onto its own gene) are left out on purpose: without loops the
    sign of every effect is the product of the signs along the path, which is what these networks
    are for.

    Parameters
    ----------
    name : str
        Short name.
    inputs : tuple of Input
        What drives it.
    states : tuple of State
        Its pools.
    edges : tuple of Edge
        Who acts on whom.

    Raises
    ------
    ValueError
        If a name is used twice, an edge names an unknown node or acts on an input, a state could
        never be active, or the edges form a loop.

    Examples
    --------
    >>> relay = Network("relay", (Input("drug", 0.0),), (State("kinase", 1.0, 0.1),),
    ...                 (Edge("drug", "kinase", -1, 2.0),))
    >>> relay.path_signs("drug", "kinase")
    frozenset({-1})
    """

    name: str
    inputs: tuple[Input, ...]
    states: tuple[State, ...]
    edges: tuple[Edge, ...]

    def __post_init__(self) -> None:
        text("name", self.name)
        members("inputs", self.inputs, Input, "Input")
        members("states", self.states, State, "State")
        members("edges", self.edges, Edge, "Edge")
        names = [node.name for node in self.nodes]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(f"states and inputs must have different names; {repeated} repeat.")
        states = {state.name for state in self.states}
        for edge in self.edges:
            for end in (edge.source, edge.target):
                if end not in names:
                    raise ValueError(
                        f"edges name {end!r}, which is neither an input nor a state of {self.name}."
                    )
            if edge.target not in states:
                raise ValueError(f"edges may not act on the input {edge.target!r}.")
        for state in self.states:
            if state.resting == 0 and not any(e.sign > 0 for e in self.into(state.name)):
                raise ValueError(
                    f"states must be able to become active; {state.name!r} has resting 0 and no "
                    "activating edge."
                )
        _ = self.order

    @property
    def illustrative(self) -> bool:
        """Whether any of its constants is chosen rather than measured."""
        return any(s.illustrative for s in self.states) or any(e.illustrative for e in self.edges)

    @property
    def nodes(self) -> tuple[Input | State, ...]:
        """Inputs, then states."""
        return (*self.inputs, *self.states)

    @cached_property
    def order(self) -> tuple[State, ...]:
        """States with every cause before its effect."""
        by_name = {state.name: state for state in self.states}
        causes = {name: [e.source for e in self.into(name)] for name in by_name}
        try:
            names = list(TopologicalSorter(causes).static_order())
        except CycleError as error:
            loop = " -> ".join(reversed(error.args[1]))
            raise ValueError(f"edges form the loop {loop}; feedback is left out here.") from None
        return tuple(by_name[name] for name in names if name in by_name)

    def into(self, target: str) -> tuple[Edge, ...]:
        """Return the edges that act on `target`."""
        return tuple(edge for edge in self.edges if edge.target == target)

    def node(self, name: str) -> Input | State:
        """Return the input or state called `name`."""
        nodes = {node.name: node for node in self.nodes}
        return nodes[choice("name", name, list(nodes))]

    def path_signs(self, source: str, target: str) -> frozenset[int]:
        """Signs of all paths from one node to another.

        One sign: raising the source moves the target that way, always. Both signs: the answer
        depends on the constants, as for 5-HT, which drives cAMP through Gs and against it
        through Gi. None: the source cannot reach the target.

        Parameters
        ----------
        source, target : str
            Names of nodes.

        Returns
        -------
        frozenset of int
            A subset of {1, -1}.

        Examples
        --------
        >>> from snrilab.signalling import network
        >>> sorted(network("camp").path_signs("5-HT", "cAMP"))
        [-1, 1]
        """
        self.node(source)
        self.node(target)
        reached: dict[str, set[int]] = {source: {1}}
        for state in self.order:
            if state.name == source:
                continue
            signs = {
                sign * edge.sign
                for edge in self.into(state.name)
                for sign in reached.get(edge.source, ())
            }
            if signs:
                reached[state.name] = signs
        return frozenset(reached.get(target, ()))


def join(name: str, *networks: Network, links: tuple[Edge, ...] = ()) -> Network:
    """Join networks into one: an input that another network computes becomes that state.

    Parameters
    ----------
    name : str
        Name of the whole.
    *networks : Network
        The parts; the same input in two parts is one input, described as in the first.
    links : tuple of Edge, optional
        Edges between the parts.

    Returns
    -------
    Network
        The whole.

    Examples
    --------
    >>> from snrilab.signalling import network
    >>> whole = join("plasticity", network("camp"), network("trkb"))
    >>> [node.name for node in whole.inputs]
    ['5-HT', 'NE']
    """
    if not networks or not all(isinstance(part, Network) for part in networks):
        raise TypeError(f"networks must be one or more Network, got {networks!r}.")
    states = tuple(state for part in networks for state in part.states)
    computed = {state.name for state in states}
    inputs: dict[str, Input] = {}
    for part in networks:
        for node in part.inputs:
            inputs.setdefault(node.name, node)
    return Network(
        name,
        tuple(node for key, node in inputs.items() if key not in computed),
        states,
        tuple(edge for part in networks for edge in part.edges) + tuple(links),
    )
