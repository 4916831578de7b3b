"""Apache's modules: which are there, which one knows a directive, and which package brings one that isn't there."""

import os
import re
from typing import Dict, Iterable, List, Set

from ..httpd_conf import MODULES
from .directives import known

#: Part of Debian's Apache itself.
STATIC = {"core", "so", "watchdog", "http", "log_config", "logio", "version", "unixd", "systemd"}
#: What Debian enables by default, and what each configuration needs here.
USUAL = (
    *("access_compat", "alias", "auth_basic", "authn_core", "authn_file", "authz_core", "authz_host", "authz_user"),
    *("autoindex", "deflate", "dir", "env", "filter", "mime", "negotiation", "reqtimeout", "setenvif", "wsgi"),
)
#: Modules that another one can't be loaded without, to be loaded before it.
_BEFORE: Dict[str, List[str]] = {
    "ssl": ["socache_shmcb"],
    "authnz_ldap": ["ldap"],
    "dav_fs": ["dav"],
    "dav_svn": ["dav"],
    "authz_groupfile": ["authz_core"],
    "cache_disk": ["cache"],
    "cache_socache": ["cache"],
    "lbmethod_byrequests": ["slotmem_shm", "proxy", "proxy_balancer"],
    "proxy_balancer": ["slotmem_shm", "proxy"],
    "session_cookie": ["session"],
    "session_dbd": ["session", "dbd"],
    "auth_form": ["session", "request"],
    "xml2enc": ["proxy"],
}
#: Begin of a directive's name → the Debian package with the module that knows it.
_PACKAGES = {
    "xsendfile": "libapache2-mod-xsendfile",
    "gssapi": "libapache2-mod-auth-gssapi",
    "sec": "libapache2-mod-security2",
    "mellon": "libapache2-mod-auth-mellon",
    "oidc": "libapache2-mod-auth-openidc",
    "auth_openidc": "libapache2-mod-auth-openidc",
    "shib": "libapache2-mod-shib",
    "cas": "libapache2-mod-auth-cas",
    "authcas": "libapache2-mod-auth-cas",
    "dosp": "libapache2-mod-evasive",
    "passenger": "libapache2-mod-passenger",
    "perl": "libapache2-mod-perl2",
    "php": "libapache2-mod-php",
    "qs_": "libapache2-mod-qos",
    "rpaf": "libapache2-mod-rpaf",
    "svn": "libapache2-mod-svn",
    "authzsvn": "libapache2-mod-svn",
    "fcgid": "libapache2-mod-fcgid",
    "geoip": "libapache2-mod-geoip",
    "authnyubikey": "libapache2-mod-authn-yubikey",
    "python": "libapache2-mod-python",
}


def path_of(module: str) -> str:
    """The file of a module, "ssl"."""
    return f"{MODULES}/mod_{module}.so"


def exists(module: str) -> bool:
    """Whether the image has it."""
    return os.path.exists(path_of(module))


def is_mpm(module: str) -> bool:
    """Of these Apache takes one."""
    return module.startswith("mpm_")


def short(name: str) -> str:
    """ "ssl" of "ssl_module" and "mod_ssl.c"."""
    found = re.fullmatch(r"(?:mod_)?(\w+?)(?:_module|\.c)?", name)
    return found.group(1).lower() if found else name


def with_needed(modules: Iterable[str]) -> List[str]:
    """`modules`, each behind those that it needs."""
    ordered: List[str] = []
    for module in modules:
        before = _BEFORE.get(module, [])
        before = ["proxy"] if module.startswith("proxy_") and not before else before
        for one in [*before, module]:
            if one not in ordered:
                ordered.append(one)
    return ordered


def owners(names: Iterable[str]) -> Dict[str, str]:
    """The module that knows each of the directives `names` (as written), in lower case; "" for the server itself. Those
    that no module of the image knows are left out."""
    table = known()
    found: Dict[str, str] = {}
    unknown: List[str] = []
    for name in names:
        key = name.lower()
        module = "wsgi" if key.startswith("wsgi") else table.get(key)
        if module is None:
            unknown.append(name)
        elif module == "" or exists(module):
            found[key] = module
    # What a package has brought: a module has the names of its directives in it as C strings.
    for module in _brought(set(table.values())) if unknown else []:
        with open(path_of(module), "rb") as file:
            text = file.read()
        found.update({name.lower(): module for name in unknown if name.encode("latin-1") + b"\0" in text})
    return found


def _brought(usual: Set[str]) -> List[str]:
    """Modules in the image that aren't Apache's own."""
    names = sorted(one[len("mod_") : -len(".so")] for one in os.listdir(MODULES) if one.endswith(".so"))
    return [one for one in names if one not in usual and not is_mpm(one) and one != "wsgi" and exists(one)]


def package_for(name: str) -> str:
    """The Debian package that most likely brings what knows a directive or a module; "" where that isn't known."""
    key = short(name).lower()
    key = key[len("auth_") :] if key in ("auth_gssapi", "auth_mellon", "auth_kerb") else key
    matching = [prefix for prefix in _PACKAGES if key.startswith(prefix)]
    return _PACKAGES[max(matching, key=len)] if matching else ""
