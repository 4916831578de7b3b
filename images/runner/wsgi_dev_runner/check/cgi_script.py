"""The CGI script: the application as wsgiref's documentation runs it, and notes of what it sends or raises."""

import json
import os
from typing import Any, Callable, Dict, Iterable, List
from wsgiref.handlers import CGIHandler

from .loaded import load
from .notes import Notes
from .order import read_order
from .places import Places
from .tracing import in_words

ORDER, ENVIRONMENT, SENT, RAISED = "order.json", "environment.json", "sent.bin", "raised.json"


def answer(directory: str) -> None:
    """One request, which Apache has put into the environment; `directory` is the pass's."""
    with open(os.path.join(directory, ENVIRONMENT), encoding="utf-8") as file:
        # Apache gives a script few variables of its own environment; the application counts on its own.
        for key, value in json.load(file).items():
            os.environ.setdefault(key, value)
    order = read_order(os.path.join(directory, ORDER))
    os.chdir(order.root)
    loaded = load(order, Notes(os.devnull))
    if loaded is not None:
        CGIHandler().run(_copied(loaded.application, directory, Places(order.root)))


def _copied(
    application: Callable[..., Iterable[bytes]], directory: str, places: Places
) -> Callable[..., Iterable[bytes]]:
    """The application, which leaves in `directory` what it sends or raises."""

    def copied(environ: Dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        statuses: List[str] = []
        names: List[str] = []
        written: List[bytes] = []

        def started(status: str, headers: Any, *rest: Any) -> Callable[[bytes], None]:
            statuses.append(status)
            names[:] = [name.lower() for name, _ in headers]
            write = start_response(status, headers, *rest)

            def wrote(data: bytes) -> None:
                written.append(data)
                write(data)

            return wrote

        body = application(environ, started)
        try:
            for chunk in body:
                written.append(chunk)
                yield chunk
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()
        with open(os.path.join(directory, SENT), "wb") as file:
            file.write(" ".join([statuses[-1][:3], *names]).encode("latin-1") + b"\n" + b"".join(written))

    def told(environ: Dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            yield from copied(environ, start_response)
        except BaseException as error:
            with open(os.path.join(directory, RAISED), "w", encoding="utf-8") as file:
                json.dump([places.raised(error.__traceback__), in_words(error)], file)
            raise

    return told
