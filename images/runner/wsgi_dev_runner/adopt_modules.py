"""Apache's modules: which are there, which one knows a directive, and which package brings one that isn't there."""

import os
import re
from typing import Dict, Iterable, List, Set

from .httpd_conf import MODULES

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
    "krb": "libapache2-mod-auth-kerb",
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
    "auth_mysql": "libapache2-mod-auth-mysql",
    "pubcookie": "libapache2-mod-authn-webid",
    "uwsgi": "libapache2-mod-proxy-uwsgi",
    "fcgid": "libapache2-mod-fcgid",
    "maxminddb": "libapache2-mod-maxminddb",
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


def owners(names: Set[str], loaded: Iterable[str], server: str) -> Dict[str, str]:
    """The module that knows each of the directives `names` (lower case), "" for the server itself: not those that none
    of the image's modules knows. A module has the names of its directives in it as C strings."""
    found: Dict[str, str] = {}
    first = [module for module in loaded if exists(module)]
    for module in ["", *first]:
        data = _strings(path_of(module) if module else server)
        # The end of a longer string will do: the linker may have put two into one.
        found.update({name: module for name in names - set(found) if name.encode("latin-1") + b"\0" in data})
    if names - set(found):
        others = sorted(one[len("mod_") : -len(".so")] for one in os.listdir(MODULES) if one.startswith("mod_"))
        for module in others:
            if module not in first and not is_mpm(module) and module.isidentifier():
                data = _strings(path_of(module))
                known = {name for name in names - set(found) if b"\0" + name.encode("latin-1") + b"\0" in data}
                found.update(dict.fromkeys(known, module))
    return found


def package_for(name: str) -> str:
    """The Debian package that most likely brings what knows a directive or a module; "" where that isn't known."""
    key = short(name).lower()
    key = key[len("auth_") :] if key in ("auth_gssapi", "auth_mellon", "auth_kerb") else key
    matching = [prefix for prefix in _PACKAGES if key.startswith(prefix)]
    return _PACKAGES[max(matching, key=len)] if matching else ""


def _strings(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read().lower()
