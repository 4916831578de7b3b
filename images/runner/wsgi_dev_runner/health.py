"""Whether the server is ready, by its own word: the health check of a compose service, run as a program of its own."""

import json
import sys

STATE = "/run/wsgi-dev/state.json"


def healthy(path: str = STATE) -> bool:
    """The server is up; it stays so while it stands at a prompt."""
    try:
        with open(path, encoding="utf-8") as file:
            return bool(json.load(file)["phase"] == "ready")
    except (OSError, ValueError, KeyError):
        return False


if __name__ == "__main__":
    sys.exit(0 if healthy() else 1)
