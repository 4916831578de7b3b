import fcntl
import json
import os
import signal
import tempfile
import unittest

from wsgi_dev_runner.notes import Notes


class Locks(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = os.path.join(directory.name, "notes")
        os.mkfifo(self.path)
        self.reader = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)
        self.addCleanup(os.close, self.reader)
        self.notes = Notes(self.path, "order")

    def is_free(self):
        try:
            fcntl.flock(self.reader, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        fcntl.flock(self.reader, fcntl.LOCK_UN)
        return True

    def test_held_until_released(self):
        self.notes.hold_terminal()
        self.assertFalse(self.is_free())
        self.notes.release_terminal()
        self.assertTrue(self.is_free())

    def test_a_forked_process_does_not_keep_it(self):
        self.notes.hold_terminal()
        child = os.fork()
        if child == 0:
            self.notes.separate()
            self.notes.tell(separate=True)
            signal.pause()
        self.addCleanup(os.waitpid, child, 0)
        self.addCleanup(os.kill, child, 9)
        os.set_blocking(self.reader, True)
        self.assertEqual({"order": "order", "separate": True}, json.loads(os.read(self.reader, 4096)))
        self.assertFalse(self.is_free())
        # As when the parent is killed at a prompt.
        os.close(self.notes._fd)
        self.assertTrue(self.is_free())


if __name__ == "__main__":
    unittest.main()
