"""A configuration of the user's own, made fit for one container: read by Apache, changed by tables, checked by Apache.

Nothing of the user's is written to. Each change is kept with its place, for whoever wants to know.
"""

import os
import re
import subprocess
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Set, Tuple

from . import adopt_certificates as certificates
from .adopt_dump import Directive, read_dump
from .adopt_effects import UnknownGroup, as_said, effects, groups_of
from .adopt_files import COPY, DEBIAN, Copied, Files, FilesError, copy, find
from .adopt_groups import Alias, Group, Placed, aliases, groups, in_effect, placed
from .adopt_hosts import Door, Host, hosts, reached, urls
from .adopt_local import WHY, gateway, let_in
from .adopt_modules import STATIC, USUAL, exists, is_mpm, owners, package_for, path_of, short, with_needed
from .adopt_paths import Paths
from .adopt_rules import is_mpms, ruled
from .adopt_words import join, quoted, split
from .adopt_write import frame, tells_ready
from .httpd_conf import ENTRY
from .settings import RUNTIME_DIRECTORY, Settings

_APACHE = "/usr/sbin/apache2"
_ASKING = f"{RUNTIME_DIRECTORY}/asking.conf"
_DUMP = ["-t", "-D", "DUMP_CONFIG", "-D", "DUMP_MODULES"]
_ERROR = re.compile(r"(?:AH\d+: )?(?:\S*apache2: )?Syntax error on line (\d+) of ([^\n]+?):\s*\n?(.*)", re.S)
_UNDEFINED = re.compile(r"AH00111: Config variable \$\{([^}]+)\} is not defined")
#: Apache reads a configuration in milliseconds; one that is built to take forever is none.
_SECONDS = 20


class AdoptError(Exception):
    """The configuration can't be run: `place` is FILE:LINE or FILE, `excerpt` the line with a caret."""

    def __init__(self, place: str, message: str, excerpt: str = "") -> None:
        super().__init__(f"{place}: {message}")
        self.excerpt = excerpt


class Change(NamedTuple):
    """One directive that runs otherwise than it is written; `after` is None where it is left out."""

    file: str
    line: int
    before: str
    after: Optional[str]
    why: str


class Adopted(NamedTuple):
    """What Apache runs instead."""

    configuration: str
    changes: List[Change]
    notes: List[str]
    urls: List[str]
    #: Scripts that are loaded at start: their path, and the names that Apache calls in them.
    scripts: List[Dict[str, Any]]
    effects: Dict[str, Any]
    environment: Dict[str, str]


def adopt(settings: Settings) -> Adopted:
    """Read, change and check the configuration that `settings.apache` names."""
    return _Adoption(settings).adopt()


