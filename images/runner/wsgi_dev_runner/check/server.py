"""An Apache of a pass: started, asked, ended."""

import os
import socket
import subprocess
import time
from types import MappingProxyType
from typing import Dict, Mapping, NamedTuple, Optional

from .order import Asked
from .processes import end_group

_APACHE = "/usr/sbin/apache2"
#: Seconds for Apache itself to listen, and to end.
_START, _END = 20.0, 3.0
_NO_MORE: Mapping[str, str] = MappingProxyType({})


class Response(NamedTuple):
    """The bytes that came until Apache closed the connection; None: that took too long."""

    data: Optional[bytes]

    @property
    def status(self) -> int:
        """0 where there is none."""
        parts = (self.data or b"").split(b" ", 2)
        return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0

    @property
    def names(self) -> "set[str]":
        """Those of its headers, in small letters."""
        head = (self.data or b"").partition(b"\r\n\r\n")[0].decode("latin-1")
        return {line.partition(":")[0].lower() for line in head.split("\r\n")[1:]}

    @property
    def body(self) -> bytes:
        return (self.data or b"").partition(b"\r\n\r\n")[2]


def free_port() -> int:
    """A port on the loopback that is free right now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Server:
    """Within a `with`: Apache listens at `port` of the loopback. OSError: it doesn't start."""

    def __init__(self, directory: str, port: int, conf: str, environment: Dict[str, str]) -> None:
        self._directory = directory
        self._port = port
        self._environment = environment
        with open(os.path.join(directory, "httpd.conf"), "w", encoding="utf-8") as file:
            file.write(conf)

    def __enter__(self) -> "Server":
        command = [_APACHE, "-f", os.path.join(self._directory, "httpd.conf"), "-DFOREGROUND"]
        with open(os.path.join(self._directory, "output.txt"), "wb") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self._environment,
                start_new_session=True,
            )
        try:
            self._until_it_listens()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(_END)
        except subprocess.TimeoutExpired:
            pass
        end_group(self._process.pid)
        self._process.wait()

    def ask(self, mount: str, request: Asked, seconds: float, more: Mapping[str, str] = _NO_MORE) -> Response:
        """One request on a connection of its own, with `more` headers."""
        deadline = time.monotonic() + seconds
        data = b""
        with socket.create_connection(("127.0.0.1", self._port), seconds) as connection:
            # HTTP/1.0: the body comes as it is, without chunks.
            connection.sendall(on_the_wire(mount, request, more))
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    return Response(None)
                connection.settimeout(left)
                try:
                    chunk = connection.recv(65536)
                except socket.timeout:
                    return Response(None)
                except ConnectionError:
                    return Response(data)
                if not chunk:
                    return Response(data)
                data += chunk

    def _until_it_listens(self) -> None:
        deadline = time.monotonic() + _START
        while True:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise OSError(f"Apache doesn't start: {self._said()}")
            try:
                socket.create_connection(("127.0.0.1", self._port), 1).close()
                return
            except OSError:
                # It tells nobody when it is there.
                time.sleep(0.02)

    def _said(self) -> str:
        texts = []
        for name in ("output.txt", "error.log"):
            try:
                with open(os.path.join(self._directory, name), encoding="utf-8", errors="replace") as file:
                    texts.append(" ".join(file.read().split()))
            except FileNotFoundError:
                continue
        return " ".join(filter(None, texts))[-300:]


def on_the_wire(mount: str, request: Asked, more: Mapping[str, str]) -> bytes:
    """The bytes of a request."""
    length = {"Content-Length": str(len(request.data))} if request.data or request.method in ("POST", "PUT") else {}
    headers = {"Host": "localhost", "Accept": "*/*", **request.headers, **length, **more}
    lines = [
        f"{request.method} {mount}{request.path} HTTP/1.0",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + request.data
