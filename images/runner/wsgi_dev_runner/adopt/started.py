"""Serve mode: the interpreter that each script is loaded in, where it is known before a request, so that a script
which can't be loaded is told at the start."""

import os
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from ..httpd_conf import ENTRY
from .dump import Directive
from .groups import GLOBAL, Alias, Placed, group_of, in_effect
from .words import quoted, split

WHY = "loaded at the start, in the interpreter that it has on a server"
_OF_ITS_OWN = "%{RESOURCE}"


class Interpreter(NamedTuple):
    """Of a daemon process group or of Apache's own processes: `group` is "%{GLOBAL}" then, `name` for the main one."""

    group: str
    name: str

    def plain(self) -> List[str]:
        """As mod_wsgi itself calls it inside."""
        return ["" if one == GLOBAL else one for one in self]


class Loaded(NamedTuple):
    """What is loaded at the start."""

    #: Each script with its interpreter.
    scripts: List[Tuple[str, Interpreter]]
    #: Those that URLs lead to.
    serving: List[str]
    #: The name of the interpreter of an alias that names none, by the id of its directive.
    named: Dict[int, str]

    def interpreters(self, group: Optional[str] = None) -> List[Interpreter]:
        """Each once; of one group."""
        found = list(dict.fromkeys(one for _, one in self.scripts))
        return found if group is None else [one for one in found if one.group == group]

    def plain(self) -> List[Dict[str, Any]]:
        """As JSON has it."""
        return [
            {"path": path, "interpreter": one.plain(), "callables": [], "serves": path in self.serving}
            for path, one in self.scripts
        ]


def at_start(scripts: Sequence[Alias], lines: Sequence[Placed]) -> Loaded:
    """What can be loaded before a request has come."""
    restricted = any(
        one.directive.key == "wsgirestrictembedded" and one.directive.args.lower() == "on" for one in lines
    )
    found: Dict[Tuple[str, Interpreter], None] = {}
    named: Dict[int, str] = {}
    for one in scripts:
        interpreter = _interpreter(one, lines)
        if interpreter is None or not os.path.isfile(one.script) or (restricted and interpreter.group == GLOBAL):
            continue
        if _name(one, lines) == _OF_ITS_OWN:
            named[id(one.said.directive)] = interpreter.name
        found[one.script, interpreter] = None
    return Loaded(list(found), [one.script for one in scripts if one.url], named)


def with_name(args: str, name: str) -> str:
    """An alias's arguments with the interpreter's name."""
    return f"{args} application-group={quoted(name)}"


def tells(one: Interpreter) -> str:
    """The directive that has the scripts of an interpreter loaded, and tells how that ended."""
    return f"WSGIImportScript {ENTRY} process-group={quoted(one.group)} application-group={quoted(one.name)}"


def _interpreter(alias: Alias, lines: Sequence[Placed]) -> Optional[Interpreter]:
    group, name = group_of(alias, lines)[0] or GLOBAL, _name(alias, lines)
    if name == _OF_ITS_OWN and alias.said.directive.key == "wsgiscriptalias":
        name = _usual(alias, lines)
    if any(one.startswith("%{") and one != GLOBAL for one in (group, name)):
        # Chosen for each request.
        return None
    return Interpreter(group, name)


def _name(alias: Alias, lines: Sequence[Placed]) -> str:
    if "application-group" in alias.options:
        return alias.options["application-group"]
    found = in_effect("wsgiapplicationgroup", alias, lines)
    return ((split(found.directive.args) if found else []) or [_OF_ITS_OWN])[0]


def _usual(alias: Alias, lines: Sequence[Placed]) -> str:
    """What mod_wsgi calls it on the usual ports: HOST|PATH."""
    names = [one.directive for one in lines if one.directive.key == "servername"]
    own = [one for one in lines if one.directive.key == "servername" and one.host is alias.said.host]
    said: Sequence[Directive] = [one.directive for one in own] or names[:1]
    host = (split(said[0].args) or ["localhost"])[0] if said else "localhost"
    return f"{host.split('//')[-1].partition(':')[0]}|{alias.url.rstrip('/').lower()}"
