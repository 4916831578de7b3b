"""A configuration of the user's own, made fit for one container: read by Apache, changed by tables, checked by Apache.

Nothing of the user's is written to. Each change is kept with its place, for whoever wants to know.
"""

import os
from typing import Dict, List, NamedTuple, Optional, Sequence

from ..settings import Settings
from . import certificates
from .asking import ask, check
from .body import body, doors_of, has_tls
from .differs import differs
from .dump import Directive
from .effects import ONE_OF, UnknownGroup, as_said, effects, groups_of
from .files import DEBIAN, Copied, Files, FilesError, copy, find
from .frame import frame, tells_ready
from .groups import GLOBAL, Alias, Group, Placed, aliases, groups, guards, placed
from .hosts import urls
from .local import gateway
from .locales import VARIABLES, missing, variables
from .needed import needed
from .paths import Paths
from .result import Adopted, AdoptError
from .ruling import Here
from .said import Said
from .scripts import check_scripts, loaded, refused
from .started import Loaded, at_start, tells


class _Read(NamedTuple):
    """What Apache has read, with the deployment's paths as they are here."""

    files: Files
    copied: Copied
    paths: Paths
    #: As they are written.
    directives: List[Directive]
    #: As their paths are here.
    lines: List[Placed]
    modules: List[str]
    scripts: List[Alias]
    declared: Dict[str, Group]

    @property
    def mapped(self) -> List[Directive]:
        return [one.directive for one in self.lines]


def adopt(settings: Settings) -> Adopted:
    """Read, change and check the configuration that `settings.apache` names."""
    said = Said(settings.apache["path"], settings.apache["shown"])
    # For a server without wsgi-dev: what lies there isn't here, and has its own paths.
    by_hand: bool = settings.apache.get("by_hand", False)
    read = _read(settings, said, by_hand)
    try:
        used = groups_of(read.scripts, read.lines, read.declared)
    except UnknownGroup as error:
        raise _unknown_group(said, error, sorted(read.declared)) from None
    return _for_elsewhere(settings, said, read, used) if by_hand else _for_here(settings, said, read, used)


def _read(settings: Settings, said: Said, by_hand: bool) -> _Read:
    about = settings.apache
    paths = Paths(about.get("paths") or {}, settings.root)
    try:
        files = find(said.path)
        copied = copy(files, paths, settings.debug)
    except FilesError as error:
        raise AdoptError(said.shown, str(error)) from None
    said.copies = copied.places
    if files.whole and copied.server_root and not by_hand:
        paths = Paths({copied.server_root: files.top, **(about.get("paths") or {})}, settings.root)
    directives, modules = ask(settings, said, files, copied)
    if not by_hand:
        written = placed(directives)
        for one in [*aliases(written), *guards(written)]:
            paths.learn(one.script)
    # On a server everything lies as it is written: server.paths only says which files to read.
    mapped = directives if by_hand else [one._replace(args=paths.map(one.args)) for one in directives]
    lines = placed(mapped)
    declared = groups([one.directive for one in lines])
    return _Read(files, copied, paths, directives, lines, modules, aliases(lines), declared)


def _for_here(settings: Settings, said: Said, read: _Read, used: Sequence[Optional[Group]]) -> Adopted:
    scripts = [*read.scripts, *guards(read.lines)]
    check_scripts(scripts, settings.root, said)
    # In serve mode mod_wsgi sets them itself.
    carried = effects(used if settings.debug else [], read.lines, settings.root, settings.python_home)
    said.notes += carried.notes if settings.debug else missing(group.options for group in read.declared.values())
    for deployed, place in read.paths.found.items():
        shown = os.path.relpath(place, settings.root)
        said.notes.append(f"{deployed} is taken for {shown} of the project (server.paths)")
    files = read.files
    without = certificates.missing(read.lines, files.top if files.whole else DEBIAN)
    here = Here(settings, gateway(), without, Loaded([], [], {}) if settings.debug else at_start(scripts, read.lines))
    modules = needed(read.mapped, read.modules, here, said)
    doors = doors_of(read.lines, read.scripts, here)
    made = body(read.directives, read.lines, doors, here, said)
    if without:
        certificates.make(name for host, _, _ in doors for name in host.names if "*" not in name)
    granted = read.paths.granted()
    granted += [] if files.whole else refused(read.scripts, read.lines, granted, said)
    names = [one.key for one in read.mapped]
    more = [] if settings.debug else _embedded(here.started, not read.declared)
    text, origins = frame(settings, files, modules, made, has_tls(doors, here), names, more, granted)
    check(settings, said, text, origins)
    # Nobody is at a prompt in serve mode.
    passing = {} if settings.debug or "PYTHONBREAKPOINT" in os.environ else {"PYTHONBREAKPOINT": "0"}
    environment = {**_envvars(read.copied, said), **carried.environment, **passing}
    first = loaded(read.scripts, read.lines) if settings.debug else here.started.plain()
    found = urls(doors) or [settings.url]
    changed = differs(read.scripts, used, read.lines, said)
    # Debug mode has said it; serve mode, which compares, has not.
    effect = carried if settings.debug else effects(used, read.lines, settings.root, settings.python_home)
    changed += [note for note in effect.notes if note.startswith(ONE_OF)]
    made_of = read.copied.included
    return Adopted(text, said.changes, said.notes, found, first, carried.plain(), environment, changed, made_of)


def _embedded(started: Loaded, alone: bool) -> List[str]:
    """Serve mode: what Apache's own processes load; where nothing is loaded anywhere and they are `alone`, that Apache
    is up."""
    entries = [tells(one) for one in started.interpreters(GLOBAL)]
    return entries or ([tells_ready(GLOBAL)] if alone else [])


def _envvars(copied: Copied, said: Said) -> Dict[str, str]:
    """The variables of the envvars file. Debian's own LANG=C is for Apache, and would make stdout ASCII."""
    others = {name: value for name, value in copied.variables.items() if name not in VARIABLES.values()}
    locales = {name: copied.variables.get(variable, "") for name, variable in VARIABLES.items()}
    return {**others, **variables(locales, said.notes)}


def _for_elsewhere(settings: Settings, said: Said, read: _Read, used: Sequence[Optional[Group]]) -> Adopted:
    carried = as_said(used, read.lines)
    here = Here(settings, None, set())
    modules = needed(read.mapped, read.modules, here, said)
    doors = doors_of(read.lines, read.scripts, here)
    made = body(read.mapped, read.lines, doors, here, said)
    names = [one.key for one in read.mapped]
    files = read.files._replace(top=read.copied.server_root or DEBIAN)
    text, _ = frame(settings, files, modules, made, has_tls(doors, here), names, [], [])
    environment = {**carried.environment, **({"mod-wsgi": read.copied.wsgi} if read.copied.wsgi else {})}
    return Adopted(text, said.changes, said.notes, urls(doors), [], carried.plain(), environment, [])


def _unknown_group(said: Said, error: UnknownGroup, known: List[str]) -> AdoptError:
    there = f"declared are {', '.join(known)}" if known else "no WSGIDaemonProcess is there"
    return said.error(error.said, f"the daemon process group {error.name} is not declared; {there}")
