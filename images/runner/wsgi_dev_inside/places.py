"""Where a project's server keeps its files. Told to the runner by the environment, before it is imported."""

from __future__ import annotations

import hashlib
import os

from .fault import USAGE, Fault


class Places:
    """The directories of the server of the project in `directory`."""

    def __init__(self, directory: str) -> None:
        self.directory = os.path.realpath(directory)
        #: Beside the host's `run`: both may serve the project at the same time.
        self.state = os.path.join(self.directory, ".wsgi-dev", "inside")
        name = hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:12]
        self.runtime = f"/tmp/wsgi-dev-{os.geteuid()}-{name}"
        #: Held by the server that runs.
        self.lock = os.path.join(self.runtime, "lock")
        #: What a server in the background prints.
        self.log = os.path.join(self.state, "log")

    def make(self) -> None:
        """Make them, out of git's sight, and name them to the runner and to Apache beneath it."""
        own = os.path.dirname(self.state)
        try:
            if not os.path.isdir(own):
                os.mkdir(own)
                with open(os.path.join(own, ".gitignore"), "w", encoding="utf-8") as file:
                    file.write("*\n")
            os.makedirs(self.state, exist_ok=True)
        except OSError as error:
            raise Fault(f"{own} can't be written: {error.strerror}", "wsgi-dev keeps its state there.", USAGE) from None
        os.makedirs(self.runtime, mode=0o700, exist_ok=True)
        if os.stat(self.runtime).st_uid != os.geteuid():
            raise Fault(f"{self.runtime} belongs to another user", "Remove it, or have it removed.")
        os.environ["WSGI_DEV_STATE"] = self.state
        os.environ["WSGI_DEV_RUNTIME"] = self.runtime
