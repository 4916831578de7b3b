"""Finds the WSGI callable in a module or a script file, and says plainly why it can't."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType, TracebackType
    from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


class LoadError(Exception):
    """The module was imported, but what it holds is no WSGI application."""


class Loader:
    """Loads the application, and its own file anew when that was saved (as mod_wsgi does with its script)."""

    def __init__(self, target: Mapping[str, Any], root: str) -> None:
        self.root = root
        self._target = target
        self._name = target["module"] if target["kind"] == "module" else script_module_name(target["path"])
        self._file: Optional[str] = None
        self._saved_at = 0
        #: Called before each load: it may trace what runs then, and tells so.
        self.before: Callable[[], bool] = lambda: False

    def load(self) -> Callable[..., Iterable[bytes]]:
        """Import the target and return its callable; raises whatever the import raises, or LoadError."""
        traced = self.before()
        try:
            module = self._import()
            application = self._callable(module)
        finally:
            if traced:
                sys.settrace(None)
        self._file = getattr(module, "__file__", None)
        self._saved_at = self._modification_time()
        return application

    def saved(self) -> bool:
        """Whether the application's own file was saved since it was loaded."""
        return self._file is not None and self._modification_time() != self._saved_at

    def reload(self) -> Callable[..., Iterable[bytes]]:
        """Load the application's own file anew, other modules staying as they are."""
        linecache = sys.modules.get("linecache")
        if linecache is not None:
            linecache.checkcache()
        self._saved_at = self._modification_time()
        sys.modules.pop(self._name, None)
        return self.load()

    def reloadable_script(self) -> Optional[str]:
        """The application's file, when `reload` alone is enough: no other module holds a part of it."""
        if self._file is None or not self._file.startswith(self.root + os.sep) or self._file.endswith("__init__.py"):
            return None
        return None if self._is_shared() else self._file

    def _is_shared(self) -> bool:
        own = sys.modules.get(self._name)
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None) or ""
            if name == self._name or not file.startswith(self.root + os.sep):
                continue
            for value in list(vars(module).values()):
                if value is own or getattr(value, "__module__", None) == self._name:
                    return True
        return False

    def _import(self) -> ModuleType:
        if self._target["kind"] == "module":
            return importlib.import_module(self._name)
        path = os.path.join(self.root, self._target["path"])
        loader = importlib.machinery.SourceFileLoader(self._name, path)
        module = importlib.util.module_from_spec(importlib.util.spec_from_loader(self._name, loader))  # type: ignore[arg-type]
        sys.modules[self._name] = module
        try:
            loader.exec_module(module)
        except BaseException:
            del sys.modules[self._name]
            raise
        return module

    def _callable(self, module: ModuleType) -> Callable[..., Iterable[bytes]]:
        name = self._target["callable"]
        value: Any = module
        for part in name.split("."):
            value = getattr(value, part, None)
        if value is None:
            raise LoadError(f"{self._shown(module)} has no `{name}`; {_candidates(module)}")
        if self._target["factory"]:
            value = value()
        if not callable(value):
            raise LoadError(f"`{name}` in {self._shown(module)} is a {type(value).__name__}, which is not callable")
        if _is_coroutine(value) or _is_coroutine(vars(type(value)).get("__call__")):
            raise LoadError(
                f"`{name}` in {self._shown(module)} is an ASGI application; Apache with mod_wsgi serves WSGI"
            )
        application: Callable[..., Iterable[bytes]] = value
        return application

    def _shown(self, module: ModuleType) -> str:
        return os.path.relpath(getattr(module, "__file__", None) or module.__name__, self.root)

    def _modification_time(self) -> int:
        try:
            return os.stat(self._file or "").st_mtime_ns
        except OSError:
            # Between an editor's unlink and rename: the next request sees the new file.
            return self._saved_at


def script_module_name(path: str) -> str:
    """The name under which mod_wsgi itself would register a script file."""
    import hashlib

    return "_mod_wsgi_" + hashlib.md5(path.encode()).hexdigest()


def _is_coroutine(value: Any) -> bool:
    """`async def`, told as inspect does, whose import each start would pay for."""
    return bool(getattr(getattr(value, "__code__", None), "co_flags", 0) & 0x80)


def _candidates(module: ModuleType) -> str:
    names = [
        name
        for name, value in vars(module).items()
        if callable(value) and not name.startswith("_") and not isinstance(value, type)
    ]
    return f"it has {', '.join(sorted(names)[:8])}" if names else "it holds nothing callable"


def is_quit(error: BaseException) -> bool:
    """Whether a person quit at the prompt; without bdb loaded nobody did."""
    bdb = sys.modules.get("bdb")
    return bdb is not None and isinstance(error, bdb.BdbQuit)


def describe(error: BaseException, root: str) -> Dict[str, Any]:
    """What went wrong in one line, and the place in the project where it did."""
    import traceback

    file, line = None, None
    if is_quit(error):
        return {"message": "it was quit in the debugger", "file": file, "line": line}
    if isinstance(error, SyntaxError) and error.filename:
        file, line = error.filename, error.lineno
    else:
        for entry in traceback.extract_tb(_project_frames(error)):
            if entry.filename.startswith(root + os.sep):
                file, line = entry.filename, entry.lineno
    if file is not None and file.startswith(root + os.sep):
        file = os.path.relpath(file, root)
    message = (
        str(error) if isinstance(error, LoadError) else traceback.format_exception_only(type(error), error)[-1].strip()
    )
    return {"message": message[:400], "file": file, "line": line}


def project_traceback(error: BaseException, colors: bool = False) -> List[str]:
    """The traceback as Python prints it, without the frames of the runner and of imports; in colours since 3.13."""
    if isinstance(error, LoadError):
        return []
    import traceback

    options: Dict[str, Any] = {"colorize": True} if colors and sys.version_info >= (3, 13) else {}
    return traceback.format_exception(type(error), error, _project_frames(error), **options)


def leave_to_others(error: BaseException) -> None:
    """Take the runner's frames from the traceback of `error`, which leaves the runner by a plain `raise` next, for
    mod_wsgi or a framework to log. Before Python 3.11 the first of them stays: that raises with what it has caught."""
    first, others = error.__traceback__, []
    entry = first
    while entry is not None:
        if not entry.tb_frame.f_code.co_filename.startswith(_PACKAGE):
            others.append(entry)
        entry = entry.tb_next
    if first is None or not others:
        return
    for one, following in zip(others, [*others[1:], None]):
        one.tb_next = following
    if first is not others[0]:
        first.tb_next = others[0]
    error.__traceback__ = others[0]


def _project_frames(error: BaseException) -> Optional[TracebackType]:
    frame = error.__traceback__
    while frame is not None and _is_machinery(frame.tb_frame.f_code.co_filename):
        frame = frame.tb_next
    return frame


def _is_machinery(filename: str) -> bool:
    return filename.startswith((_PACKAGE, "<frozen importlib", importlib.__file__.rpartition("/")[0]))
