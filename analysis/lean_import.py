"""Saves a fifteenth of the time of a thousand texts: what nobody here asks of NumPy is loaded when somebody does.

SciPy copies NumPy's namespace and so loads all of it, the compiler of Fortran and the tools for tests included. Here
four of its modules are put in place unread (`importlib.util.LazyLoader`): whoever touches them finds them whole. This
module has to be imported before SciPy; what is loaded already, or is not there, stays as it is.
"""

from __future__ import annotations

import importlib.util
import sys

import numpy as np

UNASKED = ("f2py", "ma", "polynomial", "testing")
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
