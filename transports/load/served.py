"""The process of ``measured_server``, whose only argument is ``{"policy": "no-repeat", …}``.

It serves until its standard input ends, and answers each byte there with a line of JSON: what it has used.
"""

import asyncio
import gc
import json
import resource
import sys
from typing import Any

from roulette_core import Roulette
from transports.gateway import Gateway, Limits
from transports.serving import Server
from transports.tcp import TcpTransport


async def serve(policy: str, limits: Limits) -> None:
    """Serves on a free port until standard input ends."""
    server = Server(Gateway(Roulette(policy, seed=0), limits))
    for line in await server.listen(TcpTransport(server.driver, "127.0.0.1", 0)):
        print(line, file=sys.stderr, flush=True)
    asyncio.get_running_loop().add_reader(sys.stdin, _answer, server)
    await server.run(grace=0)
    if server.failure is not None:
        raise server.failure


def _answer(server: Server) -> None:
    if not sys.stdin.buffer.raw.read(1):  # type: ignore[union-attr]
        asyncio.get_running_loop().remove_reader(sys.stdin)
        server.stop()
        return
    gc.collect()
    used = resource.getrusage(resource.RUSAGE_SELF)
    figures = {"cpu_seconds": used.ru_utime + used.ru_stime, "resident_bytes": _resident(used.ru_maxrss)}
    print(json.dumps(figures), flush=True)


def _resident(peak: int) -> int:
    """Returns the bytes of memory in use or, where the system does not say, the most that ever were."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statistics:
            return int(statistics.read().split()[1]) * resource.getpagesize()
    except OSError:
        return peak * (1 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Serves with a policy, limits, and an event loop of ``asyncio`` or ``uvloop``, as the argument says."""
    options: dict[str, Any] = json.loads(sys.argv[1])
    serving = serve(options["policy"], Limits(**options["limits"]))
    if options["loop"] == "uvloop":
        import uvloop

        uvloop.run(serving)
    else:
        asyncio.run(serving)
