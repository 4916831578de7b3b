import sys
import unittest
from traceback import extract_tb

from wsgi_dev_runner.frameworks import _before


class Framework:
    def answer(self, error):
        raise error


class Frameworks(unittest.TestCase):
    def test_an_exception_that_a_framework_raises_on_has_no_frames_of_the_runner(self):
        told = []
        _before(Framework, "answer", lambda _self, error: told.append(error))
        error = KeyError("x")
        names = []
        try:
            Framework().answer(error)
        except KeyError:
            names = [frame.name for frame in extract_tb(error.__traceback__)]
        self.assertEqual([error], told)
        self.assertEqual("answer", names[-1])
        if sys.version_info >= (3, 11):
            self.assertEqual(2, len(names))
