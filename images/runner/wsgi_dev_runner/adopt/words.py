"""Arguments of Apache's directives as words, with its quoting."""

import re
from typing import List, Tuple

_WORD = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s])+""")


def split(args: str) -> List[str]:
    """The words of `args`, without their quotes, also those within a word (`python-path="/a b"`)."""
    return [_unquoted(word) for word in _WORD.findall(args)]


def join(words: List[str]) -> str:
    """Words as arguments, quoted where they must be."""
    return " ".join(quoted(word) for word in words)


def quoted(word: str) -> str:
    """One word as Apache reads it back."""
    if word and not re.search(r"[\s\"'<>#\\]", word):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def option(word: str) -> Tuple[str, str]:
    """(name, value) of NAME=VALUE."""
    name, _, value = word.partition("=")
    return name.lower(), value


def _unquoted(word: str) -> str:
    parts = re.findall(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^"']+|.)""", word)
    return "".join(_plain(part) for part in parts)


def _plain(part: str) -> str:
    if len(part) > 1 and part[0] in "\"'" and part[-1] == part[0]:
        quote = part[0]
        return part[1:-1].replace(f"\\{quote}", quote).replace("\\\\", "\\")
    return part
