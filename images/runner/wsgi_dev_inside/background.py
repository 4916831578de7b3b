"""A server in the background: on no terminal, its output in a file."""

from __future__ import annotations

import json
import os
import select
import sys
from typing import Any, Callable, Dict

from .fault import TIMEOUT, Fault, failure
from .places import Places
from .running import end


def in_background(
    places: Places,
    url: str,
    hint: str,
    seconds: float,
    lock: int,
    serve: Callable[[Callable[..., None]], int],
) -> int:
    """`serve` in a process of its own, which holds `lock`; returns once the server is ready, or raises what failed."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _leave_terminal(places, lock)

        def on_event(event: str, **fields: Any) -> None:
            if event in ("ready", "exit"):
                try:
                    os.write(writing, json.dumps({"event": event, **fields}).encode() + b"\n")
                except BrokenPipeError:
                    # Whoever waited has gone.
                    pass

        os._exit(serve(on_event))
    os.close(writing)
    if not select.select([reading], [], [], seconds)[0]:
        end(places, pid, 1)
        raise Fault(f"Not ready after {seconds:g} s; it was ended", f"What it printed: {places.log}", TIMEOUT)
    told: Dict[str, Any] = json.loads(os.read(reading, 65536).split(b"\n")[0] or b'{"event": "exit", "code": 1}')
    if told["event"] == "exit":
        os.waitpid(pid, 0)
        with open(places.log, encoding="utf-8", errors="replace") as file:
            sys.stderr.write(file.read())
        sys.stderr.write(failure(told) + "\n")
        return int(told["code"])
    sys.stderr.write(f"Ready in the background; `wsgi-dev down` ends it, its output is in {places.log}\n{hint}")
    print(url)
    return 0


def _leave_terminal(places: Places, lock: int) -> None:
    os.setsid()
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    log = os.open(places.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for fd, source in ((0, nothing), (1, log), (2, log)):
        os.dup2(source, fd)
    os.close(log)
    os.close(nothing)
