"""`python3 -I -S /usr/lib/wsgi-dev`: the container's main process; with a word, that of another command."""

import os
import sys

if __name__ == "__main__":
    if sys.argv[1:] == ["adopt"]:
        # What becomes of an Apache configuration of the user's own; nothing is started.
        from wsgi_dev_runner.adopt.report import adopt_only

        code = adopt_only()
    elif sys.argv[1:2] == ["check"]:
        from wsgi_dev_runner.check.main import main

        code = main()
    elif sys.argv[1:2] == ["check-pass"]:
        from wsgi_dev_runner.check.inside import run_pass

        run_pass(sys.argv[2], sys.argv[3])
    else:
        if "WSGI_DEV_SETTINGS" in os.environ:
            from wsgi_dev_runner.alone import leave_settings

            leave_settings()
        from wsgi_dev_runner.supervisor import Supervisor

        code = Supervisor().run()
    sys.stdout.flush()
    # Nothing is left to tidy, and `down` waits for it.
    os._exit(code)
