"""The modules that a configuration needs."""

from typing import List, Sequence

from .dump import Directive
from .modules import exists, is_mpm, owners, package_for, short, with_needed
from .providers import providers
from .rules import is_mpms
from .ruling import Here, in_container
from .said import Said


def needed(directives: Sequence[Directive], loaded: Sequence[str], here: Here, said: Said) -> List[str]:
    """Short names of the modules to load, those that only directives ask for last."""
    have = [short(one) for one in loaded]
    have = (["mpm_prefork"] if here.settings.debug else [one for one in have if is_mpm(one)]) + [
        one for one in have if not is_mpm(one)
    ]
    names = {one.key: one for one in reversed(directives) if not one.name.startswith("</")}
    kept = {key: one for key, one in names.items() if not is_mpms(key) and in_container(one, here)[0] is not None}
    found = owners(one.name for one in kept.values())
    for key in sorted(set(kept) - set(found)):
        one = names[key]
        package = package_for(one.name.lstrip("<"))
        if package:
            message = f"{one.name} needs a module that the image lacks: add {package} to packages.apt"
            raise said.error(one, message)
        raise said.error(one, f"Invalid command '{one.name}': no module of Apache in the image knows it")
    more = sorted({module for module in found.values() if module and module not in have})
    more += [one for one in providers(directives) if one not in [*have, *more] and exists(one)]
    if more:
        said.notes.append(f"modules that it needs are loaded: {', '.join(more)}")
    needs = [*have, *more, "authz_core", "alias", "mime", "reqtimeout", "wsgi"]
    return [one for one in with_needed(needs) if exists(one)]
