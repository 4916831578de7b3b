"""What a directive becomes in this container: by its name, and by what is here and what isn't."""

import os
from typing import NamedTuple, Optional, Set, Tuple

from ..settings import Settings
from . import certificates
from .dump import Directive
from .local import WHY, let_in
from .locales import VARIABLES, is_here
from .modules import STATIC, is_mpm, package_for, short
from .rules import ruled
from .started import WHY as AT_START
from .started import Loaded, with_name
from .words import join, option, split


class Here(NamedTuple):
    """What the container is like."""

    settings: Settings
    #: Who asks from outside of it; None on a server that is reached as it is deployed.
    gateway: Optional[str]
    #: Directives that name a file of TLS that isn't here, by their id.
    without: Set[int]
    #: Serve mode: the scripts that are loaded before a request has come.
    started: Loaded = Loaded([], [], {})


def in_container(one: Directive, here: Here) -> Tuple[Optional[str], str]:
    """The directive's arguments here (None: it is left out), and why they differ, where they do."""
    debug = here.settings.debug
    if id(one) in here.without:
        instead = certificates.INSTEAD[one.key]
        return instead or None, "it is not here: a self-signed one" if instead else "it is not here"
    if one.key == "loadmodule":
        module = short((split(one.args) or [""])[0])
        if is_mpm(module):
            return None, "debug mode is one process"
        return None, "Apache has it built in" if module in STATIC else _not_here(module)
    if one.key in ("include", "includeoptional"):
        return None, "it is not here"
    if one.key == "wsgidaemonprocess" and not debug:
        return _daemon(one, here.settings)
    if id(one) in here.started.named:
        return with_name(one.args, here.started.named[id(one)]), AT_START
    local = let_in(one, here.gateway)
    if local is not None:
        return local, WHY
    return ruled(one, debug)


def _daemon(one: Directive, settings: Settings) -> Tuple[Optional[str], str]:
    """Serve mode: what a process of the project's owner, in this image, can have."""
    args, why = ruled(one, False)
    words = [word for word in split(args or "") if _can_be(word)]
    if not any(word.startswith("home=") for word in words):
        words.append(f"home={settings.root}")
    return join(words), why or "as the container has it"


def _can_be(word: str) -> bool:
    name, value = option(word)
    if name in VARIABLES:
        return is_here(value)
    return name not in ("home", "python-home") or os.path.isdir(value)


def _not_here(module: str) -> str:
    package = package_for(module)
    return f"the image has no such module: packages.apt: [{package}]" if package else "the image has no such module"
