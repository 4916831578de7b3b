import json
import os
import sys
import unittest

from wsgi_dev_runner.stop.evidence import evidence, own_place


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
        self.assertEqual(evidence(sys._getframe(), 1)["source"][0], [1, "import json"])

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


HERE, THIS = os.path.split(os.path.abspath(__file__))


class TestOwnPlace(unittest.TestCase):
    def test_of_an_exception_that_a_library_raised_it_is_the_line_that_called_it(self):
        try:
            json.loads("{x")
        except ValueError as error:
            raised = entry = error.__traceback__
        while entry.tb_next is not None:
            entry = entry.tb_next
        found = own_place(entry.tb_frame, entry.tb_lineno, raised, HERE)
        self.assertEqual((found["file"], found["line"]), (THIS, raised.tb_lineno))
        self.assertIn('            json.loads("{x")', [text for _, text in found["source"]])

    def test_of_a_stop_in_a_library_it_is_the_line_that_led_there(self):
        def stop(_value):
            library = sys._getframe().f_back
            seen.append((library.f_code.co_filename, own_place(library, library.f_lineno, None, HERE)))

        seen = []
        json.loads("{}", object_hook=stop)
        ((library, found),) = seen
        self.assertIn("json", library)
        self.assertEqual(found["file"], THIS)
        self.assertIn("object_hook=stop", dict(found["source"])[found["line"]])

    def test_there_is_none_of_a_stop_in_the_project_nor_where_the_project_called_nothing(self):
        frame = sys._getframe()
        self.assertIsNone(own_place(frame, frame.f_lineno, None, HERE))
        self.assertIsNone(own_place(frame, frame.f_lineno, None, "/nowhere"))
