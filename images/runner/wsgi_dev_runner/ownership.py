"""A file that can't be opened, because it is another user's: which one's, and how to run as that one."""

from __future__ import annotations

import grp
import os
import pwd
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional, Tuple


def whose(error: BaseException) -> str:
    """What a person can do about the PermissionError that `error` is, or comes from; "" where it is no other user's."""
    refused = _refused(error)
    path = None if refused is None else _denying(refused)
    if refused is None or path is None:
        return ""
    found = os.stat(path)
    user = _user_of(found)
    if user is None or user[0] in (0, os.geteuid()):
        return ""
    uid, gid = user
    here = f"{os.geteuid()}:{os.getegid()}"
    return f"{path} belongs to {_named(found)}, and this runs as {here}: `--user {uid}:{gid}` runs it as that user"


def _refused(error: Optional[BaseException]) -> Optional[str]:
    """The file that was refused, of the exception or the first one it comes from."""
    met = set()
    while error is not None and id(error) not in met:
        met.add(id(error))
        if isinstance(error, PermissionError) and isinstance(error.filename, (str, bytes)):
            return os.path.abspath(os.fsdecode(error.filename))
        error = error.__cause__ or error.__context__
    return None


def _denying(path: str) -> Optional[str]:
    """What said no: the file, or the innermost directory above it that isn't closed itself."""
    while path != "/":
        try:
            os.stat(path)
            return path
        except PermissionError:
            path = os.path.dirname(path)
            if os.path.exists(path):
                return path
        except OSError:
            # To be made there.
            path = os.path.dirname(path)
    return None


def _user_of(found: os.stat_result) -> Optional[Tuple[int, int]]:
    """Who may: the owner; of root's file the user whose group may read it."""
    if found.st_uid != 0:
        try:
            return found.st_uid, pwd.getpwuid(found.st_uid).pw_gid
        except KeyError:
            return found.st_uid, found.st_gid
    # What everybody may read was to be written.
    needed = stat.S_IWGRP if found.st_mode & stat.S_IROTH else stat.S_IRGRP
    if found.st_gid == 0 or not found.st_mode & needed:
        return None
    return next(((one.pw_uid, one.pw_gid) for one in pwd.getpwall() if one.pw_gid == found.st_gid), None)


def _named(found: os.stat_result) -> str:
    """ "www-data", "root and the group www-data" """
    if found.st_uid == 0:
        return f"root and the group {_group(found.st_gid)}"
    try:
        return pwd.getpwuid(found.st_uid).pw_name
    except KeyError:
        return f"the user {found.st_uid}"


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
