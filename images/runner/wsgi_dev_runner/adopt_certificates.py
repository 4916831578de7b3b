"""Certificates that are not here: one that signs itself stands for them."""

import os
import subprocess
from typing import Dict, Iterable

from .settings import RUNTIME_DIRECTORY

CERTIFICATE = f"{RUNTIME_DIRECTORY}/self-signed.crt"
KEY = f"{RUNTIME_DIRECTORY}/self-signed.key"
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
    "sslopensslconfcmd": "",
}


def make(names: Iterable[str]) -> None:
    """Make the pair, for these host names, unless it is there."""
    if os.path.exists(CERTIFICATE):
        return
    subject = ",".join(f"DNS:{name}" for name in dict.fromkeys(["localhost", "*.localhost", *names])) + ",IP:127.0.0.1"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "365", "-subj", "/CN=wsgi-dev", "-addext", f"subjectAltName={subject}"]
    subprocess.run([*command, "-keyout", KEY, "-out", CERTIFICATE], check=True, capture_output=True)
