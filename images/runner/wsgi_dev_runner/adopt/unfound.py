"""A module of the project's own that isn't found: under mod_wsgi nothing puts the project on sys.path by itself."""

import os
import re


def why_unfound(message: str, root: str) -> str:
    """What to say besides of "No module named 'shop'", where the project has one; "" otherwise."""
    found = re.search(r"No module named '([^'.]+)", message)
    if found is None:
        return ""
    name = found.group(1)
    for directory in (root, os.path.join(root, "src")):
        path = os.path.join(directory, name)
        if os.path.isdir(path) or os.path.isfile(f"{path}.py"):
            way = f"python-path={directory} of WSGIDaemonProcess, or WSGIPythonPath, does"
            return f"{name} lies in {directory}, which your Apache configuration doesn't put on sys.path: {way}"
    return ""
