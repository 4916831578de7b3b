"""What the client asks for: a JSON file in the state directory, read at start and at each order (SIGUSR1)."""

from __future__ import annotations

import json
import os
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping, Optional

#: Where the client and the runner meet: a directory mounted from the project's .wsgi-dev/run. In a devcontainer, where
#: several projects may run, wsgi_dev_inside says where.
STATE_DIRECTORY = os.environ.get("WSGI_DEV_STATE", "/run/wsgi-dev")
#: What was measured, in words, for a client that no longer reads the terminal.
REPORTS = os.path.join(STATE_DIRECTORY, "reports.txt")
#: Apache's configuration, pid file and sockets: private to the container and to the user that runs it.
RUNTIME_DIRECTORY = os.environ.get("WSGI_DEV_RUNTIME", "/tmp/wsgi-dev")
#: Where the image has what debug mode needs and Python does not bring: a debugger, coverage.py.
TOOLS_DIRECTORY = "/opt/wsgi-dev-tools"
#: Breakpoints set at the prompt, for the process that follows; gone with the container.
KEPT_BREAKS = f"{RUNTIME_DIRECTORY}/prompt-breaks.json"
#: Asks the application's process for the stacks of all its threads: a signal that neither Apache nor mod_wsgi uses.
STACKS_SIGNAL = signal.SIGRTMIN + 7


class Settings:
    """One order of the client, complete: nothing of an earlier order lives on."""

    def __init__(
        self,
        order: str,
        nonce: str,
        mode: str,
        app: Mapping[str, Any],
        root: str = "/app",
        python_home: str = "/opt/venv",
        directory: str = "",
        listen: str = "0.0.0.0:8000",
        mount: str = "/",
        static: Optional[Mapping[str, str]] = None,
        debugger: str = "pdb",
        editor_listen: str = "",
        editor_address: str = "",
        post_mortem: bool = False,
        break_at_start: bool = False,
        reload: bool = True,
        url: str = "",
        colors: bool = False,
        notify: bool = False,
        evidence: bool = False,
        record: bool = False,
        coverage: str = "",
        profiler: str = "",
        recorder: str = "",
        before_start: Optional[List[str]] = None,
        asks: bool = False,
        apache: Optional[Mapping[str, Any]] = None,
    ) -> None:
        #: Names this order; the `ready` event that answers it carries the same.
        self.order = order
        #: Signs events, so that an application that prints such bytes cannot forge one; empty: nobody listens.
        self.nonce = nonce
        #: "serve" (event MPM, daemon mode) or "debug" (one process on the terminal).
        self.mode = mode
        #: {"kind": "module", "module": …} or {"kind": "script", "path": …}, both with "callable" and "factory".
        self.app = app
        #: The project inside the container.
        self.root = root
        #: The Python environment with the application's requirements.
        self.python_home = python_home
        #: Where the application is started.
        self.directory = directory or root
        #: ADDRESS:PORT that Apache binds.
        self.listen = listen
        #: URL path at which the application is mounted.
        self.mount = mount
        #: URL path → directory inside the container.
        self.static = static or {}
        #: What a stop opens: "pdb", or another that lies in TOOLS_DIRECTORY.
        self.debugger = debugger
        #: ADDRESS:PORT that debugpy binds, and where on the host an editor finds that; empty with another debugger.
        self.editor_listen = editor_listen
        self.editor_address = editor_address
        #: Stop where an exception was raised.
        self.post_mortem = post_mortem
        #: Stop before the first line of the application, each time it is loaded.
        self.break_at_start = break_at_start
        #: Reload after an edit.
        self.reload = reload
        #: The URL the person uses: for messages and the state file.
        self.url = url
        #: The person's terminal shows colours.
        self.colors = colors
        #: The client makes a desktop notice of each stop: for the terminals that attach.
        self.notify = notify
        #: Write the source and the local variables of each stop into the state directory.
        self.evidence = evidence
        #: Leave what requests bring in the state directory, and tell of typed lines: for a client that writes it down.
        self.record = record
        #: Measure which lines run: the report's directory on the host, for messages; "": don't.
        self.coverage = coverage
        #: Measure how long functions take: the same for the profiles.
        self.profiler = profiler
        #: Leave each request and its response on disk: the directory on the host.
        self.recorder = recorder
        #: Shell commands to run before the first start of Apache.
        self.before_start = before_start or []
        #: They may ask: a person is at the terminal.
        self.asks = asks
        #: A configuration of the user's own: "path" in the container, "shown" for messages, "paths" of its deployment
        #: and what stands for them, "tls_listen" and "tls_url", "by_hand": for a server without wsgi-dev, "compare":
        #: what fails in debug mode is tried as it is configured. Empty: wsgi-dev makes one for `app`.
        self.apache = apache or {}

    @property
    def debug(self) -> bool:
        return self.mode == "debug"


def read_settings(directory: str = STATE_DIRECTORY) -> Settings:
    """The settings that the client left in `directory`.

    Unknown keys are an error, so that halves of two versions don't mix.
    """
    with open(os.path.join(directory, "settings.json"), encoding="utf-8") as file:
        values: Dict[str, Any] = json.load(file)
    return Settings(**values)


def write_atomically(path: str, value: Any) -> None:
    """Write `value` as JSON so that a reader sees the old file or the new one, never half of it."""
    temporary = f"{path}.{os.getpid()}"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(value, file)
    os.replace(temporary, path)


def remove_quietly(path: str) -> None:
    """Remove a file that may be gone already."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass
