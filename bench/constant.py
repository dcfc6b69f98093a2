"""Serves one path with constant bytes on the same server and framework as Folkmoot: the ceiling.

python bench/constant.py PORT FILE
"""

import os
import sys
from pathlib import Path
from typing import Any

_PORT = 28_430


class Ceiling:
    """A server that answers every request with the same bytes."""

    def __init__(self, folder: Path, body: bytes) -> None:
        self._file = folder / "body"
        self._file.write_bytes(body)

    async def cost(self, count: int, rounds: int) -> float:
        """CPU milliseconds of a request, in the best of several rounds."""
        import server as servers
        from load import load

        serving = servers.constant(_PORT, self._file, core=0)
        found = []
        try:
            for _ in range(rounds):
                before = serving.cpu_s()
                await load(_PORT, _ask, count=count, concurrency=4)
                found.append((serving.cpu_s() - before) / count * 1_000)
        finally:
            serving.stop()
        return min(found)


def _ask(number: int) -> tuple[str, str, str, bytes]:
    return ("GET", "/constant", "x", b"")


def application() -> Any:
    from litestar import Litestar, Request, Response, get

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
