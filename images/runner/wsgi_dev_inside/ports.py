"""Where the server listens."""

from __future__ import annotations

import ipaddress
import socket
from typing import Callable, Optional, Tuple

from .fault import USAGE, Fault

_DEFAULT, _TRIED = 8000, 100


def parse_port(text: str) -> Tuple[str, int]:
    """(address, port) of "[HOST:]PORT"."""
    host, _, port = text.rpartition(":")
    host = host.strip("[]") or "127.0.0.1"
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
        number = int(port)
    except ValueError:
        raise Fault(f"--port {text}: expected [HOST:]PORT", "Such as --port 8080 or 0.0.0.0:8080.", USAGE) from None
    if not 0 <= number <= 65535:
        raise Fault(f"--port {text}: a port is a number from 0 to 65535", code=USAGE)
    return str(address), number


def free_place(
    asked: Optional[str], debug: bool, allow_remote: bool, say: Callable[[str], None], default: int = _DEFAULT
) -> Tuple[str, int]:
    """Where to listen: as asked, or on the loopback on the default port or the next that is free; 0: any."""
    host, port = parse_port(asked) if asked else ("127.0.0.1", default)
    if debug and not ipaddress.ip_address(host).is_loopback and not allow_remote:
        raise Fault(
            f"--port {asked}: with --debug others could reach the application",
            "An editor forwards ports of the loopback. Where appPort publishes it, --allow-remote-debug permits this.",
            USAGE,
        )
    last = port if asked else port + _TRIED
    for candidate in range(port, last + 1):
        bound = _bind(host, candidate)
        if bound is not None:
            if bound != port and port != 0:
                say(f"Port {port} is busy: using {bound}")
            return host, bound
    raise Fault(f"Port {port} of {host} is busy or can't be bound", "Choose another with --port; 0 picks a free one.")


def shown(host: str, port: int) -> str:
    """ADDRESS:PORT."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def url_of(host: str, port: int) -> str:
    """The URL for a person."""
    anywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}
    return f"http://{shown(anywhere.get(host, host), port)}/"


def _bind(host: str, port: int) -> Optional[int]:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
        except OSError:
            return None
        number: int = one.getsockname()[1]
        return number
