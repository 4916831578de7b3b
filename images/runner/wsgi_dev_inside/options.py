"""The command line: the words of the host's wsgi-dev, as far as they mean something without an engine."""

from __future__ import annotations

import argparse
from typing import List, NoReturn

from .fault import USAGE, Fault

#: What the host's wsgi-dev does with containers.
_ON_HOST = {
    "attach": "the prompt is on the terminal that started the server, and no other can come to it; tmux keeps one",
    "build": "the image is the devcontainer's: rebuild that",
    "compose": "run it on the host",
    "ci": "scenarios run in containers of their own: run it on the host",
    "devcontainer": "run it on the host",
    "doctor": "it looks for an engine, which is the host's",
    "exec": "this is inside: run the command itself",
    "lock": "the image is the devcontainer's",
    "logs": "what a server in the background prints is in .wsgi-dev/inside/log",
    "reproduce": "scenarios run in containers of their own: run it on the host",
    "run": "this is inside: run the command itself",
    "restart": "use `wsgi-dev down` and `wsgi-dev up`",
    "shell": "this is inside: you have one",
    "start": "use `wsgi-dev up`",
    "stop": "use `wsgi-dev down`",
}
_HOST_OPTIONS = {
    "--build": "the image",
    "--image": "the image",
    "--python": "the Python",
    "--user": "the user",
    "--network": "the network",
    "--frozen": "the image",
    "--pull": "the image",
    "--force-recreate": "the container",
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Fault(message, f"`{self.prog} --help` lists the options.", USAGE)


def parse(arguments: List[str]) -> argparse.Namespace:
    """What was typed. Faults: what only the host can do, by name, and what nobody can."""
    verb = next((one for one in arguments if not one.startswith("-")), "")
    if verb in _ON_HOST:
        raise Fault(f"`wsgi-dev {verb}` isn't for the inside of a devcontainer: {_ON_HOST[verb]}", code=USAGE)
    for one in arguments:
        option = one.split("=")[0]
        what = _HOST_OPTIONS.get(option)
        if what is not None:
            raise Fault(f"{option}: {what} is what devcontainer.json says", code=USAGE)
    return _parser().parse_args(arguments)


def _parser() -> argparse.ArgumentParser:
    common = _Parser(add_help=False)
    common.add_argument("-C", "--project-directory", default=".", metavar="DIR", help="where the project is")
    parser = _Parser(
        prog="wsgi-dev",
        description="Run this project's WSGI application under Apache with mod_wsgi, and debug it on this terminal",
        epilog="Example: wsgi-dev up --debug",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    verbs = parser.add_subparsers(dest="verb", metavar="COMMAND", parser_class=_Parser)
    _up(verbs.add_parser("up", parents=[common], allow_abbrev=False, help="run the application; --debug: one process"))
    down = verbs.add_parser("down", parents=[common], allow_abbrev=False, help="stop the server")
    down.add_argument("-t", "--timeout", type=float, default=10, metavar="SECONDS", help="then it is killed")
    ps = verbs.add_parser("ps", parents=[common], allow_abbrev=False, help="what runs here")
    ps.add_argument("--format", choices=("table", "json"), default="table", help="how to print")
    breaks = verbs.add_parser("break", parents=[common], allow_abbrev=False, help="list, set and clear breakpoints")
    breaks.add_argument("place", nargs="?", help="FILE:LINE or MODULE:FUNCTION[ if EXPR]")
    breaks.add_argument("--clear", action="store_true", help="take this one away; without a place, all")
    check = verbs.add_parser(
        "check", parents=[common], allow_abbrev=False, help="report what would not work on other servers"
    )
    check.add_argument("request", nargs="*", help="a path, or METHOD PATH BODY (default /)")
    check.add_argument("--app", metavar="TARGET", help="module:callable, module:factory() or a script file")
    check.add_argument("--format", choices=("text", "json"), default="text", help="how to print")
    check.add_argument("--limit", type=float, default=20, metavar="SECONDS", help="for the import, and each request")
    add = verbs.add_parser(
        "install", parents=[common], allow_abbrev=False, help="install requirements where the application finds them"
    )
    add.add_argument("package", nargs="*", help="a package, as pip takes it")
    for short, name, text in (
        (("-r",), "requirement", "requirements, a pyproject.toml, uv.lock or pylock.toml; repeatable"),
        ((), "group", "a dependency group of those; repeatable"),
        ((), "extra", "an extra of those; repeatable"),
    ):
        add.add_argument(*short, f"--{name}", action="append", default=[], metavar=name.upper(), help=text)
    verbs.add_parser("version", help="print the version")
    return parser


def _up(up: argparse.ArgumentParser) -> None:
    def switch(name: str, text: str) -> None:
        key = name.replace("-", "_")
        up.add_argument(f"--{name}", action="store_true", default=None, help=text)
        up.add_argument(f"--no-{name}", dest=key, action="store_false", help=argparse.SUPPRESS)

    up.add_argument(
        "--debug", "--debug-mode", "--enable-debugger", action="store_true", help="stops open a prompt here"
    )
    up.add_argument("-d", "--detach", action="store_true", help="run in the background; not with pdb, which needs you")
    up.add_argument("-p", "--port", metavar="[HOST:]PORT", help="listen here; 0 picks one (default 127.0.0.1:8000)")
    up.add_argument("--app", metavar="TARGET", help="module:callable, module:factory() or a script file")
    up.add_argument("--break", dest="breaks", action="append", metavar="PLACE", help="stop here; repeatable")
    up.add_argument("--debugger", choices=("pdb", "ipdb", "pudb", "debugpy"), default="pdb", help="what a stop opens")
    up.add_argument("--debugger-port", metavar="[HOST:]PORT", help="where an editor finds debugpy (default 5678)")
    up.add_argument("-e", "--env", action="append", default=[], metavar="KEY=VAL", help="for the application")
    up.add_argument("--wait-timeout", type=float, default=60, metavar="SECONDS", help="-d: how long a start may take")
    up.add_argument("--allow-remote-debug", action="store_true", help="let --debug listen beyond the loopback")
    switch("post-mortem", "stop where an exception was raised (default on a terminal; --no-post-mortem: never)")
    switch("break-at-start", "stop before the first line of the application")
    up.add_argument("--debugger-startup", dest="break_at_start", action="store_true", help=argparse.SUPPRESS)
    switch("reload", "load the application anew after an edit (default; --no-reload: never)")
