"""The whole configuration around what became of the user's: what a container needs, and what debug mode does."""

from typing import Dict, List, Sequence, Tuple

from ..httpd_conf import ENTRY, container, one_process
from ..settings import RUNTIME_DIRECTORY, Settings
from .dump import Directive
from .files import DEBIAN, Files
from .groups import GLOBAL
from .modules import path_of
from .words import quoted

#: What Debian's own apache2.conf says around a site.
_DEBIAN_SITE = [
    "<Directory />",
    "    Options FollowSymLinks",
    "    AllowOverride None",
    "    Require all denied",
    "</Directory>",
    "<Directory /usr/share>",
    "    AllowOverride None",
    "    Require all granted",
    "</Directory>",
    "<Directory /var/www/>",
    "    Options Indexes FollowSymLinks",
    "    AllowOverride None",
    "    Require all granted",
    "</Directory>",
    "AccessFileName .htaccess",
    '<FilesMatch "^\\.ht">',
    "    Require all denied",
    "</FilesMatch>",
]
_FORMATS = {
    "vhost_combined": '%v:%p %h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"',
    "combined": '%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"',
}


def frame(
    settings: Settings,
    files: Files,
    modules: Sequence[str],
    body: Sequence[Tuple[str, Directive]],
    tls: bool,
    names: Sequence[str],
    more: Sequence[str],
    granted: Sequence[str],
) -> Tuple[str, Dict[int, Directive]]:
    """The text, with `more` directives of the server itself, and for each line number that comes from the user's the
    directive that it was."""
    before = [
        *_container(settings, files, modules, tls, names),
        *(_debug(settings) if settings.debug else _serve(settings)),
        *more,
    ]
    if not files.whole:
        before += _DEBIAN_SITE
    for directory in granted:
        before += [f"<Directory {quoted(directory)}>", "    Require all granted", "</Directory>"]
    lines = [*before, *(text for text, _ in body)]
    origins = {len(before) + 1 + at: one for at, (_, one) in enumerate(body)}
    return "\n".join(lines) + "\n", origins


def _container(settings: Settings, files: Files, modules: Sequence[str], tls: bool, names: Sequence[str]) -> List[str]:
    port = settings.apache.get("tls_listen")
    return [
        *(f"LoadModule {one}_module {path_of(one)}" for one in modules),
        f"ServerRoot {quoted(files.top if files.whole else DEBIAN)}",
        *container(settings),
        *([f"Listen {port}"] if tls and port else []),
        *(["TypesConfig /etc/mime.types"] if "mime" in modules and "typesconfig" not in names else []),
        *([f"SSLSessionCache shmcb:{RUNTIME_DIRECTORY}/ssl(512000)"] if "ssl" in modules else []),
        *(f'LogFormat "{form}" {name}' for name, form in _FORMATS.items()),
    ]


def _debug(settings: Settings) -> List[str]:
    return [
        *one_process(settings),
        f"WSGIApplicationGroup {GLOBAL}",
        f"WSGIImportScript {ENTRY} process-group={GLOBAL} application-group={GLOBAL}",
    ]


def _serve(settings: Settings) -> List[str]:
    return [f"WSGISocketPrefix {RUNTIME_DIRECTORY}/wsgi", f"WSGIPythonHome {quoted(settings.python_home)}"]


def tells_ready(group: str) -> str:
    """Serve mode: the script that says that Apache is up, in a group that is declared before."""
    return f"WSGIImportScript {ENTRY} process-group={quoted(group)} application-group={GLOBAL}"
