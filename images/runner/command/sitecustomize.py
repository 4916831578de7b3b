"""On PYTHONPATH in `wsgi-dev run --debug`: Python imports it at its start, in each process that the command begins."""

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))


def _prepare() -> None:
    # For this import alone: the command's own modules have the names that they like.
    sys.path.insert(0, os.path.dirname(_HERE))
    try:
        from wsgi_dev_runner.command import prepare
    finally:
        del sys.path[0]
    prepare()


def _import_next() -> None:
    """The sitecustomize that this one hides."""
    import importlib.machinery

    path = [entry for entry in sys.path if os.path.abspath(entry) != _HERE]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", path)
    if spec is not None and spec.loader is not None:
        import importlib.util

        spec.loader.exec_module(importlib.util.module_from_spec(spec))


_prepare()
_import_next()
