"""`python3 -I -S /usr/lib/wsgi-dev`: the container's main process."""

import sys

from wsgi_dev_runner.supervisor import Supervisor

if __name__ == "__main__":
    sys.exit(Supervisor().run())
