import sys
import unittest
import warnings
from bdb import BdbQuit
from traceback import extract_tb
from wsgiref.util import FileWrapper, setup_testing_defaults
from wsgiref.validate import validator

from wsgi_dev_runner.middleware import Request, _Body, respond


class Recorder:
    """Everything that a session is to the middleware."""

    def __init__(self):
        self.log = []
        self.recorder = None
        self.request = None
        self.notes = self.emitter = self.debugger = self.console = self

    def send(self, activity, request=None):
        self.log.append(activity)

    def emit(self, event, **fields):
        fields.pop("ms", None)
        self.log.append((event, fields))

    def arm(self, frame):
        self.log.append("arm")

    def disarm(self):
        self.log.append("disarm")

    def flush(self):
        pass

    def on_end(self, request):
        pass

    def stop_tracing(self):
        pass


class Middleware(unittest.TestCase):
    def call(self, application, **environ):
        self.session = Recorder()
        self.reported = []
        setup_testing_defaults(environ)
        environ["SCRIPT_NAME"], environ["PATH_INFO"], environ["QUERY_STRING"] = "/mount", "/path", ""
        self.started = []

        def start_response(status, headers, exc_info=None):
            if exc_info and self.sent:
                raise exc_info[1]
            self.started.append((status, dict(headers)))
            return self.sent.append

        self.sent = []

        def behind(environ, start_response):
            request = Request(self.session, 1, environ)
            request.begin()
            return respond(request, application, environ, start_response, self.reported.append)

        # The validator stands on both sides: what the application sees, and what the server gets.
        result = validator(behind)(environ, start_response)
        try:
            for chunk in result:
                self.sent.append(chunk)
        finally:
            result.close()
        return b"".join(self.sent)

    def test_what_cannot_be_iterated_is_the_servers_to_refuse(self):
        session, environ = Recorder(), {}
        setup_testing_defaults(environ)
        request = Request(session, 1, environ)
        request.begin()
        self.assertIsNone(respond(request, lambda *_: None, environ, lambda *_: None, self.fail))
        self.assertEqual(session.log[-2][1]["status"], 500)
        self.assertEqual(session.log[-1], "idle")

    def response(self):
        return [
            fields
            for event, fields in filter(lambda item: isinstance(item, tuple), self.session.log)
            if event == "response"
        ]

    @staticmethod
    def body(make):
        def application(environ, start_response):
            start_response("200 OK", [("Content-Type", "text/plain")])
            return make()

        return validator(application)

    def test_list(self):
        def application(environ, start_response):
            start_response("201 Created", [("Content-Type", "text/plain")])
            return [b"one", b"two"]

        self.assertEqual(b"onetwo", self.call(application))
        self.assertEqual([{"id": 1, "status": 201, "bytes": 6}], self.response())
        self.assertEqual("idle", self.session.log[-1])
        self.assertIsNone(self.session.request)
        self.assertEqual(("request", {"id": 1, "method": "GET", "path": "/mount/path"}), self.session.log[1])

    def test_generator_is_lazy_and_closed(self):
        steps = []

        def parts():
            try:
                for part in (b"a", b"b"):
                    steps.append(part)
                    yield part
            finally:
                steps.append("closed")

        self.assertEqual(b"ab", self.call(self.body(parts)))
        self.assertEqual([b"a", b"b", "closed"], steps)
        self.assertEqual([{"id": 1, "status": 200, "bytes": 2}], self.response())

    def test_write(self):
        def application(environ, start_response):
            write = start_response("200 OK", [("Content-Type", "text/plain")])
            write(b"written ")
            return [b"returned"]

        self.assertEqual(b"written returned", self.call(application))
        self.assertEqual(16, self.response()[0]["bytes"])

    def test_file_wrapper_goes_through_as_it_is(self):
        session = Recorder()
        request = Request(session, 1, {})
        request.begin()
        wrapper = FileWrapper(open(__file__, "rb"))
        self.addCleanup(wrapper.close)
        environ = {"wsgi.file_wrapper": FileWrapper}
        application = lambda _environ, start: (start("200 OK", []), wrapper)[1]  # noqa: E731
        result = respond(request, application, environ, lambda *a: None, lambda _error: None)
        self.assertIs(wrapper, result)

    def test_an_error_is_the_servers_and_ends_the_request(self):
        def application(environ, start_response):
            raise KeyError("x")

        with self.assertRaises(KeyError):
            self.call(application)
        self.assertEqual(500, self.response()[0]["status"])
        self.assertIsNone(self.session.request)

    def test_an_error_of_the_body_too(self):
        def parts():
            yield b"a"
            raise KeyError("x")

        with self.assertRaises(KeyError):
            self.call(self.body(parts))
        self.assertIsNone(self.session.request)

    def test_quit(self):
        def application(environ, start_response):
            raise BdbQuit

        self.assertIn(b"quit in the debugger", self.call(application))
        self.assertEqual("500 Internal Server Error", self.started[-1][0])
        self.assertEqual(500, self.response()[0]["status"])

    def test_quit_before_the_first_part(self):
        def parts():
            raise BdbQuit
            yield b""

        self.assertIn(b"quit in the debugger", self.call(self.body(parts)))
        self.assertEqual(500, self.response()[0]["status"])

    def test_quit_after_the_first_part_breaks_off(self):
        def parts():
            yield b"a"
            raise BdbQuit

        with self.assertRaises(BdbQuit):
            self.call(self.body(parts))
        self.assertIsNone(self.session.request)

    def test_an_error_leaves_without_frames_of_the_runner(self):
        def fails():
            raise KeyError("x")

        body = _Body(Request(Recorder(), 1, {}), iter(fails, None), lambda *_: None, lambda _error: None)
        names = []
        try:
            next(body)
        except KeyError as error:
            names = [frame.name for frame in extract_tb(error.__traceback__)]
        self.assertEqual("fails", names[-1])
        if sys.version_info >= (3, 11):
            self.assertEqual(["test_an_error_leaves_without_frames_of_the_runner", "fails"], names)


if __name__ == "__main__":
    warnings.simplefilter("error")
    unittest.main()
