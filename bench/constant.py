"""Serves one path with constant bytes on the same server and framework as Folkmoot: the ceiling.

python bench/constant.py PORT FILE
"""

import os
import sys
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response, get


def application() -> Any:
    body = Path(os.environ["BENCH_BODY"]).read_bytes()

    @get("/constant", include_in_schema=False)
    async def constant(request: Request[Any, Any, Any]) -> Response[bytes]:
        return Response(body, media_type="application/json")

    return Litestar([constant], openapi_config=None)


if __name__ == "__main__":
    from granian import Granian
    from granian.constants import Interfaces

    os.environ["BENCH_BODY"] = sys.argv[2]
    sys.path.insert(0, str(Path(__file__).parent))
    Granian(
        "constant:application", factory=True, interface=Interfaces.ASGI, port=int(sys.argv[1])
    ).serve()
