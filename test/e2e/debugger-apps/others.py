"""What each debugger is to stop at: one path for each way in."""

import json
import time

import library  # noqa: F401 - an edit of it restarts the process

GOING = []


def stop(start):
    name = "by breakpoint"
    breakpoint()
    return name


def own(start):
    import ipdb

    name = "by its own set_trace"
    ipdb.set_trace()
    return name


def screen(start):
    import pudb

    name = "by its own set_trace"
    pudb.set_trace()
    return name


def shortcut(start):
    import pudb  # noqa: F401 - it is what makes `pu`

    name = "by pu.db"
    pu.db  # noqa: F821
    return name


def add(first, second):
    total = first + second
    return total


def place(start):
    return str(add(40, 2))


def error(start):
    reason = "no such thing"
    raise LookupError(reason)


def deep(start):
    return json.loads('{"item": "tea"}', object_hook=within)["item"]


def within(found):
    item = found["item"]
    breakpoint()
    return found if item else None


def busy(start):
    GOING.append(start)
    print("busy now", flush=True)
    while GOING:
        time.sleep(0.01)
    return "busy no more"


def versions(start):
    import sys

    found = []
    for module in ("IPython", "prompt_toolkit"):
        try:
            found.append(f"{module} {__import__(module).__version__}")
        except ImportError:
            found.append(f"no {module}")
    return f"{', '.join(found)}; {'/opt/wsgi-dev-tools' in sys.path}"


def application(environ, start_response):
    body = globals()[environ["PATH_INFO"].strip("/")](start_response)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body.encode()]
