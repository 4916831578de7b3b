"""One request in debug mode: its events, and the end of a request that was quit in the debugger.

It keeps the WSGI contract: what the application returns goes to mod_wsgi as it is where mod_wsgi looks at its type
(lists, tuples, wsgi.file_wrapper), and behind an iterator with the same close() otherwise.
"""

from __future__ import annotations

import sys
import time

from .form import watch_form
from .loading import is_quit, leave_to_others

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional

    from .desk import Desk

    Report = Callable[[BaseException], None]

#: Characters of a path that the supervisor is told: a note is one write().
_NOTED_PATH = 200
_QUIT_BODY = b"This request was quit in the debugger.\n"
_QUIT_HEADERS = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(_QUIT_BODY)))]


class Request:
    """What is known of one request while it runs; nothing is shared between two."""

    def __init__(self, desk: Desk, number: int, environ: Any, is_whole: bool = True) -> None:
        """`is_whole`: the application serves it now, and not a script that guards it before."""
        self.desk = desk
        self.id = number
        self.is_whole = is_whole
        self.method: str = environ.get("REQUEST_METHOD", "")
        self.path: str = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        if not is_whole:
            # Apache asks them of other URLs too, such as its PATH_INFO taken for one.
            self.path = environ.get("REQUEST_URI", self.path).partition("?")[0]
        self.environ = environ
        self.record = desk.recorder.begin(number, environ) if is_whole and desk.recorder is not None else None
        #: What it sends, where that is a form.
        self.form = watch_form(environ) if is_whole else None
        self.status = 0
        self.bytes = 0
        #: An exception ended it.
        self.failed = False
        #: What it raised last, be it answered or not.
        self.error: Optional[BaseException] = None
        #: A person quit at a prompt in it.
        self.was_quit = False
        #: The application wrapped a file-like object of its own for the server to send.
        self.watched_file = False
        #: And returned it.
        self.is_sent_by_server = False
        self._started = time.monotonic()

    def begin(self) -> None:
        """Say that the request runs."""
        self.enter()
        self.desk.emitter.emit("request", id=self.id, method=self.method, path=self.path, **self._recorded())

    def enter(self) -> None:
        """The application's code, or what guards it, is about to run."""
        self.desk.request = self
        about = {"id": self.id, "method": self.method, "path": self.path[:_NOTED_PATH]}
        self.desk.notes.send("busy", request=about)

    def leave(self) -> None:
        """It has run."""
        self.desk.stop_tracing()
        self.desk.console.flush()
        self.desk.request = None
        self.desk.notes.send("idle")

    def sent(self, data: bytes) -> None:
        """A part of the body is on its way."""
        self.bytes += len(data)
        if self.record is not None:
            self.record.sent(data)

    def end(self) -> None:
        """Say how the request ended; once."""
        if self.desk.request is not self:
            return
        self.desk.stop_tracing()
        self.desk.console.flush()
        milliseconds = round((time.monotonic() - self._started) * 1000, 1)
        if self.record is not None:
            self.record.end(self.status, self.bytes, self.failed)
        about = {"id": self.id, "status": self.status, "bytes": self.bytes, "ms": milliseconds}
        self.desk.emitter.emit("response", **about, **self._recorded())
        self.desk.request = None
        self.desk.on_end(self)
        self.desk.notes.send("idle")

    def _recorded(self) -> Dict[str, str]:
        """Where the record lies, for an event."""
        return {} if self.record is None else {"record": self.record.name}


