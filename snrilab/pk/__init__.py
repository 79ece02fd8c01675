"""Pharmacokinetics: from a dose to the concentration in plasma, and on to the transporter.

A drug (`drug`), a regimen (`repeat`, `titration`) and a time give a concentration
(`concentration`), exactly. `steady_state` says where a regimen settles, `nca` what a sampled curve
says without a model, `population` and `concentration_bands` what people share.
`transporter_constant` and `occupancy_over_time` go on to SERT and NET; `fit_occupancy` and
`fit_delay` come back from scans.

Doses are mg of free base, plasma is total ng/mL, concentrations at the transporter are unbound nM.
A result gives each of its numbers with its unit: ``result["auc_inf_obs"]`` is an `Estimate`.
Functions of numbers work on arrays of any shape that fit together and return that shape. An
impossible argument raises ValueError or TypeError in one sentence: its name, the value given, the
values allowed; a number that is not known raises `snrilab.evidence.EvidenceError`.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
