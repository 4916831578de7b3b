"""Certificates that are not here: one that signs itself stands for them."""

import os
from typing import Dict, Iterable, List, Sequence, Set

from ..settings import RUNTIME_DIRECTORY
from .dump import Directive
from .groups import Placed
from .words import split

CERTIFICATE = f"{RUNTIME_DIRECTORY}/self-signed.crt"
KEY = f"{RUNTIME_DIRECTORY}/self-signed.key"
_PAIR = ("sslcertificatefile", "sslcertificatekeyfile")
#: Directive → the file that stands for one that isn't here; "": it is left out.
INSTEAD: Dict[str, str] = {
    "sslcertificatefile": CERTIFICATE,
    "sslcertificatekeyfile": KEY,
    "sslcertificatechainfile": "",
    "sslcacertificatefile": "",
    "sslcacertificatepath": "",
    "sslcarevocationfile": "",
    "sslcarevocationpath": "",
    "sslcadnrequestfile": "",
    "sslcadnrequestpath": "",
    "sslproxycacertificatefile": "",
    "sslproxycacertificatepath": "",
    "sslproxymachinecertificatefile": "",
}


def missing(lines: Sequence[Placed], server_root: str) -> Set[int]:
    """The id of each directive that names a certificate or its key where one of both isn't here, and of those that name
    other files that aren't."""
    pairs: Dict[int, List[Directive]] = {}
    found: Set[int] = set()
    for one in lines:
        said = one.directive
        if said.key in _PAIR:
            pairs.setdefault(id(one.host), []).append(said)
        elif said.key in INSTEAD and not _is_here(said, server_root):
            found.add(id(said))
    for pair in pairs.values():
        if not all(_is_here(said, server_root) for said in pair):
            found.update(id(said) for said in pair)
    return found


def make(names: Iterable[str]) -> None:
    """Make the pair, for these host names, unless it is there."""
    if os.path.exists(CERTIFICATE):
        return
    import subprocess

    subject = ",".join(f"DNS:{name}" for name in dict.fromkeys(["localhost", "*.localhost", *names])) + ",IP:127.0.0.1"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "365", "-subj", "/CN=wsgi-dev", "-addext", f"subjectAltName={subject}"]
    command += ["-addext", "basicConstraints=critical,CA:FALSE"]
    subprocess.run([*command, "-keyout", KEY, "-out", CERTIFICATE], check=True, capture_output=True)
    with open(KEY, encoding="ascii") as key, open(CERTIFICATE, "a", encoding="ascii") as both:
        # A configuration may have both in one file.
        both.write(key.read())


def _is_here(said: Directive, server_root: str) -> bool:
    words = split(said.args)
    return bool(words) and os.access(os.path.join(server_root, words[-1]), os.R_OK)
