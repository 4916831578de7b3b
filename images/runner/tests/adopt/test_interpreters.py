import unittest

from wsgi_dev_runner.adopt.interpreters import Interpreters

MAIN, OTHER, GUARD = ["shop", ""], ["shop", "b"], ["", ""]


def note(interpreter, loaded, **more):
    return {"activity": "idle" if loaded else "failed", "loaded": loaded, "interpreter": interpreter, **more}


class OneWord(unittest.TestCase):
    def setUp(self):
        rows = [(MAIN, True), (OTHER, True), (OTHER, False), (GUARD, False)]
        self.server = Interpreters([{"interpreter": one, "serves": serves} for one, serves in rows])
        self.server.hear(note(GUARD, True))

    def test_ready_once_all_have_tried(self):
        self.assertIsNone(self.server.hear(note(MAIN, True)))
        # Another process of the group.
        self.assertIsNone(self.server.hear(note(MAIN, True)))
        self.assertEqual({"activity": "idle", "loaded": True}, self.server.hear(note(OTHER, True)))
        self.assertIsNone(self.server.hear(note(OTHER, True)))

    def test_one_that_fails_leaves_the_others_alone(self):
        self.assertIsNone(self.server.hear(note(MAIN, False, message="x")))
        self.assertEqual({"activity": "idle", "loaded": True}, self.server.hear(note(OTHER, True)))

    def test_all_fail(self):
        self.assertIsNone(self.server.hear(note(MAIN, False, message="x")))
        whole = self.server.hear(note(OTHER, False, message="y"))
        self.assertEqual({"activity": "failed", "loaded": False, "message": "x"}, whole)
