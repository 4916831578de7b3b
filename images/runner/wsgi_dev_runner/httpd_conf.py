"""Apache's configuration, from the settings alone: pure text, no file is read or written here."""

from __future__ import annotations

import os

from .settings import RUNTIME_DIRECTORY, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List

MODULES = "/usr/lib/apache2/modules"
ENTRY = f"{RUNTIME_DIRECTORY}/entry.wsgi"
PID_FILE = f"{RUNTIME_DIRECTORY}/httpd.pid"
#: Serve mode's daemon processes, each a group of its own (daemons.py).
GROUPS = ("app-1", "app-2", "app-3")
#: The file that names the group whose turn it is, and the variable that tells a request's group to mod_wsgi.
TURN = f"{RUNTIME_DIRECTORY}/turn"
TURN_VARIABLE = "wsgi-dev.group"


def httpd_conf(settings: Settings) -> str:
    """The whole configuration file for `settings.mode`."""
    # An Alias takes effect below "/" only when it stands before WSGIScriptAlias.
    lines = [*_common(settings), *_static(settings), *(_debug(settings) if settings.debug else _serve(settings))]
    return "\n".join(lines) + "\n"


def _load(*names: str) -> List[str]:
    return [f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in names]


def _common(settings: Settings) -> List[str]:
    return [
        *_load("authz_core", "alias", "mime", "reqtimeout", "mpm_prefork" if settings.debug else "mpm_event", "wsgi"),
        "ServerRoot /etc/apache2",
        "TypesConfig /etc/mime.types",
        "<Directory />",
        "    AllowOverride None",
        "    Require all denied",
        "</Directory>",
        *container(settings),
    ]


def container(settings: Settings) -> List[str]:
    """What holds of each configuration that runs in the container: where it listens, logs, and has its files."""
    return [
        "ServerName localhost",
        f"DefaultRuntimeDir {RUNTIME_DIRECTORY}",
        f"PidFile {PID_FILE}",
        f"Listen {settings.listen}",
        "ErrorLog /dev/stderr",
        "LogLevel warn",
        'ErrorLogFormat "[%{c}t] [%-m:%l] %M"',
        'LogFormat "[%{%d/%b %H:%M:%S}t] \\"%r\\" %>s %B bytes %{ms}T ms" requests',
        "CustomLog /dev/stdout requests",
        f"<Directory {RUNTIME_DIRECTORY}>",
        "    Require all granted",
        "</Directory>",
    ]


def one_process(settings: Settings) -> List[str]:
    """What holds of each in debug mode."""
    return [
        # One idle connection (browsers open them ahead) must not hold the only process: no keep-alive, and a
        # limit on the request's header. A body may take as long as its reader stands at a prompt.
        "KeepAlive Off",
        # So that wsgi.multiprocess is told as it is.
        "ServerLimit 1",
        "MaxRequestWorkers 1",
        "RequestReadTimeout header=20-40,MinRate=500 body=0",
        "Timeout 86400",
        f"WSGIPythonHome {_quoted(settings.python_home)}",
        # The debugger needs SIGINT and SIGWINCH; mod_wsgi would log a traceback for each handler set.
        "WSGIRestrictSignal Off",
        "WSGIScriptReloading Off",
    ]


def _debug(settings: Settings) -> List[str]:
    return [
        *one_process(settings),
        # Not a sub-interpreter: readline on a UTF-8 terminal crashes in one. Naming both groups loads it at start.
        f"WSGIScriptAlias {_quoted(settings.mount)} {ENTRY} process-group=%{{GLOBAL}} application-group=%{{GLOBAL}}",
    ]


def _serve(settings: Settings) -> List[str]:
    return [
        "ServerLimit 1",
        "StartServers 1",
        "ThreadsPerChild 25",
        "MaxRequestWorkers 25",
        "MinSpareThreads 1",
        "MaxSpareThreads 25",
        "RequestReadTimeout header=20-40,MinRate=500 body=20,MinRate=500",
        f"WSGISocketPrefix {RUNTIME_DIRECTORY}/wsgi",
        "WSGIRestrictEmbedded On",
        "WSGIScriptReloading Off",
        *(line for group in GROUPS for line in _daemon(settings, group)),
        # Read for each request: an edit passes the turn on. In one expression, so that it is one group at each moment.
        *_load("setenvif"),
        f"SetEnvIfExpr \"file('{TURN}') =~ /^([-a-z0-9]+)/\" {TURN_VARIABLE}=$1",
        f"WSGIProcessGroup %{{ENV:{TURN_VARIABLE}}}",
        "WSGIApplicationGroup %{GLOBAL}",
        f"WSGIScriptAlias {_quoted(settings.mount)} {ENTRY}",
    ]


def _daemon(settings: Settings, group: str) -> List[str]:
    return [
        # home= also spares mod_wsgi a look-up of the user's home, which a uid without a passwd entry doesn't have.
        # Requests wait in the queue while the application loads, and finish after their process's turn is over.
        f"WSGIDaemonProcess {group} processes=1 threads=15 display-name=%{{GROUP}} home={_quoted(settings.root)}"
        f" python-home={_quoted(settings.python_home)} lang=C.UTF-8 locale=C.UTF-8 listen-backlog=1024"
        " graceful-timeout=86400",
        f"WSGIImportScript {ENTRY} process-group={group} application-group=%{{GLOBAL}}",
    ]


def _static(settings: Settings) -> List[str]:
    lines: List[str] = []
    for url, directory in settings.static.items():
        lines += [
            f"Alias {_quoted(url)} {_quoted(os.path.join(directory, '') if url.endswith('/') else directory)}",
            f"<Directory {_quoted(directory)}>",
            "    Require all granted",
            "</Directory>",
        ]
    return lines


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
