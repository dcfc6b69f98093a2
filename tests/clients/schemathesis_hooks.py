"""What Schemathesis cannot know: ids that exist. Half of the paths it makes lead to something."""

import json
import os
from typing import Any

import schemathesis

THINGS: dict[str, str] = json.loads(os.environ.get("FOLKMOOT_THINGS", "{}"))


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> Any:
    """Puts what exists in the place of what was made up, by a coin that the made-up value is."""
    if not path_parameters:
        return path_parameters
    path = context.operation.path
    if context.operation.method.upper() == "DELETE" or path.endswith("/dismiss"):
        return path_parameters  # so that the rest still finds it
    filled = dict(path_parameters)
    for name, value in path_parameters.items():
        until = path[: path.index(f"{{{name}}}") + len(name) + 2]
        if until in THINGS and len(str(value)) % 4:
            filled[name] = THINGS[until]
    return filled
