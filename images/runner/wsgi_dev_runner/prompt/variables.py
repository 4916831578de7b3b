"""Convenience variables: $request and its like at the prompt, as pdb has them since Python 3.12."""

import io
import token
import tokenize
from itertools import accumulate
from typing import Any, Dict

from ..desk import Desk
from .current_request import NAMES, look_up

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


def with_variables(text: str) -> str:
    """`text` with each `$name` that stands in no string as the expression that has its value."""
    if "$" not in text:
        return text
    starts = list(accumulate(map(len, text.splitlines(keepends=True)), initial=0))
    pieces, end, dollar = [], 0, -1
    try:
        for kind, name, (row, column), _, _ in tokenize.generate_tokens(io.StringIO(text).readline):
            start = starts[row - 1] + column
            if kind == token.NAME and start == dollar + 1 > 0:
                pieces += [text[end:dollar], f'{KEY}["{name}"]']
                end = start + len(name)
            dollar = start if name == "$" else -1
    except (tokenize.TokenError, SyntaxError, IndexError):
        return text
    return "".join([*pieces, text[end:]])
