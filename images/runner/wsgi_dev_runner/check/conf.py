"""Apache's configurations of the passes: pure text."""

import os
import sys
from typing import List

from ..httpd_conf import MODULES

#: Of the interpreter that runs the check; without site, sys.prefix doesn't know of a virtual environment.
_PYTHON_HOME = os.path.dirname(os.path.dirname(sys.executable))
_DAEMON = "check"


def cgi_conf(directory: str, port: int, mount: str, script: str, seconds: float) -> str:
    """mod_cgid, with the script that hands requests to wsgiref's CGIHandler."""
    return _text(
        [
            *_common(directory, port, ["cgid"]),
            f"ScriptSock {directory}/cgid.sock",
            f"CGIDScriptTimeout {int(seconds) + 1}",
            # The slash makes PATH_INFO of all that follows.
            f'ScriptAlias "{mount}/" "{script}/"',
        ]
    )


def restricted_conf(directory: str, port: int, mount: str, script: str, root: str) -> str:
    """mod_wsgi as wsgi-dev's serve mode has it, with both restrictions on."""
    return _text(
        [
            *_common(directory, port, ["wsgi"]),
            *_daemon(directory, f'home="{root}" lang=C.UTF-8 locale=C.UTF-8 processes=1 threads=1'),
            "WSGIApplicationGroup %{GLOBAL}",
            "WSGIRestrictStdin On",
            "WSGIRestrictStdout On",
            f'WSGIScriptAlias "{mount or "/"}" "{script}"',
        ]
    )


def deployed_conf(directory: str, port: int, mount: str, script: str) -> str:
    """mod_wsgi as a site has it that says nothing of it: sub-interpreters, LANG=C, another working directory."""
    return _text(
        [
            *_common(directory, port, ["wsgi"]),
            # The home of a user without one; a uid without a name has none, and mod_wsgi gives up.
            *_daemon(directory, "home=/ processes=1 threads=4"),
            f'WSGIScriptAlias "{mount or "/"}" "{script}"',
        ]
    )


def _daemon(directory: str, options: str) -> List[str]:
    return [
        f"WSGISocketPrefix {directory}/wsgi",
        f"WSGIDaemonProcess {_DAEMON} python-home={_PYTHON_HOME} {options}",
        f"WSGIProcessGroup {_DAEMON}",
        "WSGIScriptReloading Off",
    ]


def _common(directory: str, port: int, modules: List[str]) -> List[str]:
    names = ["authz_core", "alias", "mime", "mpm_event", *modules]
    return [
        *(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in names),
        "ServerRoot /etc/apache2",
        "ServerName localhost",
        f"DefaultRuntimeDir {directory}",
        f"PidFile {directory}/httpd.pid",
        "TypesConfig /etc/mime.types",
        f"Listen 127.0.0.1:{port}",
        f"ErrorLog {directory}/error.log",
        "LogLevel warn",
        'ErrorLogFormat "%M"',
        "ServerLimit 1",
        "StartServers 1",
        "ThreadsPerChild 4",
        "MaxRequestWorkers 4",
        "MinSpareThreads 1",
        "MaxSpareThreads 4",
        "KeepAlive Off",
        # So that the bytes are the application's alone.
        "ServerTokens Prod",
        "<Directory />",
        "    AllowOverride None",
        "    Require all denied",
        "</Directory>",
        f'<Directory "{os.path.dirname(directory)}">',
        "    Require all granted",
        "</Directory>",
    ]


def _text(lines: List[str]) -> str:
    return "\n".join(lines) + "\n"
