"""pdb, as the application uses it, opens on the console; it isn't loaded for that."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable, Optional

    from .debugger import Debugger


def hook_pdb(set_trace: Callable[..., None], debugger: Optional[Callable[[], Debugger]] = None) -> None:
    """Whenever pdb is imported: `pdb.set_trace` calls `set_trace` with its caller's frame and its own arguments, and
    `pdb.Pdb()`, of which pdb's other functions are made, is a debugger on the console of `debugger`."""

    def replace(module: ModuleType) -> None:
        def replacement(*_arguments: Any, **options: Any) -> None:
            set_trace(sys._getframe(1), **options)

        module.set_trace = replacement  # type: ignore[attr-defined]
        if debugger is not None:
            _hook_class(module, debugger)

    if "pdb" in sys.modules:
        replace(sys.modules["pdb"])
    else:
        sys.meta_path.insert(0, _OnImport("pdb", replace))


def _hook_class(module: Any, debugger: Callable[[], Debugger]) -> None:
    # The class stays the one that others derive from, and what they derive from it stays as they made it.
    original = module.Pdb

    def new(cls: Any, completekey: Any = None, stdin: Any = None, stdout: Any = None, *_rest: Any, **_more: Any) -> Any:
        if cls is not original or not (_is_terminal(stdin) and _is_terminal(stdout)):
            return object.__new__(cls)
        first = debugger()
        from .own_pdb import OwnPdb

        own = object.__new__(OwnPdb)
        own.first = first
        return own

    original.__new__ = new


def _is_terminal(stream: Any) -> bool:
    """Whether pdb on `stream` would be a person's: not on a socket, nor on a text that is read later."""
    if stream is None or stream in (sys.stdin, sys.stdout, sys.__stdin__, sys.__stdout__):
        return True
    try:
        return bool(stream.isatty())
    except (AttributeError, OSError, ValueError):
        return False


class _OnImport:
    """A finder that stands aside after it has seen one import."""

    def __init__(self, name: str, then: Callable[[ModuleType], None]) -> None:
        self._name = name
        self._then = then

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> Any:
        if name != self._name:
            return None
        import importlib.util

        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        loader: Any = spec and spec.loader
        if loader is not None:
            execute = loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                self._then(module)

            loader.exec_module = exec_module
        return spec
