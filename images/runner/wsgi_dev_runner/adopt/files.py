"""A user's Apache files: which of them is the first, and a copy of them that tells and doesn't obey."""

import os
import re
from typing import Dict, List, NamedTuple, Optional, Set, Tuple

from ..settings import RUNTIME_DIRECTORY
from .copy import told
from .included import Mark, included, mark
from .modules import STATIC, exists, is_mpm, path_of, short
from .paths import Paths
from .variables import environment, resolved, values
from .words import quoted, split

#: Where the copy lies.
COPY = f"{RUNTIME_DIRECTORY}/apache"
DEBIAN = "/etc/apache2"
_MAINS = ("apache2.conf", "httpd.conf", "conf/httpd.conf", "conf/apache2.conf")
_SKIPPED = {".git", "node_modules", "__pycache__", "site-packages", "htdocs"}
#: Files that hold no configuration, whatever lies beside one.
_OTHERS = (
    ".py",
    ".pyc",
    ".wsgi",
    ".js",
    ".css",
    ".html",
    ".png",
    ".jpg",
    ".svg",
    ".so",
    ".gz",
    ".db",
    ".sqlite3",
    ".log",
)
_DEPTH, _FILES, _BYTES = 6, 3000, 2 * 1024 * 1024
_SERVER_ROOT = re.compile(r"^[ \t]*ServerRoot[ \t]+(\S.*?)\s*$", re.I | re.M)
_IF_MODULE = re.compile(r"^[ \t]*<IfModule[ \t]+\"?!?([\w.]+)", re.I | re.M)
_WHOLE = re.compile(r"^[ \t]*(ServerRoot|LoadModule[ \t]+mpm_\w+|LoadModule[ \t]+wsgi_module)[ \t]", re.I | re.M)
_WSGI = re.compile(r"^[ \t]*LoadModule[ \t]+wsgi_module[ \t]+[\"']?(/[^\s\"']+)", re.I | re.M)
_EXPORT = re.compile(r"^[ \t]*(?:export[ \t]+)?(\w+)=([\"']?)([^\"'$`\n]*)\2[ \t]*$", re.M)
#: Of a copied file: a file that is none of the copy, or a question for one.
_ELSEWHERE = re.compile(rf"^include(?:optional)?[ \t]+\"?(?!{re.escape(COPY)}/)|^[ \t]*<iffile", re.I | re.M)
_DEFINED = re.compile(r"(?<=\s)-D[ \t]*(\w+)")


class FilesError(Exception):
    """The files can't be read, or are none of Apache's."""


class Files(NamedTuple):
    """What was found."""

    #: The files that Apache reads first, in the user's tree.
    first: Tuple[str, ...]
    #: The directory that holds all of them.
    top: str
    #: They are a whole configuration and not only sites.
    whole: bool


class Copied(NamedTuple):
    """The copy, and what was learnt as it was made."""

    first: Tuple[str, ...]
    #: File of the copy → the user's.
    places: Dict[str, str]
    #: File of the copy → its text.
    texts: Dict[str, str]
    #: Names of modules that the text asks about with IfModule.
    asked: List[str]
    server_root: str
    #: Variables that an envvars file beside it sets, and names that its apachectl defines.
    variables: Dict[str, str]
    defines: List[str]
    #: Where it says that mod_wsgi lies.
    wsgi: str
    #: What it includes of the user's files.
    included: Dict[str, Mark] = {}

    @property
    def alone(self) -> bool:
        """Whether Apache reads nothing else, and asks for no file."""
        return not any(_ELSEWHERE.search(text) for text in self.texts.values())


def find(path: str) -> Files:
    """What lies at `path`; FilesError where that is no configuration."""
    if os.path.isdir(path):
        for main in _MAINS:
            if os.path.isfile(os.path.join(path, main)):
                return Files((os.path.join(path, main),), path, True)
        for pattern in ("sites-enabled/*", "*.conf", "sites-available/*.conf", "conf.d/*.conf"):
            sites = tuple(sorted(one for one in _matching(os.path.join(path, pattern)) if os.path.isfile(one)))
            if sites:
                return Files(sites, path, False)
        raise FilesError("no Apache configuration is in it: neither apache2.conf, httpd.conf nor *.conf")
    whole = bool(_WHOLE.search(_read(path)))
    top = os.path.dirname(path)
    return Files((path,), os.path.dirname(top) if whole and os.path.basename(top) == "conf" else top, whole)


