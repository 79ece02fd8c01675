"""Downstream of the synapse: three cascades as small declared networks.

**Qualitative by design.** Who acts on whom, and with which sign, is taken from the literature;
every rate and strength is illustrative. Read directions, orders of events and time scales, never
sizes. Whether these cascades are how antidepressants work is a hypothesis.

`network` gives a cascade, `simulate` and `steady_state` run any of them, `from_synapse` feeds them
with the transmitters, `lps_study` runs the inflammation experiment with its four groups.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "cascades": ["NETWORKS", "network"],
        "course": ["Course", "from_synapse", "simulate", "steady_state"],
        "inflammation": ["LPS_GROUPS", "lps_pulse", "lps_study"],
        "wiring": ["Edge", "Input", "Network", "State", "join"],
    },
)
