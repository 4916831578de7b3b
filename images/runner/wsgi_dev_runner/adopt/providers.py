"""Modules that no directive belongs to, but a word of one: who is let in, and who says so."""

from typing import Dict, Iterable, List

from .dump import Directive
from .words import split

_REQUIRE: Dict[str, str] = {
    **{word: "authz_user" for word in ("user", "valid-user")},
    **{word: "authz_groupfile" for word in ("group", "file-group")},
    **{word: "authz_host" for word in ("ip", "host", "forward-dns", "local")},
    **{word: "authz_dbm" for word in ("dbm-group", "dbm-file-group")},
    **{word: "authz_dbd" for word in ("dbd-group", "dbd-login", "dbd-logout")},
    **{f"ldap-{word}": "authnz_ldap" for word in ("user", "group", "dn", "attribute", "filter", "search")},
    "file-owner": "authz_owner",
}
_PROVIDER: Dict[str, str] = {
    **{word: f"authn_{word}" for word in ("file", "dbm", "dbd", "anon", "socache")},
    "ldap": "authnz_ldap",
    "wsgi": "wsgi",
}
_TYPE: Dict[str, str] = {"basic": "auth_basic", "digest": "auth_digest", "form": "auth_form", "gssapi": "auth_gssapi"}


def providers(directives: Iterable[Directive]) -> List[str]:
    """Short names of the modules behind the words of Require, AuthType and their like, each once."""
    found: List[str] = []
    for one in directives:
        words = [word.lower() for word in split(one.args)]
        if one.key == "require":
            names = [_REQUIRE.get(words[1] if words[:1] == ["not"] and words[1:] else "".join(words[:1]), "")]
        elif one.key in ("authbasicprovider", "authdigestprovider", "authformprovider"):
            names = [_PROVIDER.get(word, "") for word in words]
        elif one.key == "authtype":
            names = [_TYPE.get(word, "") for word in words]
        else:
            continue
        found += [name for name in names if name and name not in found]
    return found
