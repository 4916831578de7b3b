"""What one process does to the scripts of a configuration, beyond what is carried over: why one may fail only there."""

from typing import Dict, List, Optional, Sequence, Tuple

from .groups import GLOBAL, Alias, Group, Placed, in_effect
from .said import Said
from .words import split

#: mod_wsgi's own.
_THREADS = "15"
_OWN = "Apache's own processes"


def differs(
    scripts: Sequence[Alias], used: Sequence[Optional[Group]], lines: Sequence[Placed], said: Said
) -> List[str]:
    """A line for each, with its place; `used` has the group of each of the scripts."""
    groups = list({group.name if group else "": group for group in used}.values())
    return [
        *(line for group in groups if group is not None for line in _of(group, said)),
        *([f"{_OWN} are several, with an interpreter in each"] if None in groups else []),
        *_apart(scripts, used),
        *_interpreters(scripts, used, lines, said),
    ]


def _of(group: Group, said: Said) -> List[str]:
    place, options = said.place(group.said), group.options
    threads = options.get("threads", _THREADS)
    found = []
    if "processes" in options:
        words = f"{options['processes']} processes with variables of their own, wsgi.multiprocess is True"
        found.append(f"{group.name} is {words} ({place})")
    if threads != "1":
        found.append(f"{group.name} runs {threads} requests at a time, wsgi.multithread is True ({place})")
    return found


def _apart(scripts: Sequence[Alias], used: Sequence[Optional[Group]]) -> List[str]:
    names = {script.script: group.name if group else _OWN for script, group in zip(scripts, used)}
    if len(set(names.values())) < 2:
        return []
    apart = ", ".join(f"{script} in {name}" for script, name in names.items())
    return [f"scripts have processes of their own: {apart}"]


def _interpreters(
    scripts: Sequence[Alias], used: Sequence[Optional[Group]], lines: Sequence[Placed], said: Said
) -> List[str]:
    """Those that share the main interpreter here and don't there."""
    found: Dict[Tuple[str, str], List[str]] = {}
    place = ""
    for script, group in zip(scripts, used):
        name, at = _interpreter(script, lines, said)
        place = place or at
        own = script.script if name in ("%{RESOURCE}", "%{SERVER}", "%{HOST}") else name
        found.setdefault((group.name if group else "", own), []).append(script.script)
    others = [name for _, name in found if name != GLOBAL]
    if not others:
        return []
    if len(found) == 1:
        return [f"it runs in an interpreter beside the main one ({place or 'WSGIApplicationGroup is not said'})"]
    return [f"each script has an interpreter of its own ({place or 'WSGIApplicationGroup is not said'})"]


def _interpreter(script: Alias, lines: Sequence[Placed], said: Said) -> Tuple[str, str]:
    if "application-group" in script.options:
        return script.options["application-group"], said.place(script.said.directive)
    told = in_effect("wsgiapplicationgroup", script, lines)
    if told is None:
        return "%{RESOURCE}", ""
    return (split(told.directive.args) or ["%{RESOURCE}"])[0], said.place(told.directive)
