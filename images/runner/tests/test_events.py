import base64
import json
import os
import re
import unittest

from wsgi_dev_runner.events import MAXIMUM_BYTES, Emitter, encode, shorten

NONCE = "0123456789abcdef01234567"


def decode(data):
    found = re.fullmatch(rb"\x1b\]7117;([0-9a-f]+);([A-Za-z0-9_-]+)\x07", data)
    body = found.group(2)
    return found.group(1).decode(), json.loads(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))


class Events(unittest.TestCase):
    def setUp(self):
        self.read_end, self.write_end = os.pipe()
        self.addCleanup(os.close, self.read_end)
        self.addCleanup(os.close, self.write_end)
        self.emitter = Emitter(self.write_end, NONCE, "app")

    def emitted(self, event, **fields):
        self.emitter.emit(event, **fields)
        data = os.read(self.read_end, 65536)
        self.assertLess(len(data), MAXIMUM_BYTES)
        nonce, message = decode(data)
        self.assertEqual(NONCE, nonce)
        return message

    def test_fields_and_numbers(self):
        first = self.emitted("stop", line=7, file="ä.py", request=None)
        second = self.emitted("prompt")
        self.assertEqual(
            ("stop", "app", 1, 7, "ä.py", None),
            tuple(first[k] for k in ("event", "src", "seq", "line", "file", "request")),
        )
        self.assertEqual(("prompt", 2), (second["event"], second["seq"]))
        self.assertLessEqual(first["t"], second["t"])

    def test_long_texts_keep_their_end(self):
        message = self.emitted("request", path="/" + "x" * 5000 + "/end", method="GET")
        self.assertTrue(message["path"].startswith("…"))
        self.assertTrue(message["path"].endswith("/end"))
        self.assertEqual("GET", message["method"])

    def test_wide_characters_and_lone_surrogates(self):
        self.assertTrue(self.emitted("request", path="€" * 400, other="語" * 400)["path"].endswith("€"))
        self.assertEqual("?", self.emitted("request", path="\udcff")["path"])

    def test_shorten_leaves_the_rest(self):
        self.assertEqual({"a": "…cd", "b": [1], "c": 2}, shorten({"a": "abcd", "b": [1], "c": 2}, 2))

    def test_no_control_bytes_inside(self):
        self.assertNotRegex(encode({"text": "\x07\x1b"}, NONCE)[1:-1], rb"[\x00-\x1f]")


if __name__ == "__main__":
    unittest.main()
