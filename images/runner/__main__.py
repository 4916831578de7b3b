"""`python3 -I -S /usr/lib/wsgi-dev`: the container's main process."""

import os
import sys

from wsgi_dev_runner.supervisor import Supervisor

if __name__ == "__main__":
    code = Supervisor().run()
    sys.stdout.flush()
    # Nothing is left to tidy, and `down` waits for it.
    os._exit(code)
