"""Convenience variables: $request and its like at the prompt, as pdb has them since Python 3.12."""

import io
import token
import tokenize
from typing import Any, Dict

from .current_request import NAMES, look_up
from .desk import Desk

#: Where pdb keeps them, in the globals of a frame.
KEY = "__pdb_convenience_variables"


class Variables(Dict[str, Any]):
    """What was set at the prompt by `$name = …` or by pdb; the request's are looked up when they are used."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def __missing__(self, name: str) -> Any:
        if name not in NAMES:
            raise KeyError(name)
        if self._desk.request is None:
            raise LookupError(f"there is no ${name}: no request is being answered")
        return look_up(name, self._desk.request.environ)


def with_variables(line: str) -> str:
    """`line` with each `$name` that stands in no string as the expression that has its value."""
    if "$" not in line:
        return line
    pieces, end, dollar = [], 0, -1
    try:
        for kind, text, (_, start), (_, stop), _ in tokenize.generate_tokens(io.StringIO(line).readline):
            if kind == token.NAME and start == dollar + 1 > 0:
                pieces += [line[end:dollar], f'{KEY}["{text}"]']
                end = stop
            dollar = start if text == "$" else -1
    except (tokenize.TokenError, SyntaxError):
        return line
    return "".join([*pieces, line[end:]])
