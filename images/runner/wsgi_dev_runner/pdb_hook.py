"""pdb.set_trace, and so breakpoint(), opens the debugger on the console; pdb isn't loaded for that."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, ModuleType
    from typing import Any, Callable


def hook_pdb(set_trace: Callable[[FrameType], None]) -> None:
    """Make `pdb.set_trace` call `set_trace` with its caller's frame, whenever pdb is imported."""

    def replace(module: ModuleType) -> None:
        def replacement(*_arguments: Any, **_options: Any) -> None:
            set_trace(sys._getframe(1))

        module.set_trace = replacement  # type: ignore[attr-defined]

    if "pdb" in sys.modules:
        replace(sys.modules["pdb"])
    else:
        sys.meta_path.insert(0, _OnImport("pdb", replace))


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
