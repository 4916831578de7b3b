"""This process's own sockets, as the kernel's tables have them."""

import contextlib
import socket
import subprocess
import sys
import unittest

from wsgi_dev_runner.sockets import connection, waiting_requests

_OTHER = """
import socket
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
input()
"""


class SocketsTest(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)

    def listening(self, host="127.0.0.1", family=socket.AF_INET):
        one = self.stack.enter_context(socket.create_server((host, 0), family=family, backlog=8))
        return one, one.getsockname()[1]

    def client(self, port, host="127.0.0.1"):
        return self.stack.enter_context(socket.create_connection((host, port)))

    def test_connections_that_nobody_has_accepted(self):
        listening, port = self.listening()
        other, elsewhere = self.listening()
        self.assertEqual(0, waiting_requests(port))
        self.client(elsewhere)
        for count in (1, 2):
            self.client(port)
            self.assertEqual(count, waiting_requests(port))
        self.stack.enter_context(listening.accept()[0])
        self.assertEqual(1, waiting_requests(port))
        self.assertEqual(1, waiting_requests(elsewhere))
        self.assertIsNotNone(other)

    def test_ipv6(self):
        try:
            _, port = self.listening("::1", socket.AF_INET6)
        except OSError:
            self.skipTest("no IPv6 here")
        self.client(port, "::1")
        self.assertEqual(1, waiting_requests(port))

    def test_another_process_has_its_own(self):
        command = [sys.executable, "-c", _OTHER]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            port = int(process.stdout.readline())
            self.client(port)
            self.assertEqual(0, waiting_requests(port))
            process.communicate("\n")

    def test_the_descriptor_of_an_accepted_connection(self):
        listening, port = self.listening()
        client = self.client(port)
        accepted = self.stack.enter_context(listening.accept()[0])
        self.assertEqual(accepted.fileno(), connection(port, client.getsockname()[1]))
        self.assertIsNone(connection(port, 1))


if __name__ == "__main__":
    unittest.main()
