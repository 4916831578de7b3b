"""What a configuration includes, as it was when that was read: the client sees by it whether something was edited."""

import glob
import os
import re
from typing import Dict, Iterable, Iterator, List, Optional, Sequence

#: The size (0 of a directory) and when it was written, in milliseconds; None: it isn't there.
Mark = Optional[List[int]]

_MOST = 2000
_WILD = re.compile(r"[^/]*[*?\[].*", re.S)


def mark(path: str) -> Mark:
    """What is another one once `path` was edited; of a directory, once something was put there or taken away."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return [0 if os.path.isdir(path) else found.st_size, found.st_mtime_ns // 1_000_000]


def included(looked: Iterable[str], tops: Sequence[str], read: Dict[str, Mark]) -> Dict[str, Mark]:
    """Path → mark, of all below `tops` that the paths and patterns in `looked` lead to. `read`: those marks that were
    taken before."""
    below = tuple(f"{top}/" for top in tops)
    files = sorted({one for pattern in looked if pattern.startswith(below) for one in _all(pattern)})[:_MOST]
    return {one: read[one] if one in read else mark(one) for one in files}


def _all(pattern: str) -> Iterator[str]:
    if _WILD.search(pattern):
        # A file that is put there later is one of them too.
        yield os.path.dirname(_WILD.sub("", pattern))
    for one in glob.glob(pattern) if _WILD.search(pattern) else [pattern]:
        yield one
        for directory, _, files in os.walk(one):
            yield directory
            yield from (os.path.join(directory, file) for file in files)
