"""Runs a configuration once as it is, daemon processes and all, beside or behind debug mode's one process.

In a process of its own with a runtime directory of its own: `python3 -c … as_configured.main`.
"""

import http.client
import os
import re
import select
import shutil
import signal
import socket
import ssl
import time
from contextlib import contextmanager
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional
from urllib.parse import urlsplit

from ..apache import NOTES, Apache, prepare
from ..settings import RUNTIME_DIRECTORY, Settings
from .adoption import adopt
from .result import Adopted

_LOG = os.path.join(RUNTIME_DIRECTORY, "log")
#: Seconds for Apache to come up, and for each request: the application is loaded by the first one.
_SECONDS = 15.0
#: Responses are as good as none when they are longer.
_BYTES = 1 << 20
_PREFIX = re.compile(r"^(?:\[[^\]]*\] )*(?:mod_wsgi \(pid=\d+\): )?(?:\[remote [^\]]*\] )?")


class NotTried(Exception):
    """It could not be run as it is: why."""


class Running(NamedTuple):
    """One that serves, until the `with` ends."""

    adopted: Adopted
    ports: Mapping[str, int]

    def status(self, method: str, target: str, host: str, tls: bool, headers: Mapping[str, str]) -> int:
        """The status of a request, 0 where none comes."""
        port = self.ports["tls" if tls else "plain"]
        connection = (
            http.client.HTTPSConnection("127.0.0.1", port, timeout=_SECONDS, context=ssl._create_unverified_context())
            if tls
            else http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
        )
        try:
            connection.request(method, target, headers={**headers, "Host": host, "Connection": "close"})
            response = connection.getresponse()
            response.read(_BYTES)
            return response.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def load_all(self) -> None:
        """Make each script's own URL be asked for, which loads it."""
        for url in self.adopted.urls[:8]:
            parts = urlsplit(url)
            self.status("GET", parts.path or "/", parts.hostname or "localhost", parts.scheme == "https", {})


@contextmanager
def running(settings: Settings) -> Iterator[Running]:
    """Within it the configuration of `settings` runs as it is; NotTried or AdoptError where it can't."""
    shutil.rmtree(RUNTIME_DIRECTORY, ignore_errors=True)
    os.makedirs(RUNTIME_DIRECTORY, mode=0o700)
    ports = {"plain": _free_port(), "tls": _free_port()}
    mine = _elsewhere(settings, ports)
    adopted = adopt(mine)
    prepare(mine, False, False, adopted)
    os.mkfifo(NOTES, 0o600)
    notes = os.open(NOTES, os.O_RDWR | os.O_NONBLOCK)
    log = os.open(_LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    apache = Apache(mine, adopted.environment)
    try:
        _until_up(apache, notes)
        yield Running(adopted, ports)
    finally:
        apache.signal(signal.SIGKILL)
        os.close(notes)


def last_error() -> str:
    """The exception of the last traceback in its log: "ValueError: broken"; "" where there is none."""
    error, inside = "", False
    for line in _log_lines():
        if line.startswith("Traceback ("):
            inside = True
        elif inside and not line.startswith(" "):
            error, inside = line, False
    return error[:200]


def could_not_load(path: str) -> bool:
    """Whether its log says that the script at `path` can't be loaded."""
    said = [line for line in _log_lines() if f"'{path}'" in line]
    return any(re.search(r"Failed to \w+ Python script|does not contain|cannot be loaded", line) for line in said)


def _log_lines() -> List[str]:
    with open(_LOG, encoding="utf-8", errors="replace") as file:
        return [_PREFIX.sub("", line.rstrip("\n")) for line in file]


def _elsewhere(settings: Settings, ports: Mapping[str, int]) -> Settings:
    values: Dict[str, Any] = dict(settings.__dict__)
    about = dict(settings.apache)
    if about.get("tls_listen"):
        about.update(tls_listen=f"127.0.0.1:{ports['tls']}", tls_url=f"https://127.0.0.1:{ports['tls']}/")
    listen = f"127.0.0.1:{ports['plain']}"
    values.update(mode="serve", listen=listen, url=f"http://{listen}/", apache=about, debugger="pdb")
    return Settings(**values)


def _until_up(apache: Apache, notes: int) -> None:
    deadline = time.monotonic() + _SECONDS
    while not select.select([notes], [], [], 0.1)[0]:
        if apache.reap() is not None:
            raise NotTried(_last_words() or "Apache doesn't start")
        if time.monotonic() > deadline:
            raise NotTried(f"Apache has not started within {_SECONDS:g} seconds")


def _last_words() -> str:
    lines = [line for line in _log_lines() if line.strip()]
    return lines[-1][:200] if lines else ""


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def given(value: Optional[str]) -> str:
    """Behind a colon, where there is something to say."""
    return f": {value}" if value else ""
