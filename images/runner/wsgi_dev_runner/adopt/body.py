"""The user's own directives as Apache gets them: changed, on the container's ports, with the names that reach them."""

from typing import List, Sequence, Tuple

from .dump import Directive
from .frame import tells_ready
from .groups import Alias, Placed
from .hosts import Door, Host, hosts, reached
from .redirects import WHY as LEADS
from .redirects import led_here
from .ruling import Here, in_container
from .said import Said
from .started import tells
from .words import split

#: Each line, with the directive that it comes from.
Body = List[Tuple[str, Directive]]


def doors_of(lines: Sequence[Placed], scripts: Sequence[Alias], here: Here) -> Sequence[Tuple[Host, Door, str]]:
    """Each host, where it is reached, and by which name."""
    about = here.settings.apache
    plain = Door(here.settings.listen, here.settings.url)
    tls = Door(about["tls_listen"], about["tls_url"]) if about.get("tls_listen") else None
    return reached(hosts(lines, scripts), plain, tls)


def has_tls(doors: Sequence[Tuple[Host, Door, str]], here: Here) -> bool:
    """Whether one is reached through TLS."""
    return any(door.listen == here.settings.apache.get("tls_listen") for _, door, _ in doors)


def body(
    directives: Sequence[Directive],
    lines: Sequence[Placed],
    doors: Sequence[Tuple[Host, Door, str]],
    here: Here,
    said: Said,
) -> Body:
    """The lines of `directives`; `lines` has each as its paths are here."""
    by_section = {id(host.section): (door, name) for host, door, name in doors}
    made: Body = []
    ready = False
    for before, (one, sections) in zip(directives, lines):
        margin = "    " * len(sections)
        after, why = in_container(one, here)
        led = led_here(one.key, after or "", doors)
        if after is not None and led != after:
            after, why = led, LEADS
        if one.key == "<virtualhost":
            door, name = by_section[id(one)]
            address = f"*:{door.listen.rpartition(':')[2]}"
            if one.args != address:
                after, why = address, "the container's port"
            made.append((margin + one._replace(args=address).text(), before))
            made.append((f"{margin}    ServerAlias {name}", before))
        elif after is not None:
            made.append((margin + one._replace(args=after).text(), before))
        if one.key == "wsgidaemonprocess" and not here.settings.debug:
            group = split(one.args)[0]
            entries = [tells(each) for each in here.started.interpreters(group)]
            if not here.started.scripts and not ready:
                entries = [tells_ready(group)]
            ready = True
            made += [(margin + entry, before) for entry in entries]
        if after is None or after != one.args:
            said.changed(before, None if after is None else one._replace(args=after).text(), why)
        elif one.args != before.args:
            said.changed(before, one.text(), "where the project is here")
    return made
