"""Redirects from one host of a configuration to another: here they lead to where that one is reached here, and not to
the site that is deployed."""

import re
from typing import Dict, Sequence, Tuple

from .hosts import Door, Host, begins

WHY = "leads to the host as it is reached here"
_REDIRECTS = ("redirect", "redirectmatch", "redirectpermanent", "redirecttemp", "rewriterule")
_NAMED = re.compile(r"(https?)://([A-Za-z0-9.-]+|%\{(?:SERVER_NAME|HTTP_HOST)\})(?::\d+)?(?=[/$%?\"'\s]|$)", re.I)


def led_here(key: str, args: str, doors: Sequence[Tuple[Host, Door, str]]) -> str:
    """The arguments of a directive, with the URLs of hosts that are here."""
    if key not in _REDIRECTS or "://" not in args:
        return args
    here: Dict[Tuple[str, str], str] = {}
    ports: Dict[str, str] = {}
    for (host, door, _), begin in zip(doors, begins(doors)):
        scheme = door.url.partition(":")[0]
        ports.setdefault(scheme, re.sub(r".*?(:\d+)?/$", r"\1", door.url))
        for name in host.names:
            here.setdefault((scheme, name.lower()), begin.rstrip("/"))

    def led(found: "re.Match[str]") -> str:
        scheme, name = found.group(1).lower(), found.group(2)
        if name.startswith("%"):
            # Whatever name was asked for, at the other port.
            return f"{scheme}://%{{SERVER_NAME}}{ports[scheme]}" if scheme in ports else found.group()
        return here.get((scheme, name.lower()), found.group())

    return _NAMED.sub(led, args)
