"""A form's names, from any part of its body; and the input that remembers it."""

import io
import unittest
from wsgiref.validate import validator

from wsgi_dev_runner.form import LIMIT, watch_form
from wsgi_dev_runner.stop.introduction import field_names

URLENCODED = "application/x-www-form-urlencoded"
PARTS = (
    b'preamble\r\n--b.1\r\nContent-Disposition: form-data; name="one"\r\n\r\nname="no"\r\n--b.1\r\n'
    b'content-type: text/plain\r\ncontent-disposition: form-data; filename="a;name=b"; name="t\\"wo"\r\n\r\nx\r\n'
    b"--b.1\r\nContent-Disposition: form-data; name=three\r\n\r\n\r\n--b.1--\r\n"
)


def form(body, kind=URLENCODED, length=None):
    environ = {
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)) if length is None else length,
        "wsgi.input": io.BytesIO(body),
    }
    return watch_form(environ), environ


class NamesTest(unittest.TestCase):
    def names(self, body, part=None, kind=URLENCODED):
        return field_names(form(body, kind)[0], body[:part])

    def test_pairs(self):
        for body, names in [
            (b"a=1&b=2&a=3", ["a", "b"]),
            (b"a%20b=1&c+d=2&%C3%A9=3", ["a b", "c d", "é"]),
            (b"&&a&b=&=c", ["a", "b", ""]),
            (b"\xff=1", ["ÿ"]),
        ]:
            self.assertEqual(self.names(body), names)

    def test_half_a_pair_is_named_once_its_name_is_whole(self):
        body = b"first=1&second=2"
        for part, names in [(0, []), (3, []), (6, ["first"]), (12, ["first"]), (15, ["first", "second"])]:
            self.assertEqual(self.names(body, part), names)

    def test_parts(self):
        kind = 'multipart/form-data; charset=x; boundary="b.1"'
        self.assertEqual(self.names(PARTS, kind=kind), ["one", 't"wo', "three"])
        self.assertEqual(self.names(PARTS, kind="multipart/form-data; boundary=b.1"), ["one", 't"wo', "three"])
        self.assertEqual(self.names(PARTS, kind="multipart/form-data"), [])

    def test_parts_cut_anywhere(self):
        kind = "Multipart/Form-Data; boundary=b.1"
        whole = self.names(PARTS, kind=kind)
        for part in range(len(PARTS)):
            names = self.names(PARTS, part, kind)
            self.assertEqual(names, whole[: len(names)])


class InputTest(unittest.TestCase):
    def test_only_forms_of_a_known_and_moderate_length(self):
        for kind, length in [
            ("application/json", "3"),
            (URLENCODED, ""),
            (URLENCODED, "0"),
            (URLENCODED, "-1"),
            (URLENCODED, str(LIMIT + 1)),
        ]:
            watched, environ = form(b"a=1", kind, length)
            self.assertIsNone(watched)
            self.assertIsInstance(environ["wsgi.input"], io.BytesIO)

    def test_every_way_of_reading_gives_all_and_remembers_it(self):
        body = b"a=1\nb=2\nc=3\nd=4\ne=5"
        for read in [
            lambda source: source.read(),
            lambda source: source.read(5) + source.read(100),
            lambda source: source.readline() + source.readline(2) + b"".join(source.readlines()),
            lambda source: b"".join(source),
            lambda source: next(source) + source.readline() + b"".join(source.readlines(4)) + b"".join(source),
        ]:
            watched, environ = form(body)
            self.assertEqual(read(environ["wsgi.input"]), body)
            self.assertEqual(watched.read_so_far, body)

    def test_what_else_the_server_gives_is_there(self):
        _, environ = form(b"a=1")
        self.assertEqual(environ["wsgi.input"].tell(), 0)

    def test_the_contract_of_wsgi(self):
        @validator
        def application(environ, start_response):
            body = environ["wsgi.input"].read(3) + environ["wsgi.input"].readline(10)
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [body + b"".join(environ["wsgi.input"])]

        _, environ = form(b"a=1&b=2\nc=3")
        environ.update(
            REQUEST_METHOD="POST",
            SCRIPT_NAME="",
            PATH_INFO="/",
            QUERY_STRING="",
            SERVER_NAME="a",
            SERVER_PORT="80",
            SERVER_PROTOCOL="HTTP/1.1",
        )
        environ.update(
            {
                "wsgi.version": (1, 0),
                "wsgi.url_scheme": "http",
                "wsgi.errors": io.StringIO(),
                "wsgi.multithread": False,
                "wsgi.multiprocess": False,
                "wsgi.run_once": False,
            }
        )
        answer = application(environ, lambda *_arguments: lambda _data: None)
        self.assertEqual(b"".join(answer), b"a=1&b=2\nc=3")
        answer.close()


if __name__ == "__main__":
    unittest.main()
