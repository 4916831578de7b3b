"""The Apache beneath the supervisor: its files, its process, its end."""

from __future__ import annotations

import json
import os
import signal

from .door import SHARING
from .httpd_conf import ENTRY, PID_FILE, httpd_conf
from .settings import RUNTIME_DIRECTORY, Settings, remove_quietly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Mapping, Optional, Tuple

    from .adopt.result import Adopted
    from .door import Door

APACHE = "/usr/sbin/apache2"
CONFIGURATION = f"{RUNTIME_DIRECTORY}/httpd.conf"
NOTES = f"{RUNTIME_DIRECTORY}/notes"
_ENTRY_SOURCE = """\
import sys
sys.path.append({package!r})
from wsgi_dev_runner.application import load

application = load({path!r})
"""
_PACKAGE_PARENT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def environment(settings: Settings, more: Mapping[str, str]) -> Dict[str, str]:
    """The environment of Apache and so of the application: the container's, with a UTF-8 locale, and `more`."""
    # Debian's own envvars would set LANG=C: a print of "é" would raise.
    locale = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    inherited = dict(os.environ)
    if settings.apache:
        # Of a configuration of the user's own LANG may be said, which LC_ALL would hide.
        del locale["LC_ALL"]
        inherited.pop("LC_ALL", None)
    return {
        **inherited,
        **locale,
        "APACHE_RUN_DIR": RUNTIME_DIRECTORY,
        "PWD": settings.root,
        **more,
    }


def prepare(settings: Settings, crashes: bool, again: bool, adopted: Optional[Adopted]) -> None:
    """Write what Apache reads at its start; `crashes`: debug mode's process crashed as it loaded the application.
    `again`: after an edit or a crash. `adopted`: what became of a configuration of the user's own."""
    # Of a user's own each byte is one character.
    _write("httpd.conf", adopted.configuration if adopted else httpd_conf(settings), "latin-1" if adopted else "utf-8")
    process: Dict[str, Any] = {"supervisor": os.getpid(), "notes": NOTES, "crashes": crashes, "again": again}
    if adopted is not None:
        process["adopted"] = {"scripts": adopted.scripts, **adopted.effects}
    _write("process.json", json.dumps({**settings.__dict__, **process}))
    _write(
        os.path.basename(ENTRY), _ENTRY_SOURCE.format(package=_PACKAGE_PARENT, path=f"{RUNTIME_DIRECTORY}/process.json")
    )
    # A stale one makes Apache say "already running" and exit 0.
    remove_quietly(PID_FILE)


class Apache:
    """One that runs. It is ended as what it was started as, whatever the settings have become since."""

    def __init__(
        self,
        settings: Settings,
        variables: Mapping[str, str],
        editor: Optional[int] = None,
        door: Optional[Door] = None,
        again: bool = False,
    ) -> None:
        """Start it, with `variables` in its environment. `editor`: the descriptor of an editor's socket. `door`: where
        it leaves its listening sockets, or, `again`, takes over those of the first one.

        In debug mode it stays in the terminal's foreground group, so that Ctrl-C reaches it; in serve mode it gets a
        group of its own, so that Ctrl-C is the supervisor's alone and one signal reaches every process.
        """
        self._leads_group = not settings.debug
        # -X defines DEBUG only; configurations made for one process ask for ONE_PROCESS.
        mode = ["-X", "-DONE_PROCESS"] if settings.debug else ["-DFOREGROUND"]
        more: Dict[str, Any] = {} if settings.debug else {"setpgroup": 0}
        actions = door.file_actions() if door is not None else []
        if door is not None and again:
            mode += ["-c", SHARING]
        if editor is not None:
            from .editor_port import EDITOR_FD

            actions.append((os.POSIX_SPAWN_DUP2, editor, EDITOR_FD))
        if actions:
            more["file_actions"] = actions
        command = [APACHE, "-f", CONFIGURATION, *mode]
        self.pid = os.posix_spawn(APACHE, command, environment(settings, variables), setsigdef=[signal.SIGINT], **more)

    def signal(self, number: int) -> None:
        """Send a signal: to all its processes where they are several."""
        send = os.killpg if self._leads_group else os.kill
        try:
            send(self.pid, number)
        except ProcessLookupError:
            # It has ended, and SIGCHLD is on its way.
            pass

    def reap(self) -> Optional[Tuple[int, int]]:
        """(exit code, signal) once it has ended, None while it runs."""
        ended, status = os.waitpid(self.pid, os.WNOHANG)
        if ended == 0:
            return None
        return (os.WEXITSTATUS(status), 0) if os.WIFEXITED(status) else (0, os.WTERMSIG(status))


def _write(name: str, text: str, encoding: str = "utf-8") -> None:
    with open(os.path.join(RUNTIME_DIRECTORY, name), "w", encoding=encoding) as file:
        file.write(text)
