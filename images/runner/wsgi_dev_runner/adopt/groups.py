"""Daemon process groups of a configuration: what they set, and which of them a script would run in."""

import re
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from .dump import Directive
from .words import option, split

GLOBAL = "%{GLOBAL}"
#: Sections that a request is in by where it goes, in the order in which Apache merges them: the last one counts.
_SECTIONS = ("<directory", "<directorymatch", "<files", "<filesmatch", "<location", "<locationmatch", "<if")


class Group(NamedTuple):
    """One WSGIDaemonProcess."""

    name: str
    options: Dict[str, str]
    said: Directive


class Placed(NamedTuple):
    """A directive, and the lines that begin the sections it stands in, the outermost first."""

    directive: Directive
    sections: Tuple[Directive, ...]

    @property
    def host(self) -> Optional[Directive]:
        """The virtual host it stands in."""
        return next((one for one in self.sections if one.key == "<virtualhost"), None)


def placed(directives: Sequence[Directive]) -> List[Placed]:
    """Each directive with its sections; the lines that end a section have those around it."""
    result: List[Placed] = []
    open_sections: List[Directive] = []
    for one in directives:
        if one.name.startswith("</") and open_sections:
            open_sections.pop()
        result.append(Placed(one, tuple(open_sections)))
        if one.name.startswith("<") and not one.name.startswith("</"):
            open_sections.append(one)
    return result


def groups(directives: Sequence[Directive]) -> Dict[str, Group]:
    """The groups that are declared, by name."""
    found: Dict[str, Group] = {}
    for one in directives:
        if one.key == "wsgidaemonprocess":
            name, *words = split(one.args) or [""]
            found[name] = Group(name, dict(map(option, words)), one)
    return found


class Alias(NamedTuple):
    """A script that a URL leads to, or that is loaded at start."""

    url: str
    script: str
    options: Dict[str, str]
    said: Placed


def aliases(lines: Sequence[Placed]) -> List[Alias]:
    """WSGIScriptAlias, WSGIScriptAliasMatch and WSGIImportScript, in their order."""
    found: List[Alias] = []
    for one in lines:
        words = split(one.directive.args)
        if one.directive.key in ("wsgiscriptalias", "wsgiscriptaliasmatch") and len(words) > 1:
            found.append(Alias(words[0], words[1], dict(map(option, words[2:])), one))
        elif one.directive.key == "wsgiimportscript" and words:
            found.append(Alias("", words[0], dict(map(option, words[1:])), one))
    return found


#: Their scripts run in Apache's own processes, in the main interpreter where none is named.
_GUARDS = ("wsgiaccessscript", "wsgiauthuserscript", "wsgiauthgroupscript", "wsgidispatchscript")


def guards(lines: Sequence[Placed]) -> List[Alias]:
    """The scripts that guard a location or choose how it is served."""
    found: List[Alias] = []
    for one in lines:
        script, *words = split(one.directive.args) or [""]
        if one.directive.key in _GUARDS and script:
            options = {"application-group": GLOBAL, **dict(map(option, words)), "process-group": GLOBAL}
            found.append(Alias("", script, options, one))
    return found


def in_effect(name: str, alias: Alias, lines: Sequence[Placed]) -> Optional[Placed]:
    """The directive `name` that counts for `alias`: of a section that its requests are in, its host's, the server's."""
    best: Tuple[int, Optional[Placed]] = (-1, None)
    for one in lines:
        if one.directive.key != name or one.host not in (None, alias.said.host):
            continue
        sections = [section for section in one.sections if section.key in _SECTIONS]
        rank = (100 if one.host else 0) + sum(1 + _SECTIONS.index(section.key) for section in sections)
        if rank >= best[0] and all(_applies(section, alias) for section in sections):
            best = rank, one
    return best[1]


def group_of(alias: Alias, lines: Sequence[Placed]) -> Tuple[str, Optional[Directive]]:
    """The name of the group that a script runs in, "%{GLOBAL}" for none, and the directive that says so."""
    if "process-group" in alias.options:
        return alias.options["process-group"], alias.said.directive
    found = in_effect("wsgiprocessgroup", alias, lines)
    return _said_by(found.directive) if found is not None else (GLOBAL, None)


def groups_below(alias: Alias, lines: Sequence[Placed]) -> List[Tuple[str, Optional[Directive]]]:
    """The groups, as `group_of` has them, that a script runs in besides for a location below its URL."""
    if "process-group" in alias.options or not alias.url:
        return []
    return [
        _said_by(one.directive)
        for one in lines
        if one.directive.key == "wsgiprocessgroup"
        and one.host in (None, alias.said.host)
        and any(_is_below(section, alias) for section in one.sections)
    ]


def _said_by(one: Directive) -> Tuple[str, Optional[Directive]]:
    return (split(one.args) or [GLOBAL])[0], one


def _applies(section: Directive, alias: Alias) -> bool:
    """Whether all requests for the alias are in the section, as far as its own URL tells."""
    words = split(section.args)
    where = next((word for word in words if word != "~"), "")
    if _is_pattern(section):
        return _matches(where, alias.url)
    if section.key == "<location":
        return _folder(alias.url).startswith(_folder(where))
    if section.key == "<directory":
        return alias.script.startswith(_folder(where)) or "*" in where
    if section.key == "<files":
        return alias.script.endswith("/" + where) or "*" in where
    return True


def _is_below(section: Directive, alias: Alias) -> bool:
    """Whether the section is a location that some requests for the alias are in, and others are not."""
    if not section.key.startswith("<location") or _applies(section, alias):
        return False
    if _is_pattern(section):
        # Where a pattern leads can be told only where everything is below.
        return alias.url == "/"
    words = split(section.args)
    return bool(words) and _folder(words[0]).startswith(_folder(alias.url))


def _is_pattern(section: Directive) -> bool:
    return section.key == "<locationmatch" or (section.key == "<location" and section.args.startswith("~"))


def _folder(path: str) -> str:
    return path.rstrip("/") + "/"


def _matches(pattern: str, url: str) -> bool:
    try:
        return any(re.search(pattern, one) for one in (url, _folder(url)))
    except re.error:
        return True
