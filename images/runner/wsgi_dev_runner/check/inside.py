"""The process of one pass in plain Python: `python3 /usr/lib/wsgi-dev check-pass NAME DIRECTORY`."""

import faulthandler
import os
import sys

from .limit import Limit
from .notes import Notes
from .order import read_order

ORDER, NOTES, STACKS, OUTPUT = "order.json", "notes.jsonl", "stacks.txt", "output.txt"


#: The application's is watched.
exit_now = os._exit


def run_pass(name: str, directory: str) -> None:
    """Runs it; what it finds is in the files of `directory`, whatever ends it."""
    # What Python put first is the runner's own directory.
    sys.path.append(sys.path.pop(0))
    # As in mod_wsgi.
    sys.argv = ["mod_wsgi"]
    order = read_order(os.path.join(directory, ORDER))
    notes = Notes(os.path.join(directory, NOTES))
    stacks = open(os.path.join(directory, STACKS), "w", encoding="utf-8")
    faulthandler.enable(stacks)
    os.chdir(order.root)
    limit = Limit(order.limit, stacks)
    if name == "observe":
        from .observe import observe

        observe(order, notes, limit)
    elif name == "validate":
        from .conformance import conformance

        conformance(order, notes, limit)
    else:
        from .parallel import parallel

        parallel(order, notes, limit)
    notes.tell("end")
    sys.stderr.flush()
    # Threads that the application started, and what it does at its exit, keep nobody waiting.
    exit_now(0)
