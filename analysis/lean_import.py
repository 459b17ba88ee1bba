"""Keeps a twentieth of the time of a thousand texts: modules of NumPy that only SciPy names come when they are used.

SciPy copies NumPy's namespace and so loads all of it, the compiler of Fortran and the tools for tests included. Here
these two are put in place unread (`importlib.util.LazyLoader`): whoever touches them finds them whole. This module has
to be imported before SciPy; where they are loaded already, or are not there, it does nothing.
"""

from __future__ import annotations

import importlib.util
import sys

import numpy as np

UNASKED = ("f2py", "testing")
"""Modules of NumPy."""


def _put_off(name: str) -> None:
    whole_name = f"{np.__name__}.{name}"
    spec = None if whole_name in sys.modules else importlib.util.find_spec(whole_name)
    if spec is None or spec.loader is None:
        return
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[whole_name] = module
    spec.loader.exec_module(module)
    setattr(np, name, module)


for _name in UNASKED:
    _put_off(_name)
