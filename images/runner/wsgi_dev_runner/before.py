"""What runs before the first Apache of a container: a devcontainer's lifecycle commands."""

from __future__ import annotations

import json
import os
import subprocess
from typing import List, Union

from .settings import RUNTIME_DIRECTORY, STATE_DIRECTORY
from .terminal import say

#: Left by the client: [{"name": …, "once": …, "commands": [text or words, …]}, …].
BEFORE = os.path.join(STATE_DIRECTORY, "before.json")
#: Gone with the container: what runs once has run in this one.
_DONE = f"{RUNTIME_DIRECTORY}/created"


def run_before() -> None:
    """Run the commands in their order, the parts of each side by side. After one that failed none follows, and the
    application starts all the same: it may not need what is missing."""
    with open(BEFORE, encoding="utf-8") as file:
        steps = json.load(file)
    os.makedirs(RUNTIME_DIRECTORY, mode=0o700, exist_ok=True)
    done = os.path.exists(_DONE)
    for step in steps:
        if step["once"] and done:
            continue
        say(f"{step['name']}: {'; '.join(_shown(command) for command in step['commands'])}")
        failed = _run(step["commands"])
        if failed:
            say(f"{step['name']} failed: {failed}; no other command is run, and the application is started without it")
            return
    if any(step["once"] for step in steps) and not done:
        open(_DONE, "w").close()


def _run(commands: List[Union[str, List[str]]]) -> str:
    """Why one failed; nothing where all ended well."""
    running = []
    for command in commands:
        try:
            running.append((command, subprocess.Popen(command, shell=isinstance(command, str))))
        except OSError as error:
            return f"{_shown(command)}: {error.strerror}"
    codes = [(command, process.wait()) for command, process in running]
    return "; ".join(f"`{_shown(command)}` ended with {code}" for command, code in codes if code != 0)


def _shown(command: Union[str, List[str]]) -> str:
    return command if isinstance(command, str) else " ".join(command)
