"""Inside Apache's process, under a configuration of the user's own: what a daemon process would set, and its scripts.

mod_wsgi itself finds the script and the callable for a request, as the configuration says. The scripts are loaded
before, under the names that mod_wsgi looks for; and mod_wsgi tells of each request, and lets its application be
replaced.
"""

from __future__ import annotations

import os
import sys
from functools import partial

from ..loading import Loader, script_module_name
from ..outcome import failed_application, print_traceback

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional

    from ..notes import Notes
    from ..session import DebugSession


def prepare(adopted: Mapping[str, Any], root: str) -> Scripts:
    """Set what the daemon process of the scripts would set; then they can be loaded."""
    if adopted["umask"] is not None:
        os.umask(adopted["umask"])
    if adopted["cwd"] is not None:
        os.chdir(adopted["cwd"])
    if adopted["locale"] is not None:
        import locale

        locale.setlocale(locale.LC_ALL, adopted["locale"])
    _put_first(adopted["python_path"])
    return Scripts(adopted["scripts"], root)


def follow(session: DebugSession, compares: bool) -> None:
    """Have each request of mod_wsgi's served by the session, with the application that mod_wsgi has found for it.
    `compares`: what fails is told, to be tried as the site is configured."""
    import mod_wsgi  # type: ignore[import-not-found]

    loader: Any = session.loader

    def on_guard(module: ModuleType) -> None:
        from .guarded import guard

        guard(module, session)

    loader.guard = on_guard

    def on_failure(error: BaseException) -> None:
        session.report(error)
        session.explain(error)

    loader.failed = on_failure

    def on_event(name: str, **fields: Any) -> Optional[Dict[str, Any]]:
        if name != "request_started":
            return None
        application = fields["application_object"]
        return {"application_object": partial(session.serve, lambda: application)}

    mod_wsgi.subscribe_events(on_event)
    stop_tracing = session.desk.stop_tracing

    def await_scripts() -> None:
        # mod_wsgi itself loads those that no directive names, before it tells of the request.
        stop_tracing()
        session.hold_breaks()

    session.desk.stop_tracing = await_scripts
    if compares:
        from .failures import tell_failures

        tell_failures(session.desk)


def serve_adopted(adopted: Mapping[str, Any], notes: Notes, root: str) -> Callable[..., Iterable[bytes]]:
    """Serve mode: load the scripts of this interpreter, and say how that ended. Serving is Apache's affair."""
    import mod_wsgi

    here = [mod_wsgi.process_group, mod_wsgi.application_group]
    scripts = [one for one in adopted["scripts"] if one["interpreter"] == here]
    if not scripts:
        notes.send("idle", loaded=True, announced=True, script=None)
        return failed_application
    from ..serving import load_once

    loader = Scripts(scripts, root, stands_in=False)
    loader.failed = print_traceback
    return load_once("|".join(here), loader, notes, interpreter=here)


class Scripts(Loader):
    """All scripts of the configuration, loaded at start. One of several that fails leaves the others alone."""

    def __init__(self, scripts: List[Dict[str, Any]], root: str, stands_in: bool = True) -> None:
        """`stands_in`: one that fails is not tried again at each request."""
        self.root = root
        self.before: Callable[[], bool] = lambda: False
        #: Given each script that guards a location.
        self.guard: Callable[[ModuleType], None] = lambda _module: None
        #: Told of each script that could not be loaded, where others could.
        self.failed: Callable[[BaseException], Any] = lambda _error: None
        self._scripts = scripts
        self._stands_in = stands_in

    def load(self) -> Callable[..., Iterable[bytes]]:
        """Load them; raises what the last one raises where none that serves can be loaded."""
        failed: Dict[str, BaseException] = {}
        for script in self._scripts:
            try:
                self._load(script)
            except BaseException as error:  # noqa: B902 - SystemExit at import must not end the server either
                failed[script["path"]] = error
                if self._stands_in:
                    self._stand_in(script)
        serving = [one["path"] for one in self._scripts if one["serves"]] or [one["path"] for one in self._scripts]
        # Those that guard others serve nobody alone.
        fatal = failed.get(serving[-1]) if serving and all(path in failed for path in serving) else None
        for one in failed.values():
            if one is not fatal:
                self.failed(one)
        if fatal is not None:
            raise fatal
        return failed_application

    def saved(self) -> bool:
        """Another start has what was saved."""
        return False

    def reloadable_script(self) -> Optional[str]:
        """None: an edit starts Apache anew."""
        return None

    def _load(self, script: Dict[str, Any]) -> None:
        target = {"kind": "script", "path": script["path"], "callable": "application", "factory": False}
        loader = Loader(target, self.root)
        traced = self.before()
        try:
            module = loader._import()
        finally:
            if traced:
                sys.settrace(None)
        # So does mod_wsgi know which state of the file it has.
        module.__mtime__ = os.stat(script["path"]).st_mtime_ns // 1000  # type: ignore[attr-defined]
        if script.get("guards"):
            self.guard(module)
        if script["callables"] and not any(hasattr(module, name) for name in script["callables"]):
            # It says what is there instead.
            loader._callable(module)

    def _stand_in(self, script: Dict[str, Any]) -> None:
        """So that mod_wsgi doesn't try again at each request."""
        name = script_module_name(script["path"])
        module = type(sys)(name)
        for one in script["callables"]:
            setattr(module, one, failed_application)
        sys.modules[name] = module


def _put_first(paths: List[str]) -> None:
    """As mod_wsgi does for python-path: with their .pth files, before what was there."""
    if not paths:
        return
    import site

    before = list(sys.path)
    for path in paths:
        site.addsitedir(path)
    new = [path for path in sys.path if path not in before]
    ordered = [path for path in paths if path not in new]
    sys.path[:] = [*ordered, *new, *(path for path in before if path not in ordered)]
