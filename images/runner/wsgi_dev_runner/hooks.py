"""What runs before the container's first Apache: a devcontainer's lifecycle commands, then `hooks.before_start`."""

from __future__ import annotations

import json
import os
import signal

from .commands import SIGNALLED, run_side_by_side, shown
from .settings import RUNTIME_DIRECTORY, STATE_DIRECTORY
from .terminal import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Tuple

    from .events import Emitter
    from .inbox import Inbox
    from .settings import Settings

    #: The supervisor's exit code, and the fields of its `exit` event.
    Ended = Optional[Tuple[int, Dict[str, Any]]]

#: Left by the client: [{"name": …, "once": …, "commands": [text or words, …]}, …].
BEFORE = os.path.join(STATE_DIRECTORY, "before.json")
#: Gone with the container: what runs once has run in this one.
_DONE = f"{RUNTIME_DIRECTORY}/created"


def run_before(settings: Settings, inbox: Inbox) -> Ended:
    """Run the lifecycle commands in order, the parts of each side by side. After one that failed none follows, and
    the application starts all the same: it may not need what is missing."""
    with open(BEFORE, encoding="utf-8") as file:
        steps = json.load(file)
    done = os.path.exists(_DONE)
    for step in steps:
        if step["once"] and done:
            continue
        commands = step["commands"]
        say(f"{step['name']}: {'; '.join(map(shown, commands))}")
        codes, told = run_side_by_side(commands, settings, inbox)
        if _interrupted(told) is not None:
            return _interrupted(told)
        failed = [f"`{shown(command)}` ended with {code}" for command, code in zip(commands, codes) if code != 0]
        if failed:
            said = "no other command is run, and the application is started without it"
            say(f"{step['name']} failed: {'; '.join(failed)}; {said}")
            return None
    if any(step["once"] for step in steps) and not done:
        open(_DONE, "w").close()
    return None


def run_hooks(settings: Settings, inbox: Inbox, emitter: Emitter) -> Ended:
    """None once all have ended well."""
    for command in settings.before_start:
        say(f"before_start: {command}")
        emitter.emit("hook", command=command)
        (code,), told = run_side_by_side([command], settings, inbox)
        if signal.SIGTERM in told:
            return 0, {"reason": "stopped"}
        emitter.emit("hook", command=command, code=code)
        if code != 0:
            return _interrupted(told) or (1, {"reason": "hook", "message": f"`{command}` ended with code {code}"})
    return None


def _interrupted(told: bytes) -> Ended:
    if signal.SIGTERM in told:
        return 0, {"reason": "stopped"}
    return (SIGNALLED + signal.SIGINT, {}) if signal.SIGINT in told else None