def copy(files: Files, paths: Paths, debug: bool) -> Copied:
    """Make the copy anew; unreadable files are left to Apache to complain of."""
    if os.path.exists(COPY):
        import shutil

        shutil.rmtree(COPY)
    os.makedirs(COPY)
    texts = {path: _read(path) for path in files.first}
    marks: Dict[str, Mark] = {}
    others = files.whole or any(re.search(r"^[ \t]*Include", text, re.I | re.M) for text in texts.values())
    for path in _tree(files.top) if others else []:
        if path not in texts:
            marks[path] = mark(path)
            try:
                texts[path] = _read(path)
            except FilesError:
                continue
    variables = {name: value for name, _, value in _EXPORT.findall(_beside(files.top, "envvars"))}
    # The file's own Define counts more than those of others, which may be of another site.
    known = values(texts.values(), environment(variables))
    known = values([texts[path] for path in files.first], known)
    root = _SERVER_ROOT.search(texts[files.first[0]])
    server_root = resolved(split(root.group(1))[0], known) if root and split(root.group(1)) else ""
    roots = [one for one in (server_root, DEBIAN, "/etc/httpd") if one and files.whole]
    looked = {os.path.join(files.top, name) for name in ("envvars", "apachectl")}
    places: Dict[str, str] = {}
    copies: Dict[str, str] = {}
    for path, text in texts.items():
        if "\0" in text:
            continue
        target = os.path.join(COPY, os.path.relpath(path, files.top))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        copies[target] = told(text, _Obey(files.top, roots, paths, values([text], known), looked, debug))
        with open(target, "w", encoding="latin-1", newline="") as file:
            file.write(copies[target])
        places[target] = path
    asked = [short(name) for text in texts.values() for name in _IF_MODULE.findall(text)]
    first = tuple(os.path.join(COPY, os.path.relpath(path, files.top)) for path in files.first)
    defines = _DEFINED.findall(_beside(files.top, "apachectl"))
    wsgi = next((found for text in texts.values() for found in _WSGI.findall(text)), "")
    seen = included(looked, (files.top, paths.root), marks)
    asks = list(dict.fromkeys(asked))
    return Copied(first, places, copies, asks, server_root, variables, defines, wsgi, seen)


class _Obey:
    """What Apache is to read in place of a directive that decides what it reads."""

    def __init__(
        self, top: str, roots: List[str], paths: Paths, known: Dict[str, str], looked: Set[str], debug: bool
    ) -> None:
        self._top = top
        self._roots = roots
        self._paths = paths
        self._known = known
        #: Gets the paths and patterns that are looked for.
        self._looked = looked
        self._debug = debug

    def __call__(self, name: str, args: str) -> Optional[str]:
        if name == "loadmodule":
            return self._module(split(args))
        if name in ("include", "includeoptional"):
            return self._include(name, resolved((split(args) or [""])[0], self._known))
        return f"{name} {args}"

    def _module(self, words: List[str]) -> Optional[str]:
        module = short(words[0]) if words else ""
        if module in STATIC or not exists(module) or (self._debug and is_mpm(module)):
            return None
        return f"LoadModule {words[0]} {path_of(module)}"

    def _include(self, name: str, path: str) -> Optional[str]:
        """An absolute path below the tree's own place leads into the copy; what isn't there is told."""
        here = self._here(path)
        if here is None:
            return None if name == "include" else ""
        return f"{name} {quoted(here)}"

    def _here(self, path: str) -> Optional[str]:
        if "${" in path:
            return path
        candidates = [path]
        if path.startswith("/"):
            candidates = [self._top + path[len(root) :] for root in self._roots if path.startswith(root + "/")]
            candidates += [self._paths.map(path), path]
        else:
            candidates = [os.path.join(self._top, path), os.path.join(DEBIAN, path)]
        for one in candidates:
            one = os.path.normpath(one)
            self._looked.add(one)
            if os.path.isfile(one) and not os.access(one, os.R_OK):
                raise FilesError(f"{path}, which it includes, can't be read: Permission denied")
            if _matching(one):
                return COPY + one[len(self._top) :] if (one + "/").startswith(self._top + "/") else one
        return None


def _matching(pattern: str) -> List[str]:
    if not any(character in pattern for character in "*?["):
        return [pattern] if os.path.lexists(pattern) else []
    import glob

    return glob.glob(pattern)


def _tree(top: str) -> List[str]:
    found: List[str] = []
    for directory, names, files in os.walk(top, followlinks=True):
        if directory[len(top) :].count(os.sep) >= _DEPTH or "pyvenv.cfg" in files:
            names.clear()
        names[:] = sorted(name for name in names if name not in _SKIPPED)
        paths = [os.path.join(directory, name) for name in files if not name.endswith(_OTHERS)]
        found += [one for one in paths if os.path.isfile(one) and os.path.getsize(one) <= _BYTES]
        if len(found) > _FILES:
            break
    return found[:_FILES]


def _read(path: str) -> str:
    try:
        # Any byte is one character here, and is written as the byte that it was.
        with open(path, encoding="latin-1", newline="") as file:
            return file.read()
    except OSError as error:
        raise FilesError(f"it can't be read: {error.strerror}") from None


def _beside(top: str, name: str) -> str:
    try:
        return _read(os.path.join(top, name))
    except FilesError:
        return ""
