"""pdb, and the debugger that was chosen, open on the console where the application uses them; none is
loaded for that."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

    from .stop.stops import Stops


def hook_set_trace(chosen: str, debugger: Callable[[], Stops]) -> None:
    """Make `set_trace` of pdb and of the chosen debugger that of `debugger`, and `pdb.Pdb()`, of which pdb's other
    functions are made, another on its console."""

    def replacement(*_arguments: Any, **options: Any) -> None:
        # ipdb's and pudb's may be told not to stop after all.
        if options.get("cond", True) and options.get("paused", True):
            debugger().set_trace(sys._getframe(1), **options)

    def replace(module: ModuleType) -> None:
        module.set_trace = replacement  # type: ignore[attr-defined]
        if module.__name__ == "pdb":
            _hook_class(module, debugger)
        if module.__name__ == "pudb":
            # Its other ways in, such as `pu.db`, ask for its debugger, and take Ctrl-C for it.
            module._get_debugger = lambda **_options: debugger()  # type: ignore[attr-defined]
            module.set_interrupt_handler = lambda *_arguments: None  # type: ignore[attr-defined]

    for name in {"pdb", chosen}:
        on_import(name, replace)


def on_import(name: str, then: Callable[[ModuleType], Any]) -> None:
    """Call `then` with the module `name` as soon as it is imported."""
    if name in sys.modules:
        then(sys.modules[name])
    else:
        sys.meta_path.insert(0, _OnImport(name, then))


def _hook_class(module: Any, debugger: Callable[[], Stops]) -> None:
    # The class stays the one that others derive from, and what they derive from it stays as they made it.
    original = module.Pdb

    def new(cls: Any, completekey: Any = None, stdin: Any = None, stdout: Any = None, *_rest: Any, **_more: Any) -> Any:
        if cls is not original or not (_is_terminal(stdin) and _is_terminal(stdout)):
            return object.__new__(cls)
        first = debugger()
        from .debuggers.own_pdb import OwnPdb

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

    def __init__(self, name: str, then: Callable[[ModuleType], Any]) -> None:
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
