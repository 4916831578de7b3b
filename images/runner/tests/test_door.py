"""Listening sockets that outlive the process that opened them."""

import contextlib
import os
import socket
import subprocess
import sys
import unittest

from wsgi_dev_runner.door import Door

#: What stands for Apache: opens its socket as that does, takes the door, and answers as many requests as it is told.
_SERVER = """
import socket, sys
from wsgi_dev_runner.door import take_door

family, host, port, name, count, shares = sys.argv[1:]
listening = socket.socket(int(family))
listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
if shares == "True":
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
listening.bind((host, int(port)))
listening.listen(8)
take_door()
print(listening.getsockname()[1], flush=True)
for _ in range(int(count)):
    accepted = listening.accept()[0]
    accepted.sendall(name.encode())
    accepted.close()
"""


class DoorTest(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)

    def open_door(self):
        self.door = Door()
        self.addCleanup(self.door.close)

    def serve(self, family, host, port, name, count, shares=True):
        """Its process and its port."""
        read, write = os.pipe()
        arguments = map(str, (int(family), host, port, name, count, shares))
        actions = [*self.door.file_actions(), (os.POSIX_SPAWN_DUP2, write, 1)]
        command = [sys.executable, "-c", _SERVER, *arguments]
        pid = os.posix_spawn(sys.executable, command, dict(os.environ), file_actions=actions)
        os.close(write)
        with open(read) as told:
            return pid, int(told.readline() or 0)

    def client(self, host, port):
        return self.stack.enter_context(socket.create_connection((host, port), timeout=10))

    def test_what_waits_for_one_process_and_what_comes_after_it_is_answered_by_the_next(self):
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
            with self.subTest(host=host):
                self.open_door()
                first, port = self.serve(family, host, 0, "first", 1, shares=False)
                clients = [self.client(host, port) for _ in range(3)]
                os.waitpid(first, 0)
                clients += [self.client(host, port)]
                for name, expected in (("second", 2), ("third", 1)):
                    process, again = self.serve(family, host, port, name, expected)
                    self.assertEqual(port, again)
                    os.waitpid(process, 0)
                answers = [client.recv(100) for client in clients]
                self.assertEqual([b"first", b"second", b"second", b"third"], answers)

    def test_another_server_is_refused_the_address(self):
        self.open_door()
        first, port = self.serve(socket.AF_INET, "127.0.0.1", 0, "first", 1, shares=False)
        other = subprocess.run(
            [sys.executable, "-c", f"import socket; socket.create_server(('127.0.0.1', {port}))"],
            stderr=subprocess.PIPE,
            check=False,
        )
        self.assertIn(b"Address already in use", other.stderr)
        self.client("127.0.0.1", port).recv(100)
        os.waitpid(first, 0)
