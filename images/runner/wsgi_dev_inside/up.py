"""`up`: finds what to run, leaves the runner's settings, and is the runner's supervisor until the server ends."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import Namespace
from typing import Any, Callable, Dict

from .background import in_background
from .breaks import checked
from .detect import target_of
from .fault import USAGE, Fault, failure
from .places import Places
from .ports import free_place, shown, url_of
from .project import Project
from .python_home import python_home
from .running import hold, leave, read, server


def up(options: Namespace, project: Project) -> int:
    """Run the project's application; returns the exit code."""
    debug = bool(options.debug)
    _check_terminal(options)
    for entry in options.env:
        key, found, value = entry.partition("=")
        if not found or not key:
            raise Fault(f"--env {entry}: expected KEY=VAL", code=USAGE)
        os.environ[key] = value
    target = target_of(options.app, project)
    breaks = [checked(place) for place in options.breaks or []]
    places = Places(project.directory)
    places.make()
    lock = hold(places)
    if lock is None:
        url = (read(places, "state.json") or {}).get("url", "")
        raise Fault(f"{project.name} is up already: {url} (process {server(places)})", "`wsgi-dev down` ends it.")
    settings = _settings(options, project, target)
    if debug and options.debugger != "pdb":
        _check_debugger(options.debugger, settings["python_home"])
    leave(places, "settings.json", settings)
    leave(places, "breaks.json", [] if settings["debugger"] == "debugpy" else breaks)
    leave(places, "pdbrc.json", _pdbrc() if debug else "")
    if options.detach:
        return in_background(places, settings["url"], _hint(settings), options.wait_timeout, lock, _serve)
    return _serve(_on_terminal(settings))


def _check_terminal(options: Namespace) -> None:
    if not options.debug or options.debugger == "debugpy":
        return
    if options.detach:
        raise Fault(
            "-d with --debug: the prompt is on the terminal that starts the server, and no other can come to it",
            "Leave out -d, in tmux or a terminal of its own; `--debugger debugpy` needs none.",
            USAGE,
        )
    if not (os.isatty(0) and os.isatty(1)):
        raise Fault(
            "--debug needs a terminal for its prompt, and stdin or stdout is none",
            "Run it in a terminal of the devcontainer: `devcontainer exec wsgi-dev up --debug` in one gives it.",
            USAGE,
        )


def _check_debugger(name: str, home: str) -> None:
    """Nothing here puts a debugger into the environment, and one that is missing would be told at a stop only."""
    find = "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)"
    if subprocess.call([os.path.join(home, "bin", "python3"), "-c", find, name]) != 0:
        raise Fault(f"--debugger {name}: it is not in {home}", f"Put it there with `wsgi-dev install {name}`.", USAGE)


def _settings(options: Namespace, project: Project, target: Dict[str, Any]) -> Dict[str, Any]:
    debug = bool(options.debug)
    person = os.isatty(0) and os.isatty(1) and not options.detach
    host, port = free_place(
        options.port or os.environ.get("WSGI_DEV_PORT"), debug, options.allow_remote_debug, _say, 8000
    )
    editor = ""
    if options.debugger == "debugpy":
        editor = shown(*free_place(options.debugger_port, True, options.allow_remote_debug, _say, 5678))
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM", "dumb") == "dumb"
    return {
        "order": os.urandom(12).hex(),
        # No client listens for events.
        "nonce": "",
        "mode": "debug" if debug else "serve",
        "app": target,
        "root": project.root,
        "python_home": python_home(project.directory, os.environ, _say),
        "listen": shown(host, port),
        "url": url_of(host, port),
        "debugger": options.debugger,
        "editor_listen": editor,
        "editor_address": editor,
        "post_mortem": options.post_mortem if options.post_mortem is not None else person or bool(editor),
        "break_at_start": bool(options.break_at_start),
        "reload": options.reload is not False,
        "colors": person and not plain,
    }


def _serve(on_event: Callable[..., None]) -> int:
    # Where the state lies is in the environment by now.
    from .serve import Inside

    return Inside(on_event).run()


def _on_terminal(settings: Dict[str, Any]) -> Callable[..., None]:
    stops = "debug; Ctrl-C twice stops it" if settings["mode"] == "debug" else "Ctrl-C stops it"

    def on_event(event: str, **fields: Any) -> None:
        if event == "ready":
            sys.stdout.write(f"\rReady: {settings['url']} ({stops})\n{_hint(settings)}")
            sys.stdout.flush()
        elif event == "exit" and fields["code"] == 1:
            sys.stderr.write(failure(fields) + "\n")

    return on_event


def _hint(settings: Dict[str, Any]) -> str:
    editor = settings["editor_address"] if settings["mode"] == "debug" else ""
    return f"debugpy waits for an editor on {editor}\n" if editor else ""


def _pdbrc() -> str:
    try:
        with open(os.path.join(os.environ.get("HOME", "/"), ".pdbrc"), encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
