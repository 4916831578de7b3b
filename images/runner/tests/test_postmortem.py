import unittest
from bdb import BdbQuit
from importlib import import_module

from wsgi_dev_runner.stop.postmortem import chain, headline, innermost, is_failure, own_traceback


def caught(function, *arguments):
    try:
        function(*arguments)
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def fails():
    raise ValueError("x")


class WhatIsAFailure(unittest.TestCase):
    def test_the_applications_own(self):
        for error in (ValueError(), SystemExit(), OSError("disk full")):
            self.assertTrue(is_failure(error), repr(error))

    def test_a_hang_up_or_the_end_of_something_is_none(self):
        hung_up = OSError("Apache/mod_wsgi client connection closed")
        for error in (GeneratorExit(), KeyboardInterrupt(), BdbQuit(), hung_up):
            self.assertFalse(is_failure(error), repr(error))


class Chain(unittest.TestCase):
    def test_causes_and_contexts_each_once(self):
        first, second, third = ValueError(1), ValueError(2), ValueError(3)
        third.__cause__ = third.__context__ = second
        second.__context__ = first
        first.__context__ = third
        self.assertEqual({1, 2, 3}, {error.args[0] for error in chain(third)})
        self.assertEqual(3, len(list(chain(third))))


class Traceback(unittest.TestCase):
    def test_begins_and_ends_in_the_application(self):
        error = caught(fails)
        self.assertEqual("fails", innermost(own_traceback(error)).tb_frame.f_code.co_name)

    def test_is_none_where_only_the_runner_and_the_import_system_are_in_it(self):
        error = caught(import_module, "no_such_module_at_all")
        self.assertEqual("caught", innermost(own_traceback(error)).tb_frame.f_code.co_name)
        error.__traceback__ = error.__traceback__.tb_next
        self.assertIsNone(own_traceback(error))


class Headline(unittest.TestCase):
    def test_one_line(self):
        self.assertEqual("ValueError: x", headline(caught(fails)))

    def test_members_of_a_group_with_their_places(self):
        class Group(Exception):
            exceptions = (caught(fails), KeyError("k"))

        line = fails.__code__.co_firstlineno + 1
        members = f"  [0] ValueError: x at {__file__}:{line}\n  [1] KeyError: 'k'"
        self.assertRegex(headline(Group("both")), r"Group: both\n")
        self.assertEqual(members, headline(Group("both")).partition("\n")[2])

    def test_the_members_of_a_member_stand_below_it(self):
        class Group(Exception):
            exceptions = ()

        outer, inner = Group("outer"), Group("inner")
        inner.exceptions = (ValueError("x"),)
        outer.exceptions = (inner, KeyError("y"))
        members = headline(outer).splitlines()[1:]
        self.assertEqual(
            [line.rpartition(".")[2] for line in members],
            ["Group: inner", "    [0] ValueError: x", "  [1] KeyError: 'y'"],
        )


if __name__ == "__main__":
    unittest.main()
