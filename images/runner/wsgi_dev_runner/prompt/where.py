"""Which frames of a stack are a person's own."""

import os
from types import FrameType
from typing import List, Tuple

#: A frame and its line, as pdb keeps them.
Entry = Tuple[FrameType, int]


def cut(stack: List[Entry], current: int, root: str) -> Tuple[List[Entry], str]:
    """The frames of `stack` that lie in the project, and the `current` one; and a line for the others, "" for none."""
    is_shown = [at == current or _is_own(frame.f_code.co_filename, root) for at, (frame, _) in enumerate(stack)]
    others = [frame for (frame, _), shown in zip(stack, is_shown) if not shown]
    if not others:
        return stack, ""
    packages = ", ".join(dict.fromkeys(_package(frame) for frame in others))
    frames, them = ("1 frame", "it") if len(others) == 1 else (f"{len(others)} frames", "them")
    line = f"  … {frames} of {packages}: `w all` shows {them}"
    return [entry for entry, shown in zip(stack, is_shown) if shown], line


def counted(stack: List[Entry], current: int, count: int) -> List[Entry]:
    """As `where COUNT` means since Python 3.14: so many from the newest, below 0 from the oldest, 0 the current one."""
    if count == 0:
        return [stack[current]]
    return stack[-count:] if count > 0 else stack[:-count]


def _is_own(filename: str, root: str) -> bool:
    if filename.startswith("<"):
        # A template, or text that was given to exec().
        return not filename.startswith("<frozen")
    return is_in_project(filename, root)


def is_in_project(filename: str, root: str) -> bool:
    """Whether it is a file of the project in `root`, and not of a package that is installed there."""
    inside = filename.startswith(root + os.sep)
    return inside and not {"site-packages", "dist-packages"} & set(filename.split(os.sep))


def _package(frame: FrameType) -> str:
    name = frame.f_globals.get("__name__") or os.path.basename(frame.f_code.co_filename)
    return str(name).partition(".")[0]
