"""mod_wsgi's WSGIRestrict* directives in the project's own Apache files: what they are for is long settled."""

import os
import re
from typing import Dict, Iterator, List, Tuple

#: Directories that hold nothing of the project's own; `watch` passes them over too.
_SKIPPED = {"node_modules", "__pycache__", "site-packages"}
#: What Debian calls the directories of its sites, whose files may have no suffix.
_SITES = {"sites-available", "sites-enabled"}
_DEPTH, _FILES, _BYTES = 6, 200, 256 * 1024
_DIRECTIVE = re.compile(rb"^[ \t]*(WSGIRestrict(Stdin|Stdout|Signal|Embedded))[ \t]+\"?(On|Off)\b", re.I | re.M)

_SINCE = "since mod_wsgi 3.0 (2009-11-21)"
#: (directive, value) → what there is to say of it.
_WORDS: Dict[Tuple[str, str], str] = {
    ("stdin", "off"): f"is needless {_SINCE}: that is the default",
    ("stdin", "on"): f"makes reading sys.stdin fail; needless {_SINCE}, when Off became the default",
    ("stdout", "off"): f"is needless {_SINCE}: that is the default",
    ("stdout", "on"): f"makes print() fail; needless {_SINCE}, when Off became the default",
    ("signal", "off"): "isn't needed for the debugger: debug mode has it by itself",
    ("signal", "on"): "is the default; debug mode has it Off by itself",
    ("embedded", "off"): "is the default",
    ("embedded", "on"): "is for daemon mode: debug mode, which embeds the application in Apache, does without it",
}


def directives(root: str) -> Iterator[Tuple[str, str]]:
    """(key, text) of each such directive in the Apache files below `root`."""
    for path in _apache_files(root):
        try:
            with open(path, "rb") as file:
                data = file.read(_BYTES)
        except OSError:
            continue
        shown = os.path.relpath(path, root)
        for found in _DIRECTIVE.finditer(data):
            line = data.count(b"\n", 0, found.start()) + 1
            name, which, value = (group.decode() for group in found.groups())
            words = _WORDS[which.lower(), value.lower()]
            yield f"{shown} {name.lower()} {value.lower()}", f"{shown}:{line}: {name} {value} {words}"


def _apache_files(root: str) -> List[str]:
    found: List[str] = []
    for directory, names, files in os.walk(root):
        if "pyvenv.cfg" in files:
            names.clear()
            continue
        if directory[len(root) :].count(os.sep) >= _DEPTH:
            names.clear()
        names[:] = sorted(name for name in names if not name.startswith(".") and name not in _SKIPPED)
        sites = os.path.basename(directory) in _SITES
        found += [
            os.path.join(directory, name)
            for name in sorted(files)
            if sites or name.endswith(".conf") or name == ".htaccess"
        ]
        if len(found) >= _FILES:
            break
    return found[:_FILES]
