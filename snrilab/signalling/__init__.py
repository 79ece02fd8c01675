"""Downstream of the synapse: three cascades as small declared networks.

**Qualitative by design.** Who acts on whom, and with which sign, is taken from the literature;
every rate and strength is illustrative. Read directions, orders of events and time scales, never
sizes. Whether these cascades are how antidepressants work is a hypothesis.

`network` gives a cascade, `simulate` and `steady_state` run any of them, `from_synapse` feeds them
with the transmitters, `lps_study` runs the inflammation experiment with its four groups.

Left out although it was the first of the slow clocks: beta-adrenoceptors in rat cortex lose number
and response over weeks of many antidepressants (not of citalopram), so that the arm from NE through
Gs to cAMP fades. And pCREB rises
on the model's first day, where the paper cited for that arrow saw CREB after chronic treatment.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
