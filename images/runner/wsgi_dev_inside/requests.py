"""What `check` requests, in the words of the host's wsgi-dev: "/cart?item=7", "POST /cart item=7"."""

from __future__ import annotations

import base64
import json
import re
from typing import Any, Dict, List, Optional

from .fault import USAGE, Fault

_REQUEST = re.compile(r"(?:([A-Z]+)[ \t]+)?(/[!-~]*)(?:[ \t]+(\S.*))?", re.S)


def requests_of(texts: List[str]) -> List[Dict[str, Any]]:
    """Each once, as the runner's order has them."""
    found: List[Dict[str, Any]] = []
    for text in dict.fromkeys(text.strip() for text in texts):
        request = _request(text)
        same = sum(one["method"] == request["method"] and one["path"] == request["path"] for one in found)
        name = f"{request['method']} {request['path']}"
        found.append({"name": f"{name} ({same + 1})" if same else name, **request})
    return found


def _request(text: str) -> Dict[str, Any]:
    match = _REQUEST.fullmatch(text)
    if match is None or "#" in match[2]:
        message = f"{text}: expected the path of a request, such as /cart?item=7, or POST /cart item=7"
        raise Fault(message, code=USAGE)
    method, path, body = match[1] or "GET", match[2], match[3]
    if body is not None and method in ("GET", "HEAD"):
        raise Fault(f"{text}: {method} has no body; for POST write POST {path} {body}", code=USAGE)
    headers = {} if body is None else {"Content-Type": _type(body)}
    return {"method": method, "path": path, "headers": headers, "body": _encoded(body)}


def _encoded(body: Optional[str]) -> str:
    return base64.b64encode((body or "").encode()).decode()


def _type(body: str) -> str:
    try:
        is_json = body[0] in "{[" and json.loads(body) is not None
    except ValueError:
        is_json = False
    return "application/json" if is_json else "application/x-www-form-urlencoded"
