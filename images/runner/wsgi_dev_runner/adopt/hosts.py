"""Virtual hosts: which port each gets here, and by which URL it is reached."""

import re
from typing import Dict, List, NamedTuple, Optional, Sequence, Set, Tuple

from .dump import Directive
from .groups import Alias, Placed
from .words import split

_NAME = re.compile(r"[A-Za-z0-9*](?:[A-Za-z0-9.*-]*[A-Za-z0-9])?$")


class Host(NamedTuple):
    """One virtual host; `section` is None for the server itself."""

    section: Optional[Directive]
    names: Tuple[str, ...]
    port: str
    tls: bool
    #: Scripts that its URLs lead to.
    aliases: Tuple[Alias, ...]


class Door(NamedTuple):
    """How a host is reached from outside: an address of Apache's, and what a person's URL begins with."""

    listen: str
    url: str


def hosts(lines: Sequence[Placed], aliases: Sequence[Alias]) -> List[Host]:
    """The hosts in their order; the server itself where it has scripts or is the only one."""
    sections = [one.directive for one in lines if one.directive.key == "<virtualhost"]
    found = [_host(section, lines, aliases) for section in sections]
    own = _host(None, lines, aliases)
    return found if found and not own.aliases else [own, *found]


def _host(section: Optional[Directive], lines: Sequence[Placed], aliases: Sequence[Alias]) -> Host:
    names: List[str] = []
    address = (split(section.args) or [""])[0] if section else ""
    tls = False
    for one in lines:
        # By identity: two hosts may say the same.
        if one.host is not section or one.directive is section:
            continue
        words = split(one.directive.args)
        if one.directive.key in ("servername", "serveralias"):
            names += [word.split("//")[-1].partition(":")[0] for word in words]
        elif one.directive.key == "sslengine" and words:
            tls = words[0].lower() != "off"
    port = address.rpartition(":")[2] if ":" in address else ""
    own = tuple(one for one in aliases if one.said.host is section and one.url)
    return Host(section, tuple(name for name in names if _NAME.match(name)), port, tls, own)


def reached(found: Sequence[Host], plain: Door, tls: Optional[Door]) -> List[Tuple[Host, Door, str]]:
    """(host, its door, the name below .localhost that leads to it; "" where nothing else listens at that door)."""
    taken: Dict[Tuple[str, str], int] = {}
    result: List[Tuple[Host, Door, str]] = []
    # One with scripts has the name of its own before one that only redirects to it.
    for host in sorted(found, key=lambda one: not one.aliases):
        door = tls if host.tls and tls else plain
        name = next((one for one in host.names if "*" not in one), "")
        label = name or (f"port-{host.port}" if host.port.isdigit() else "default")
        if (door.listen, label) in taken:
            label = f"port-{host.port or 'any'}.{label}"
        while (door.listen, label) in taken:
            label = f"x.{label}"
        taken[door.listen, label] = 1
        result.append((host, door, label if label.endswith("localhost") else f"{label}.localhost"))
    return sorted(result, key=lambda one: found.index(one[0]))


def begins(doors: Sequence[Tuple[Host, Door, str]]) -> List[str]:
    """What the URLs of each host begin with: the first one at a door answers by any name."""
    met: Set[str] = set()
    found: List[str] = []
    for _, door, name in doors:
        begin = door.url
        if door.listen in met:
            begin = re.sub(r"//[^:/]+|//\[[^\]]*\]", f"//{name}", door.url, count=1)
        met.add(door.listen)
        found.append(begin)
    return found


def urls(doors: Sequence[Tuple[Host, Door, str]]) -> List[str]:
    """Where the scripts are reached, the first one first."""
    result: List[str] = []
    for (host, _, _), begin in zip(doors, begins(doors)):
        for alias in host.aliases:
            path = alias.url if alias.url.startswith("/") else ""
            url = begin.rstrip("/") + (path if path.endswith("/") else path + "/")
            if url not in result:
                result.append(url)
    # What TLS protects comes behind: its certificate is no browser's friend.
    return sorted(result, key=lambda url: (url.startswith("https:"), url.count("/")))
