"""Pictures of the cascades: the network itself, its course over time, the LPS groups."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "_course": ["cascade_course", "group_courses"],
        "_diagram": ["network_diagram"],
    },
)