class _Adoption:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        about = settings.apache
        self.path: str = about["path"]
        self.shown: str = about["shown"]
        #: For a server without wsgi-dev: what lies there isn't here, and has its own paths.
        self.by_hand: bool = about.get("by_hand", False)
        self.paths = Paths(about.get("paths") or {}, settings.root)
        self.changes: List[Change] = []
        self.notes: List[str] = []
        self.copied: Optional[Copied] = None
        #: On a server that is reached as it is deployed nobody is let in who wasn't.
        self.gateway = None if self.by_hand else gateway()
        #: Directives that name a file of TLS that isn't here, by their id.
        self.without: Set[int] = set()

    def adopt(self) -> Adopted:
        try:
            files = find(self.path)
            copied = self.copied = copy(files, self.paths, self.settings.debug)
        except FilesError as error:
            raise AdoptError(self.shown, str(error)) from None
        if files.whole and copied.server_root and not self.by_hand:
            self.paths = Paths(
                {copied.server_root: files.top, **(self.settings.apache.get("paths") or {})}, self.settings.root
            )
        directives, modules = self._ask(files, copied)
        scripts = aliases(placed(directives))
        for one in scripts if not self.by_hand else []:
            self.paths.learn(one.script)
        mapped = [one._replace(args=self.paths.map(one.args)) for one in directives]
        lines = placed(mapped)
        scripts = aliases(lines)
        declared = groups(mapped)
        try:
            used = groups_of(scripts, lines, declared)
        except UnknownGroup as error:
            raise self._unknown_group(error, sorted(declared)) from None
        if self.by_hand:
            return self._by_hand(mapped, lines, scripts, groups_of(scripts, lines, declared), files, modules, copied)
        self._check_scripts(scripts)
        # In serve mode mod_wsgi sets them itself.
        carried = effects(used if self.settings.debug else [], lines, self.paths, self.settings.python_home)
        self.notes += carried.notes if self.settings.debug else []
        for deployed, here in self.paths.found.items():
            self.notes.append(f"{deployed} is taken for {self._project(here)} of the project (server.paths)")
        self.without = certificates.missing(lines, files.top if files.whole else DEBIAN)
        needed = self._modules(files, mapped, modules, copied)
        body, doors = self._body(directives, mapped, lines, scripts)
        found = urls(doors) or [self.settings.url]
        tls = any(door.listen == self.settings.apache.get("tls_listen") for _, door, _ in doors)
        if self.without:
            certificates.make(name for host, _, _ in doors for name in host.names if "*" not in name)
        granted = self.paths.granted() + ([] if files.whole else self._grant(scripts, lines))
        text, origins = frame(
            self.settings, files, needed, body, tls, [one.key for one in mapped], list(declared), granted
        )
        self._check(text, origins)
        # Nobody is at a prompt in serve mode.
        passing = {} if self.settings.debug or "PYTHONBREAKPOINT" in os.environ else {"PYTHONBREAKPOINT": "0"}
        environment = {**copied.variables, **carried.environment, **passing}
        return Adopted(
            text, self.changes, self.notes, found, self._loaded(scripts, mapped), carried.plain(), environment
        )

    def _by_hand(
        self,
        directives: Sequence[Directive],
        lines: Sequence[Placed],
        scripts: Sequence[Alias],
        used: Sequence[Optional[Group]],
        files: Files,
        modules: Sequence[str],
        copied: Copied,
    ) -> Adopted:
        carried = as_said(used, lines)
        needed = self._modules(files, directives, modules, copied)
        body, doors = self._body(directives, directives, lines, scripts)
        tls = any(door.listen == self.settings.apache.get("tls_listen") for _, door, _ in doors)
        names = [one.key for one in directives]
        text, _ = frame(self.settings, files, needed, body, tls, names, [], [])
        return Adopted(text, self.changes, self.notes, urls(doors), [], carried.plain(), carried.environment)

    # -- asking Apache

    def _ask(self, files: Files, copied: Copied) -> Tuple[List[Directive], List[str]]:
        wanted = [*USUAL, *copied.asked] if not files.whole else ["env"]
        mpm = ["mpm_prefork"] if self.settings.debug else self._mpm(copied)
        modules = [one for one in dict.fromkeys(wanted) if exists(one) and not is_mpm(one) and one not in STATIC]
        lines = [
            f"LoadModule {one}_module {path_of(one)}" for one in with_needed([*mpm, "env", *modules, "info", "macro"])
        ]
        lines += [
            f"ServerRoot {quoted(COPY if files.whole else DEBIAN)}",
            "ServerName localhost",
            "ErrorLog /dev/stderr",
        ]
        lines += [f"DefaultRuntimeDir {RUNTIME_DIRECTORY}", *(f"Include {quoted(one)}" for one in copied.first)]
        with open(_ASKING, "w", encoding="latin-1") as file:
            file.write("\n".join(lines) + "\n")
        mode = ["-D", "ONE_PROCESS", "-D", "DEBUG"] if self.settings.debug else ["-D", "FOREGROUND"]
        defines = [word for name in copied.defines for word in ("-D", name)]
        output = self._run(["-f", _ASKING, *_DUMP, *mode, *defines], copied)
        directives, loaded = read_dump(output)
        helpers = {"info_module", "macro_module", *([] if not files.whole else ["env_module"])}
        return [one for one in directives if one.file != _ASKING], [one for one in loaded if one not in helpers]

    def _mpm(self, copied: Copied) -> List[str]:
        for path in copied.places:
            with open(path, encoding="latin-1") as file:
                if re.search(r"^LoadModule mpm_", file.read(), re.M):
                    return []
        return ["mpm_event"]

    def _run(self, arguments: List[str], copied: Optional[Copied]) -> str:
        variables = {name: "www-data" for name in ("APACHE_RUN_USER", "APACHE_RUN_GROUP")}
        places = {name: RUNTIME_DIRECTORY for name in ("APACHE_RUN_DIR", "APACHE_LOCK_DIR")}
        usual = {**variables, **places, "APACHE_LOG_DIR": "/var/log/apache2", "APACHE_PID_FILE": "httpd.pid"}
        environment = {**usual, **(copied.variables if copied else {}), **os.environ}
        try:
            done = subprocess.run([_APACHE, *arguments], env=environment, capture_output=True, timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            raise AdoptError(self.shown, f"Apache has not read it within {_SECONDS} seconds") from None
        complaint = done.stderr.decode("utf-8", "replace")
        for name in dict.fromkeys(_UNDEFINED.findall(complaint)):
            if copied is not None:
                self.notes.append(f"${{{name}}} is not defined: set it with `env:` or -e {name}=…")
        if done.returncode != 0:
            raise self._complaint(complaint)
        return done.stdout.decode("latin-1")

    def _complaint(self, text: str) -> AdoptError:
        """Apache's own message, at the user's file and line."""
        lines = [line for line in text.splitlines() if ":warn]" not in line and "AH00112" not in line]
        found = _ERROR.search("\n".join(lines))
        if found is None:
            return AdoptError(self.shown, re.sub(r"^AH\d+: ", "", lines[-1] if lines else "Apache refuses it").strip())
        # Of a file that is included the last place is the one.
        inner = _ERROR.search(found[3])
        while inner is not None:
            found, inner = inner, _ERROR.search(inner[3])
        return self._error(Directive("", "", found[2], int(found[1])), found[3].strip().split("\n")[0])

    def _check(self, text: str, origins: Dict[int, Directive]) -> None:
        path = f"{RUNTIME_DIRECTORY}/checked.conf"
        with open(path, "w", encoding="latin-1") as file:
            file.write(text)
        mode = ["-D", "ONE_PROCESS"] if self.settings.debug else []
        try:
            self._run(["-t", "-f", path, *mode], None)
        except AdoptError as error:
            found = re.match(rf"{re.escape(path)}:(\d+): (.*)", str(error), re.S)
            origin = origins.get(int(found[1])) if found else None
            if found is None or origin is None:
                raise
            # Of a section that isn't closed Apache names the place once more.
            raise self._error(origin, re.sub(rf"^{re.escape(path)}:\d+: ", "", found[2])) from None

    # -- what becomes of it

    def _body(
        self,
        directives: Sequence[Directive],
        mapped: Sequence[Directive],
        lines: Sequence[Placed],
        scripts: Sequence[Alias],
    ) -> Tuple[List[Tuple[str, Directive]], Sequence[Tuple[Host, Door, str]]]:
        about = self.settings.apache
        plain = Door(self.settings.listen, self.settings.url)
        tls = Door(about["tls_listen"], about["tls_url"]) if about.get("tls_listen") else None
        doors = reached(hosts(lines, scripts), plain, tls)
        by_section = {id(host.section): (door, name) for host, door, name in doors}
        body: List[Tuple[str, Directive]] = []
        ready = False
        for before, one, said in zip(directives, mapped, lines):
            margin = "    " * len(said.sections)
            after, why = self._ruled(one)
            if one.key == "<virtualhost":
                door, name = by_section[id(one)]
                address = f"*:{door.listen.rpartition(':')[2]}"
                if one.args != address:
                    after, why = address, "the container's port"
                body.append((margin + one._replace(args=address).text(), before))
                body.append((f"{margin}    ServerAlias {name}", before))
            elif after is not None:
                body.append((margin + one._replace(args=after).text(), before))
            if one.key == "wsgidaemonprocess" and not self.settings.debug and not ready:
                ready = True
                body.append((margin + tells_ready(split(one.args)[0]), before))
            if after is None or after != one.args:
                self._changed(before, None if after is None else one._replace(args=after).text(), why)
            elif one.args != before.args:
                self._changed(before, one.text(), "where the project is here")
        return body, doors

    def _ruled(self, one: Directive) -> Tuple[Optional[str], str]:
        if id(one) in self.without:
            instead = certificates.INSTEAD[one.key]
            return instead or None, "it is not here: a self-signed one" if instead else "it is not here"
        if one.key == "loadmodule":
            module = short((split(one.args) or [""])[0])
            if is_mpm(module):
                return None, "debug mode is one process"
            return None, "Apache has it built in" if module in STATIC else _not_here(module)
        if one.key in ("include", "includeoptional"):
            return None, "it is not here"
        if one.key == "wsgidaemonprocess" and not self.settings.debug:
            return self._daemon(one)
        local = let_in(one, self.gateway)
        if local is not None:
            return local, WHY
        return ruled(one, self.settings.debug)

    def _daemon(self, one: Directive) -> Tuple[Optional[str], str]:
        """Serve mode: what a process of the project's owner, in this image, can have."""
        args, why = ruled(one, False)
        words = [word for word in split(args or "") if self._is_here(word)]
        if not any(word.startswith("home=") for word in words):
            words.append(f"home={self.settings.root}")
        return join(words), why or "as the container has it"

    def _is_here(self, word: str) -> bool:
        name, _, value = word.partition("=")
        return name not in ("home", "python-home") or os.path.isdir(value)

    def _modules(
        self, files: Files, directives: Sequence[Directive], loaded: Sequence[str], copied: Copied
    ) -> List[str]:
        """Short names of the modules to load, those that only directives ask for last."""
        debug = self.settings.debug
        have = [short(one) for one in loaded]
        have = (["mpm_prefork"] if debug else [one for one in have if is_mpm(one)]) + [
            one for one in have if not is_mpm(one)
        ]
        names = {one.key: one for one in reversed(directives) if not one.name.startswith("</")}
        kept = {key: one for key, one in names.items() if not is_mpms(key) and self._ruled(one)[0] is not None}
        found = owners(one.name for one in kept.values())
        for key in sorted(set(kept) - set(found)):
            one = names[key]
            package = package_for(one.name.lstrip("<"))
            if package:
                message = f"{one.name} needs a module that the image lacks: add {package} to packages.apt"
                raise self._error(one, message)
            raise self._error(one, f"Invalid command '{one.name}': no module of Apache in the image knows it")
        more = sorted({module for module in found.values() if module and module not in have})
        if more:
            self.notes.append(f"modules that it needs are loaded: {', '.join(more)}")
        needs = [*have, *more, "authz_core", "alias", "mime", "reqtimeout", "wsgi"]
        return [one for one in with_needed(needs) if exists(one)]

    def _check_scripts(self, scripts: Sequence[Alias]) -> None:
        for one in scripts:
            if "$" in one.script or one.script.startswith("%{") or os.path.exists(one.script):
                continue
            folder = os.path.dirname(one.script.rstrip("/"))
            message = (
                f"the script {one.script} is not here; if the project is deployed there: server.paths: {{{folder}: .}}"
            )
            raise self._error(one.said.directive, message)

    def _grant(self, scripts: Sequence[Alias], lines: Sequence[Placed]) -> List[str]:
        """Directories of scripts that no directive lets be served: Debian's Apache 2.4 would answer 403."""
        open_already = tuple(f"{directory}/" for directory in ["/usr/share", "/var/www", *self.paths.granted()])
        refused = {
            os.path.dirname(one.script)
            for one in scripts
            if one.url and not one.script.startswith(open_already) and in_effect("require", one, lines) is None
        }
        for directory in sorted(refused):
            said = f"no Require lets {directory} be served, which Debian's Apache answers with 403"
            self.notes.append(f"{said}: it is let here")
        return sorted(refused)

    def _loaded(self, scripts: Sequence[Alias], directives: Sequence[Directive]) -> List[Dict[str, Any]]:
        names = [(split(one.args) or ["application"])[0] for one in directives if one.key == "wsgicallableobject"]
        served = {one.script for one in scripts if one.url}
        return [
            {"path": path, "callables": list(dict.fromkeys(["application", *names, *chosen])) if path in served else []}
            for path, chosen in _by_path(scripts).items()
        ]

    # -- saying it

    def _changed(self, one: Directive, after: Optional[str], why: str) -> None:
        file, line = self._place(one)
        before = re.sub(r"\s+", " ", _readable(one.text()))
        self.changes.append(Change(file, line, before, None if after is None else _readable(after), why))

    def _place(self, one: Directive) -> Tuple[str, int]:
        path = self.copied.places.get(one.file, one.file) if self.copied else one.file
        if path == self.path:
            return self.shown, one.line
        if path.startswith(self.path.rstrip("/") + "/"):
            return os.path.join(self.shown, os.path.relpath(path, self.path)), one.line
        directory = os.path.dirname(self.path)
        if path.startswith(directory + "/"):
            return os.path.join(os.path.dirname(self.shown), os.path.relpath(path, directory)), one.line
        return path, one.line

    def _error(self, one: Directive, message: str) -> AdoptError:
        file, line = self._place(one)
        path = self.copied.places.get(one.file, one.file) if self.copied else one.file
        return AdoptError(f"{file}:{line}", _readable(message), excerpt(path, line))

    def _unknown_group(self, error: UnknownGroup, known: List[str]) -> AdoptError:
        there = f"declared are {', '.join(known)}" if known else "no WSGIDaemonProcess is there"
        return self._error(error.said, f"the daemon process group {error.name} is not declared; {there}")

    def _project(self, here: str) -> str:
        return os.path.relpath(here, self.settings.root)


def excerpt(path: str, line: int) -> str:
    """The line, and a caret below where it begins."""
    try:
        with open(path, encoding="latin-1") as file:
            text = file.read().split("\n")[line - 1].rstrip()
    except (OSError, IndexError):
        return ""
    text = text.replace("\t", "    ")
    return f"  {line} | {_readable(text)}\n  {' ' * len(str(line))} | {' ' * (len(text) - len(text.lstrip()))}^"


def _by_path(scripts: Sequence[Alias]) -> Dict[str, List[str]]:
    found: Dict[str, List[str]] = {}
    for one in scripts:
        if os.path.isfile(one.script) and one.script != ENTRY:
            chosen = one.options.get("callable-object")
            found.setdefault(one.script, []).extend([chosen] if chosen else [])
    return found


def _not_here(module: str) -> str:
    package = package_for(module)
    return f"the image has no such module: packages.apt: [{package}]" if package else "the image has no such module"


def _readable(text: str) -> str:
    return text.encode("latin-1", "replace").decode("utf-8", "replace")
