"""What learners are asked to write, choose and predict: each declared once.

One module per lesson or assignment. An `Exercise` carries its reference answer, the inputs to try,
the tolerance, the misconceptions teachers know (wrong functions, each with one sentence of advice)
and other right ways to write it. The same declaration serves the instant check in the notebook
(`snrilab.feedback`), the tests of the hidden tests, the class report and the teacher's guide.

Names are "module/name", such as "ps2_binding/saturation".
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submodules=["lesson02_binding", "ps2_binding"],
    submod_attrs={
        "_declaration": [
            "Exercise",
            "Misconception",
            "Option",
            "Prediction",
            "Question",
            "declared",
            "find",
        ],
        "_values": ["agrees", "as_numbers"],
    },
)
