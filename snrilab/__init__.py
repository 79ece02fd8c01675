"""snrilab: how SNRIs and SSRIs work, computed.

The library behind the course. Each module is one part of the chain from numbers to judgement:
`evidence` (every number with its source), `mechanism`, `signalling`, `binding`, `pk`, `compare`,
`trials` (models, pure functions), `plots` (pictures), `explore` (sliders) and `feedback` (why an
answer is wrong). Modules load when they are first used, so importing `snrilab` costs little.

Teaching models, not clinical advice.
"""

import sys as _sys

import lazy_loader as _lazy

if _sys.platform == "emscripten":  # in a browser it takes so long to list the fonts that it says so
    import logging as _logging

    _logging.getLogger("matplotlib.font_manager").setLevel("ERROR")

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submodules=[
        "binding",
        "compare",
        "evidence",
        "exercises",
        "explore",
        "feedback",
        "mechanism",
        "pk",
        "plots",
        "signalling",
        "trials",
    ],
)
