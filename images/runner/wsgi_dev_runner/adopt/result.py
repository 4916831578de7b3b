"""What becomes of a configuration: what Apache runs instead, or why it can't be run."""

from typing import Any, Dict, List, NamedTuple, Optional

from .included import Mark


class AdoptError(Exception):
    """The configuration can't be run: `place` is FILE:LINE or FILE, `excerpt` the line with a caret."""

    def __init__(self, place: str, message: str, excerpt: str = "") -> None:
        super().__init__(f"{place}: {message}")
        self.excerpt = excerpt


class Change(NamedTuple):
    """One directive that runs otherwise than it is written; `after` is None where it is left out."""

    file: str
    line: int
    before: str
    after: Optional[str]
    why: str


class Adopted(NamedTuple):
    """What Apache runs instead."""

    configuration: str
    changes: List[Change]
    notes: List[str]
    urls: List[str]
    #: Scripts that are loaded at start: in debug mode as `scripts.loaded` has them, in serve mode as `started` has.
    scripts: List[Dict[str, Any]]
    effects: Dict[str, Any]
    environment: Dict[str, str]
    #: What one process changes and an application may rely on, in words.
    differs: List[str]
    #: Files that it includes, each with what is another one once it was edited.
    included: Dict[str, Mark] = {}
