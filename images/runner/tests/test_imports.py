"""What a stop loads: each module costs the first one its milliseconds."""

import os
import subprocess
import sys
import unittest

_RUNNER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
#: For forms, and for Pythons before 3.13 at a prompt that changes variables.
_SELDOM = {"ctypes", "socket", "urllib.parse", "wsgi_dev_runner.arrived"}


class ImportsTest(unittest.TestCase):
    def test_what_few_stops_need_is_not_loaded_for_all(self):
        code = "import sys, wsgi_dev_runner.session, wsgi_dev_runner.debuggers.own_pdb; print(*sys.modules)"
        # Without `site`: what is installed for this Python may load anything.
        said = subprocess.run(
            [sys.executable, "-S", "-c", code], cwd=_RUNNER, capture_output=True, text=True, check=True
        )
        self.assertEqual(set(), _SELDOM & set(said.stdout.split()))


if __name__ == "__main__":
    unittest.main()
