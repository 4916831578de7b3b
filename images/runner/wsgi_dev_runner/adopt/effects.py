"""What a daemon process would set for the application, and debug mode's one process sets instead."""

import os
import pwd
import sys
from typing import Any, Dict, List, NamedTuple, Optional, Sequence

from .dump import Directive
from .groups import GLOBAL, Alias, Group, Placed, group_of, groups_below
from .locales import VARIABLES, is_utf8, variables
from .words import split

#: Begins a note of what differs between groups.
ONE_OF = "one process has one"


class UnknownGroup(Exception):
    """A script is to run in a group that no WSGIDaemonProcess declares."""

    def __init__(self, name: str, said: Directive) -> None:
        super().__init__(name)
        self.name = name
        self.said = said


class Effects(NamedTuple):
    """For the one process; `notes` are for a person."""

    #: Directories for sys.path, each with the .pth files in it, before all others.
    python_path: List[str]
    cwd: Optional[str]
    umask: Optional[int]
    environment: Dict[str, str]
    notes: List[str]

    def plain(self) -> Dict[str, Any]:
        """As JSON has it."""
        locale = self.environment.get("LC_ALL")
        return {"python_path": self.python_path, "cwd": self.cwd, "umask": self.umask, "locale": locale}


def groups_of(aliases: Sequence[Alias], lines: Sequence[Placed], declared: Dict[str, Group]) -> List[Optional[Group]]:
    """The group of each script, then those of locations below them; None: Apache's own processes."""
    own = [group_of(alias, lines) for alias in aliases]
    below = [one for alias in aliases for one in groups_below(alias, lines)]
    return [_declared(name, said, declared) for name, said in [*own, *below]]


def _declared(name: str, said: Optional[Directive], declared: Dict[str, Group]) -> Optional[Group]:
    if said is None or name in (GLOBAL, ""):
        return None
    if name.startswith("%{"):
        # Chosen for each request: where there is one group, it is that.
        return next(iter(declared.values())) if len(declared) == 1 else None
    if name not in declared:
        raise UnknownGroup(name, said)
    return declared[name]


def effects(used: Sequence[Optional[Group]], lines: Sequence[Placed], root: str, python_home: str) -> Effects:
    """What the groups in `used` set, the first one's where one process can have only one. `root`: the project;
    `python_home`: where its requirements are."""
    own = list({group.name: group for group in used if group is not None}.values())
    notes: List[str] = []
    python_path: List[str] = []
    server = {one.directive.key: (split(one.directive.args) or [""])[0] for one in lines if not one.sections}
    homes = [group.options.get("python-home") for group in own] or [server.get("wsgipythonhome")]
    for home in dict.fromkeys(home for home in homes if home):
        python_path += _packages(home, python_home, notes)
    search = [group.options.get("python-path") for group in own] or [server.get("wsgipythonpath")]
    for path in [one for text in search if text for one in text.split(":") if one]:
        _add(python_path, path, notes)
    for name in ("home", "umask", "user", "lang", "locale"):
        values = sorted({group.options[name] for group in own if name in group.options})
        if len(values) > 1:
            notes.append(f"{ONE_OF} {name}: of {', '.join(values)} it is {_first(own, name)}")
    environment = _environment(own, notes)
    cwd = _directory(own, root, environment, notes)
    umask = _first(own, "umask")
    sets = [
        *([f"sys.path {' '.join(python_path)}"] if python_path else []),
        *([f"umask {umask}"] if umask else []),
        *([f"directory {cwd}"] if cwd else []),
        *(f"{name}={value}" for name, value in environment.items()),
    ]
    if own and sets:
        notes.insert(0, f"carried over from {', '.join(group.name for group in own)}: {', '.join(sets)}")
    return Effects(python_path, cwd, int(umask, 8) if umask else None, environment, notes)


def as_said(used: Sequence[Optional[Group]], lines: Sequence[Placed]) -> Effects:
    """The same where all of it is there: as the configuration has it."""
    own = list({group.name: group for group in used if group is not None}.values())
    server = {one.directive.key: (split(one.directive.args) or [""])[0] for one in lines if not one.sections}
    paths = [group.options.get("python-path", "") for group in own] or [server.get("wsgipythonpath", "")]
    umask = _first(own, "umask")
    environment = {
        variable: value
        for name, variable in {**VARIABLES, "python-eggs": "PYTHON_EGG_CACHE"}.items()
        for value in [_first(own, name)]
        # The prompt speaks UTF-8.
        if value and (name not in VARIABLES or is_utf8(value))
    }
    home = _first(own, "python-home") or server.get("wsgipythonhome")
    user = _first(own, "user") or server.get("user")
    # No names of variables: what the script that is made of it needs to know besides.
    environment.update({"python-home": home} if home else {})
    environment.update({"run-user": user} if user and "$" not in user else {})
    found = [path for text in paths for path in text.split(":") if path]
    return Effects(found, _first(own, "home"), int(umask, 8) if umask else None, environment, [])


def _first(own: Sequence[Group], name: str) -> Optional[str]:
    return next((group.options[name] for group in own if name in group.options), None)


def _packages(home: str, own: str, notes: List[str]) -> List[str]:
    """The packages of a virtual environment: its own where it fits this Python, else the project's requirements."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    found = os.path.join(home, "lib", version, "site-packages")
    if home != own and os.path.isdir(found):
        return [found]
    if home not in (own, "/usr", "/usr/local"):
        notes.append(f"python-home {home} is not here for {version}: the packages are those of requirements.txt")
    return []


def _add(python_path: List[str], path: str, notes: List[str]) -> None:
    if os.path.isdir(path):
        python_path.append(path)
    elif "site-packages" in path:
        notes.append(f"python-path {path} is not here: the packages are those of requirements.txt")
    else:
        notes.append(f"python-path {path} is not here: server.paths says where it is")


def _environment(own: Sequence[Group], notes: List[str]) -> Dict[str, str]:
    environment: Dict[str, str] = {}
    user = _first(own, "user")
    if user:
        try:
            environment["HOME"] = (pwd.getpwuid(int(user[1:])) if user[:1] == "#" else pwd.getpwnam(user)).pw_dir
        except (KeyError, ValueError):
            pass
    environment.update(variables({name: _first(own, name) or "" for name in VARIABLES}, notes))
    eggs = _first(own, "python-eggs")
    if eggs:
        environment["PYTHON_EGG_CACHE"] = eggs
    return environment


def _directory(own: Sequence[Group], root: str, environment: Dict[str, str], notes: List[str]) -> Optional[str]:
    home = _first(own, "home")
    if home is not None:
        if os.access(home, os.X_OK):
            return home
        notes.append(f"home={home} is not here: the directory is {root}")
        return None
    run_home = environment.get("HOME")
    return run_home if own and run_home and os.access(run_home, os.X_OK) else None
