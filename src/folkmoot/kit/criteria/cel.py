"""The CEL library, without the command line that its package brings along.

Importing the package as such takes 30 MB and 0.14 s of CPU, for prompts and highlighting.
"""

import sys
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import Any


@cache
def cel() -> Any:
    """The library's native module; it has `compile`."""
    if "cel.cel" not in sys.modules:
        package = find_spec("cel")
        folder = package.submodule_search_locations if package else None
        found = PathFinder.find_spec("cel.cel", folder)
        if found is None or found.loader is None:
            raise ModuleNotFoundError("common-expression-language is not installed")
        sys.modules["cel.cel"] = module_from_spec(found)
        found.loader.exec_module(sys.modules["cel.cel"])
    return sys.modules["cel.cel"]
