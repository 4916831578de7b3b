"""`install`: what the application needs, into the environment that the server takes its packages from."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from argparse import Namespace
from typing import Dict, List, Mapping

from .project import Project
from .python_home import python_home

#: What pip can't read, uv installs; on the host wsgi-dev takes the same.
_UV = "uv==0.13.9"
#: With the authorities that the Feature has brought.
_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
_PIP = ("-m", "pip", "--disable-pip-version-check")


def install(options: Namespace, project: Project) -> int:
    """Install the files and then the packages, each by itself; returns 1 where one of them failed.

    A package of a developer's, such as debugpy, doesn't keep the application from its own, nor the other way round.
    """
    home = python_home(project.directory, os.environ, _say)
    python = os.path.join(home, "bin", "python3")
    env = trusting(os.environ)
    failed: List[str] = []
    for what, commands in steps(python, options):
        codes = (subprocess.call(command, cwd=project.directory, env=env) for command in commands)
        if any(code != 0 for code in codes):
            failed.append(what)
    shutil.rmtree(_uv_directory(), ignore_errors=True)
    if not failed:
        return 0
    _say(f"wsgi-dev: {' and '.join(failed)} could not be installed into {home}: what failed stands above")
    _say(f"Once that is mended: wsgi-dev install {shlex.join(_words(options))}")
    _say("An authority of your own is trusted with `ca_certificates:` in wsgi-dev.yaml, written by")
    _say("`wsgi-dev devcontainer init` on the host.")
    return 1


def steps(python: str, options: Namespace) -> List[tuple[str, List[List[str]]]]:
    """What is installed together, with the commands that do it; of several the first that fails is the last."""
    pip = [python, *_PIP, "install"]
    plain = [path for path in options.requirement if _kind(path) == "requirements"]
    others = [path for path in options.requirement if path not in plain]
    found = []
    if others:
        found.append((" and ".join(options.requirement), _by_uv(python, plain, others, options)))
    elif plain:
        found.append((" and ".join(plain), [[*pip, *(word for path in plain for word in ("-r", path))]]))
    if options.package:
        found.append((" and ".join(options.package), [[*pip, *options.package]]))
    return found


def trusting(env: Mapping[str, str]) -> Dict[str, str]:
    """The environment in which pip and uv trust what the system does; what is set already stands."""
    found = {name: _BUNDLE for name in ("PIP_CERT", "SSL_CERT_FILE")} if os.path.exists(_BUNDLE) else {}
    return {**found, **env}


def _by_uv(python: str, plain: List[str], others: List[str], options: Namespace) -> List[List[str]]:
    """All but each pylock.toml, which is a resolution itself, in one."""
    directory = _uv_directory()
    uv = os.path.join(directory, "bin", "uv")
    add = [uv, "pip", "install", "--no-cache", "--python", python]
    groups = [word for name in options.group for word in ("--group", name)]
    extras = [word for name in options.extra for word in ("--extra", name)]
    commands = [[python, *_PIP, "install", "--quiet", "--no-deps", "--target", directory, _UV]]
    together = [*plain]
    for path in others:
        if _kind(path) == "uv-lock":
            exported = os.path.join(directory, f"lock-{len(commands)}.txt")
            of = ["--project", os.path.dirname(path) or ".", "--python", python, *groups, *extras]
            kept = ["--quiet", "--frozen", "--no-emit-workspace", "--no-header", "--no-annotate"]
            commands.append([uv, "export", *kept, *of, "--output-file", exported])
            together.append(exported)
        elif _kind(path) == "pylock":
            commands.append([*add, *groups, *extras, "-r", path])
        else:
            together.append(path)
    if together:
        named = [path for path in others if _kind(path) == "pyproject"]
        of = [word for path in named for name in options.group for word in ("--group", f"{path}:{name}")]
        files = [word for path in together for word in ("-r", path)]
        commands.append([*add, *(extras if named else []), *of, *files])
    return commands


def _uv_directory() -> str:
    return os.path.join(tempfile.gettempdir(), f"wsgi-dev-uv-{os.getpid()}")


def _kind(path: str) -> str:
    name = os.path.basename(path)
    if name == "pyproject.toml":
        return "pyproject"
    if name == "uv.lock":
        return "uv-lock"
    return "pylock" if re.match(r"pylock(\.[^.]+)?\.toml$", name) else "requirements"


def _words(options: Namespace) -> List[str]:
    pairs = (("-r", options.requirement), ("--group", options.group), ("--extra", options.extra))
    return [*(word for option, names in pairs for name in names for word in (option, name)), *options.package]


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
