"""A start without a client, by docker compose: the settings stand in the environment."""

from __future__ import annotations

import json
import os
import sys

from .settings import STATE_DIRECTORY, write_atomically

VARIABLE = "WSGI_DEV_SETTINGS"


def leave_settings(directory: str = STATE_DIRECTORY) -> None:
    """Write the settings where a client would have left them, with a new order and nonce for clients that attach.

    The variable goes: the application has no use for it.
    """
    values = json.loads(os.environ.pop(VARIABLE))
    secret = os.urandom(12).hex()
    try:
        write_atomically(os.path.join(directory, "settings.json"), {**values, "order": secret, "nonce": secret})
    except OSError as error:
        sys.exit(
            f"wsgi-dev: {directory} can't be written by the user {os.getuid()}: {error.strerror}\n"
            "  Run `wsgi-dev compose init` in the project: it makes .wsgi-dev/run for that user."
        )
