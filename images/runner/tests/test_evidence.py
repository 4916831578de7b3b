import sys
import unittest

from wsgi_dev_runner.stop.evidence import evidence


class Rude:
    def __repr__(self) -> str:
        raise ValueError("no")


def stopped(first=1, rude=Rude(), many=tuple(range(1000)), text="x" * 1000):  # noqa: B008 - never changed
    return evidence(sys._getframe(), sys._getframe().f_lineno)


class TestEvidence(unittest.TestCase):
    def test_the_current_line_stands_among_those_around_it(self):
        found = stopped()
        numbers = [number for number, _ in found["source"]]
        self.assertEqual(len(numbers), 7)
        self.assertIn("return evidence", dict(found["source"])[numbers[3]])

    def test_the_start_of_a_file_has_no_lines_before_it(self):
        self.assertEqual(evidence(sys._getframe(), 1)["source"][0], [1, "import sys"])

    def test_locals_are_described_in_their_order_and_never_raise(self):
        found = dict(stopped()["locals"])
        self.assertEqual(list(found), ["first", "rude", "many", "text"])
        self.assertEqual(found["first"], "1")
        self.assertRegex(found["rude"], "^<Rude instance at 0x")
        self.assertLess(len(found["many"]), 100)
        self.assertLessEqual(len(found["text"]), 300)

    def test_a_module_has_no_locals_of_its_own(self):
        frames = {}
        exec(compile("import sys\nframes['it'] = sys._getframe()", "x.py", "exec"), {"frames": frames})
        self.assertEqual(evidence(frames["it"], 2)["locals"], [])
