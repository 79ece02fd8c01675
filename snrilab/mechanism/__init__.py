"""How a reuptake inhibitor works: from a bound transporter to more transmitter.

One binding site: `occupancy`, `uptake_rate`, `uptake_consistency`, and `fold_increase`, the rise
that a block can give. Two systems, 5-HT and NE, whose autoreceptors brake that rise at once and
let go over weeks: `Synapse`; what it was fitted to, and what it predicts or misses: `observations`;
three stories of why benefit takes weeks: `rival_clocks`. The second site of SERT:
`dissociation_half_life`, `allosteric_occupancy`, `allosteric_evidence`.

Functions take numbers or arrays and give a number or an array of the broadcast shape. Impossible
input raises ValueError or TypeError in one sentence. Concentrations are unbound, nM.

Dopamine is left out, although NET clears it in the cortex: atomoxetine raises it there about
threefold (`snrilab.evidence.find(source="bymaster2002")`).
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
