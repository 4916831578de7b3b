"""The project at hand: its directory, and what wsgi-dev.yaml says of its application."""

from __future__ import annotations

import os
import re

from .fault import USAGE, Fault

FILE = "wsgi-dev.yaml"


class Project:
    """The project in `directory`, or in the nearest one above it that has a wsgi-dev.yaml.

    Of that file `app`, `name` and `root` count here, each on a line of its own: what else it says is for the container
    that the host would make.
    """

    def __init__(self, directory: str) -> None:
        self.directory = os.path.realpath(directory)
        if not os.path.isdir(self.directory):
            raise Fault(f"{directory} is no directory", code=USAGE)
        text = ""
        for one in _upwards(self.directory):
            path = os.path.join(one, FILE)
            if os.path.isfile(path):
                self.directory = one
                with open(path, encoding="utf-8", errors="replace") as file:
                    text = file.read()
                break
        self.app = _scalar(text, "app")
        self.name = _scalar(text, "name") or os.path.basename(self.directory)
        self.root = os.path.realpath(os.path.join(self.directory, _scalar(text, "root") or "."))


def _upwards(directory: str) -> list[str]:
    parent = os.path.dirname(directory)
    return [directory] if parent == directory else [directory, *_upwards(parent)]


def _scalar(text: str, key: str) -> str:
    match = re.search(rf"^{key}:[ \t]+(?:\"([^\"]*)\"|'([^']*)'|([^#\n]*?))[ \t]*(?:#.*)?$", text, re.M)
    return next((group for group in match.groups() if group), "") if match else ""
