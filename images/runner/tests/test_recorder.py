"""What a recorded request leaves in the state directory, and how a typed line is told."""

import base64
import glob
import io
import json
import os
import tempfile
import unittest

from wsgi_dev_runner.events import MAXIMUM_BYTES, encode
from wsgi_dev_runner.recorder import LIMIT, Recorder, line_parts


class Cut(io.BytesIO):
    """A body whose client hangs up."""

    def read(self, *size):
        raise OSError("mod_wsgi: client closed the connection")


def post(body, **more):
    return {
        "REQUEST_METHOD": "POST",
        "REQUEST_URI": "/login?next=%2F",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_REQUEST_ID": "7",
        "wsgi.input": io.BytesIO(body),
        **more,
    }


class RecorderTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.recorder = Recorder(self.directory)

    def read(self, record):
        with open(os.path.join(self.directory, record.name)) as file:
            return json.load(file)

    def test_a_request_is_there_before_the_application_reads_it_and_is_read_as_ever(self):
        environ = post(b"a\xff\nb")
        record = self.recorder.begin(1, environ)
        self.assertEqual(
            self.read(record),
            {
                "method": "POST",
                "target": "/login?next=%2F",
                "headers": {"Content-Type": "text/plain", "X-Request-Id": "7"},
                "length": 4,
                "body": base64.b64encode(b"a\xff\nb").decode(),
            },
        )
        self.assertEqual(environ["wsgi.input"].readlines(), [b"a\xff\n", b"b"])

    def test_its_response_is_added(self):
        record = self.recorder.begin(1, post(b""))
        record.headers = [("Location", "/")]
        record.end(302, 5, failed=False)
        self.assertEqual(
            self.read(record)["response"], {"status": 302, "headers": [["Location", "/"]], "bytes": 5, "complete": True}
        )

    def test_an_exception_is_a_500_until_something_was_sent_and_breaks_off_after_that(self):
        for size, status, complete in ((0, 500, True), (3, 200, False)):
            record = self.recorder.begin(1, post(b""))
            record.end(200, size, failed=True)
            response = self.read(record)["response"]
            self.assertEqual((response["status"], response["complete"]), (status, complete))

    def test_a_body_that_is_long_or_does_not_come_is_the_applications_alone(self):
        for environ in (post(b"", CONTENT_LENGTH=str(LIMIT + 1)), post(b"", **{"wsgi.input": Cut(b"x")})):
            body = environ["wsgi.input"]
            self.assertIsNone(self.read(self.recorder.begin(1, environ))["body"])
            self.assertIs(environ["wsgi.input"], body)

    def test_only_its_owner_reads_it(self):
        path = os.path.join(self.directory, self.recorder.begin(1, post(b"secret")).name)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)

    def test_files_that_nobody_fetches_do_not_pile_up(self):
        for number in range(1, 120):
            self.recorder.begin(number, post(b""))
        self.assertEqual(len(glob.glob(os.path.join(self.directory, "recorded", "*"))), 50)

    def test_a_full_disk_costs_the_record_alone(self):
        record = self.recorder.begin(1, post(b"x"))
        os.unlink(os.path.join(self.directory, record.name))
        os.rmdir(os.path.join(self.directory, "recorded"))
        record.end(200, 0, failed=False)


class LineTest(unittest.TestCase):
    def test_each_part_fits_into_an_event_and_together_they_are_the_line(self):
        for line in ("", "p x", "é" * 500, "\U0001f40d" * 41, "\x01" * 90, '"\\' * 100):
            parts = list(line_parts(line))
            self.assertEqual("".join(text for text, _more in parts), line)
            self.assertEqual([more for _text, more in parts], [True] * (len(parts) - 1) + [False])
            for text, more in parts:
                event = {"event": "command", "src": "app", "seq": 10**6, "t": 10**7 + 0.123456}
                self.assertLess(len(encode({**event, "text": text, "more": more}, "0" * 24)), MAXIMUM_BYTES)
