# What is done as the module is imported. `finds:` at a line's end names the findings that belong there.
import os
import sys
import threading

import prints

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib/site-packages"))
import noisy  # finds: stdout

sys.stdin.readline()  # finds: stdin
import replaced

COLOURS = sys.stdout.isatty() and os.isatty(1)  # finds: isatty
os.chdir(os.path.dirname(os.path.abspath(__file__)))  # finds: cwd
os.umask(0o022)  # finds: option
stop = threading.Event()
threading.Thread(target=stop.wait, name="ticker", daemon=True).start()  # finds: thread


def application(environ, start_response):
    breakpoint()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"fine\n"]
