"""The order in which the supervisor takes what it hears."""

import signal
import types
import unittest
from typing import Any, Dict, Iterator, List
from unittest import mock

from wsgi_dev_runner import supervisor


class _Inbox:
    """In which a note arrives, and Ctrl-C after it, while the supervisor is at `late`: "notes" or "signals"."""

    def __init__(self, late: str) -> None:
        self._late = late
        self._notes: List[Dict[str, Any]] = []
        self._signals: List[int] = []

    def wait(self, _others: List[int], _seconds: float) -> None:
        """At once."""

    def _arrive(self, at: str) -> None:
        if at == self._late:
            self._late = ""
            self._notes.append({"order": "1", "activity": "busy"})
            self._signals.append(signal.SIGINT)

    def notes(self) -> Iterator[Dict[str, Any]]:
        come, self._notes = self._notes, []
        yield from come
        self._arrive("notes")

    def signals(self) -> bytes:
        self._arrive("signals")
        come, self._signals = self._signals, []
        return bytes(come)


class CtrlC(unittest.TestCase):
    def activities(self, late: str) -> List[str]:
        """What the application was known to do as Ctrl-C was taken, within two turns."""
        server = types.SimpleNamespace(
            **{"activity": "prompt", "next": None, "apache": 1, "kill_at": None, "daemons": None, "interpreters": None},
            settings=types.SimpleNamespace(order="1", debug=False),
        )
        pressed: List[str] = []
        keys = types.SimpleNamespace(
            stacks_at=None, on_activity=lambda _: None, on_press=lambda: pressed.append(server.activity)
        )
        with mock.patch.object(supervisor.Supervisor, "__init__", lambda _: None):
            it = supervisor.Supervisor()
        saved = mock.Mock(fds=[], **{"deadlines.return_value": []})
        vars(it).update(_inbox=_Inbox(late), _server=server, _ctrl_c=keys, _saved=saved, _advice=None, _waiting=None)
        for _ in range(2):
            it._turn()
        return pressed

    def test_is_taken_with_what_came_before_it_wherever_the_supervisor_was(self) -> None:
        self.assertEqual(self.activities("signals"), ["busy"])
        self.assertEqual(self.activities("notes"), ["busy"])