def respond(
    request: Request,
    application: Callable[..., Iterable[bytes]],
    environ: Any,
    start_response: Callable[..., Any],
    report: Report,
) -> Iterable[bytes]:
    """Call the application for `request` and return what mod_wsgi is to send.

    `report` is told of every exception that leaves the application, wherever in the request; it goes its way after.
    """

    def recording(status: str, headers: Any, *exc_info: Any) -> Callable[[bytes], Any]:
        error = exc_info[0][1] if exc_info and exc_info[0] else None
        if error is not None and status[:1] == "5" and not is_quit(error):
            # Caught, and answered as an error: nobody further out will see it.
            report(error)
        write = start_response(status, headers, *exc_info)
        request.status = int(status[:3])
        if request.record is not None:
            request.record.headers = headers

        def counting(data: bytes) -> Any:
            result = write(data)
            request.sent(data)
            return result

        return counting

    file_wrapper = environ.get("wsgi.file_wrapper")
    if file_wrapper is not None:
        environ["wsgi.file_wrapper"] = _watching(file_wrapper, request, report)
    try:
        result = application(environ, recording)
    except BaseException as error:
        if is_quit(error):
            request.was_quit = True
            recording("500 Internal Server Error", _QUIT_HEADERS, sys.exc_info())
            result = [_QUIT_BODY]
        else:
            report(error)
            request.status = 500
            request.failed = True
            request.end()
            raise
    if not hasattr(result, "__iter__") and not hasattr(result, "__getitem__"):
        # As None, where a `return` was forgotten: mod_wsgi's to refuse, too.
        request.status = 500
        request.failed = True
        request.end()
        return result
    if isinstance(result, (list, tuple)) and not hasattr(result, "close"):
        # What is no bytes is mod_wsgi's to refuse.
        for part in result:
            if isinstance(part, bytes):
                request.sent(part)
        request.end()
        return result
    if isinstance(file_wrapper, type) and isinstance(result, file_wrapper):
        if request.watched_file:
            request.is_sent_by_server = True
        else:
            request.end()
        return result
    return _Body(request, result, recording, report)


def _watching(file_wrapper: Callable[..., Any], request: Request, report: Report) -> Callable[..., Any]:
    """mod_wsgi's own wrapper, around a file whose read() tells of its exceptions: mod_wsgi calls that itself."""

    def wrap(file: Any, *block_size: int) -> Any:
        if hasattr(file, "fileno"):
            # A real file is sent by the kernel.
            return file_wrapper(file, *block_size)
        request.watched_file = True
        return file_wrapper(_WatchedFile(file, request, report), *block_size)

    return wrap


def _close(closeable: Any, report: Report) -> None:
    """Call its close(), if it has one."""
    close = getattr(closeable, "close", None)
    if close is None:
        return
    try:
        close()
    except BaseException as error:
        report(error)
        raise


class _WatchedFile:
    """A file-like object of the application's; mod_wsgi closes it as the request ends."""

    def __init__(self, file: Any, request: Request, report: Report) -> None:
        self._file = file
        self._request = request
        self._report = report

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self, *size: int) -> Any:
        try:
            data = self._file.read(*size)
        except BaseException as error:
            self._request.failed = True
            self._report(error)
            leave_to_others(error)
            raise
        self._request.sent(data)
        return data

    def close(self) -> None:
        try:
            _close(self._file, self._report)
        except BaseException as error:
            leave_to_others(error)
            raise
        finally:
            if self._request.is_sent_by_server:
                self._request.end()


class _Body:
    """The application's iterable, watched to its close()."""

    def __init__(
        self, request: Request, body: Iterable[bytes], start_response: Callable[..., Any], report: Report
    ) -> None:
        self._request = request
        self._body = body
        self._start_response = start_response
        self._report = report
        self._iterator: Any = None

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            if self._iterator is None:
                self._iterator = iter(self._body)
            chunk: bytes = next(self._iterator)
        except StopIteration:
            raise
        except BaseException as error:
            self._request.failed = True
            if not is_quit(error):
                self._report(error)
                leave_to_others(error)
                raise
            # Raises again where the headers are gone already: then the client sees a broken response, not a whole one.
            self._request.was_quit = True
            self._start_response("500 Internal Server Error", _QUIT_HEADERS, sys.exc_info())
            self._request.failed = False
            rest: List[bytes] = []
            self._iterator = iter(rest)
            chunk = _QUIT_BODY
        if isinstance(chunk, bytes):
            self._request.sent(chunk)
        return chunk

    def close(self) -> None:
        try:
            _close(self._body, self._report)
        except BaseException as error:
            leave_to_others(error)
            raise
        finally:
            self._request.end()
