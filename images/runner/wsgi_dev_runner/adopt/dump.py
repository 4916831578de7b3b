"""What Apache says a configuration consists of: its own DUMP_CONFIG, read line by line."""

import re
from typing import List, NamedTuple, Tuple

#: In a copy of a configuration every directive stands behind this, so that Apache tells it and doesn't obey it. It is
#: the one directive that takes any words, everywhere.
TOLD = "UnsetEnv @ "
_MACRO = re.compile(r"macro '.*?' \(defined on line (?P<line>\d+) of \"(?P<file>[^\"]*)\"\) used on line \d+ of .*")


class Directive(NamedTuple):
    """One directive, or the line that begins or ends a section: then `name` has its "<" or "</"."""

    name: str
    args: str
    file: str
    line: int

    @property
    def key(self) -> str:
        """The name as Apache compares it."""
        return self.name.lower()

    def text(self) -> str:
        """The line that says this."""
        end = ">" if self.name.startswith("<") else ""
        return f"{self.name} {self.args}{end}" if self.args else f"{self.name}{end}"


def directive(text: str, file: str, line: int) -> Directive:
    """The directive that a line of a configuration says."""
    text = text.strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[:-1].rstrip()
    name, *args = text.split(None, 1) or [""]
    return Directive(name, args[0] if args else "", file, line)


def read_dump(text: str) -> Tuple[List[Directive], List[str]]:
    """The directives in their order, and the modules that are loaded from files, as "ssl_module"."""
    directives: List[Directive] = []
    modules: List[str] = []
    file, line, first = "", 0, 0
    configuration, _, loaded = text.partition("\nLoaded Modules:\n")
    for raw in configuration.split("\n"):
        stripped = raw.strip()
        if stripped.startswith("# In file: "):
            file, first = stripped[len("# In file: ") :], 0
            macro = _MACRO.fullmatch(file)
            if macro:
                # Lines count from the macro's own.
                file, first = macro["file"], int(macro["line"])
        elif re.fullmatch(r"#\s+\d+:", stripped):
            line = int(stripped[1:-1]) + first
        elif file and stripped and not stripped.startswith("#"):
            directives.append(directive(stripped[len(TOLD) :] if stripped.startswith(TOLD) else stripped, file, line))
    for raw in loaded.split("\n"):
        name, _, kind = raw.strip().partition(" ")
        if kind == "(shared)":
            modules.append(name)
    return directives, modules
