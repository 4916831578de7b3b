"""Which variables of the project's modules requests change, and in which line."""

import sys
import threading
from types import FrameType, FunctionType, ModuleType
from typing import Any, Dict, Iterator, Optional, Set, Tuple

from .notes import Place
from .places import Places

#: How deep a value is looked into, and how many of its items.
_DEPTH, _ITEMS = 4, 1000
_CONTAINERS = (dict, list, set, tuple)
_PLAIN = (int, float, complex, str, bytes, bool, type(None))

#: Module and variable.
Name = Tuple[str, str]


def snapshot(places: Places, wanted: Optional[Set[Name]] = None) -> Dict[Name, Any]:
    """What the variables hold, in a form that differs once they do; all of them, or those that are `wanted`."""
    return {name: _print(value, places, _DEPTH) for name, value in _variables(places, wanted)}


def changed(before: Dict[Name, Any], after: Dict[Name, Any]) -> Set[Name]:
    """Which of them differ, of those that were there."""
    return {name for name, value in before.items() if name in after and after[name] != value}


def _variables(places: Places, wanted: Optional[Set[Name]]) -> Iterator[Tuple[Name, Any]]:
    names = {module for module, _ in wanted} if wanted is not None else None
    for module_name, module in list(sys.modules.items()):
        if names is not None and module_name not in names:
            continue
        file = getattr(module, "__file__", None)
        if not isinstance(module, ModuleType) or not isinstance(file, str) or not places.is_own(file):
            continue
        for name, value in list(vars(module).items()):
            if not name.startswith("__") and (wanted is None or (module_name, name) in wanted):
                yield (module_name, name), value


def _print(value: Any, places: Places, depth: int) -> Any:
    """Containers by their contents, objects of the project's classes by their attributes, all else by identity."""
    if isinstance(value, _PLAIN):
        return (type(value).__name__, value)
    if depth == 0 or isinstance(value, (ModuleType, FunctionType)):
        return id(value)
    try:
        if isinstance(value, dict):
            items = list(value.items())[:_ITEMS]
            return (len(value), [(_key(key), _print(item, places, depth - 1)) for key, item in items])
        if isinstance(value, set):
            return (len(value), sorted(map(_key, value), key=repr)[:_ITEMS])
        if isinstance(value, _CONTAINERS) or type(value).__name__ == "deque":
            return (len(value), [_print(item, places, depth - 1) for item in list(value)[:_ITEMS]])
        attributes = _attributes(value, places)
    except RuntimeError:
        # A thread changes it right now.
        return id(value)
    if attributes is None:
        return id(value)
    return (id(value), [(name, _print(item, places, depth - 1)) for name, item in attributes])


def _key(key: Any) -> Any:
    return key if isinstance(key, _PLAIN) else id(key)


def _attributes(value: Any, places: Places) -> Optional[Any]:
    """Of a class of the project, or an object of one."""
    if isinstance(value, threading.local):
        return None
    owner = value if isinstance(value, type) else type(value)
    module = sys.modules.get(owner.__module__)
    if not places.is_own(getattr(module, "__file__", None) or ""):
        return None
    names = getattr(value, "__dict__", {})
    return [(name, item) for name, item in list(names.items()) if not name.startswith("__") and not callable(item)]


class Changes:
    """Traces the project's frames of this thread within a `with`, and looks after each line at `names`."""

    def __init__(self, places: Places, names: Set[Name]) -> None:
        self._places = places
        self._names = names
        self._last = snapshot(places, names)
        #: The line that ran last.
        self._at: Optional[Place] = None
        self.found: Dict[Name, Place] = {}

    def __enter__(self) -> "Changes":
        sys.settrace(self._trace)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)
        self._look()

    def _trace(self, frame: FrameType, event: str, arg: Any) -> Any:
        if not self._places.is_own(frame.f_code.co_filename):
            return None
        self._look()
        if event == "return":
            # The line that called goes on.
            self._at = self._places.nearest(frame.f_back)
        else:
            self._at = self._places.direct(frame)
        return self._trace

    def _look(self) -> None:
        now = snapshot(self._places, self._names)
        for name in changed(self._last, now):
            if self._at is not None:
                self.found.setdefault(name, Place(self._at.file, self._at.line))
        self._last = now
