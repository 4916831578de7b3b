"""Who the server runs as: the devcontainer's user, and never root."""

from __future__ import annotations

import os
import pwd

_UNPRIVILEGED = 33


def leave_root(directory: str) -> None:
    """Where this is root: become the owner of the project, or www-data where root owns it, and stay it.

    What the server writes and the terminal it stands on become that user's.
    """
    if os.geteuid() != 0:
        return
    found = os.stat(directory)
    uid, gid = (found.st_uid, found.st_gid) if found.st_uid != 0 else (_UNPRIVILEGED, _UNPRIVILEGED)
    own = os.path.join(directory, ".wsgi-dev")
    state = os.path.join(own, "inside")
    if not os.path.isdir(own):
        os.mkdir(own)
        with open(os.path.join(own, ".gitignore"), "w", encoding="utf-8") as file:
            file.write("*\n")
        os.chown(own, found.st_uid, found.st_gid)
    os.makedirs(state, exist_ok=True)
    os.chown(state, uid, gid)
    for fd in (0, 1, 2):
        try:
            # Apache opens its logs by name: /dev/stdout.
            os.fchown(fd, uid, -1)
        except OSError:
            continue
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    try:
        os.environ["HOME"] = pwd.getpwuid(uid).pw_dir
    except KeyError:
        os.environ["HOME"] = "/tmp"
