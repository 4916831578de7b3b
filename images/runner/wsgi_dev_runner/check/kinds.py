"""The kinds of findings: why each matters, and what to do about it."""

from typing import Dict, Tuple

#: kind → (why it matters, the remedy)
KINDS: Dict[str, Tuple[str, str]] = {
    "load": (
        "Nothing can be said of an application that doesn't load.",
        "Mend that first; `wsgi-dev up --debug` stops where it was raised.",
    ),
    "error": (
        "What the request would have run behind that was not checked.",
        "`wsgi-dev up --debug` stops where it was raised; or name other paths.",
    ),
    "hang": (
        "A server's process waits as long, and its other requests with it.",
        "Set a time limit on what it waits for; start servers and loops outside of the WSGI module.",
    ),
    "crash": (
        "Under Apache it ends the process with all the requests in it.",
        "Find out which call it is: `wsgi-dev up --debug` shows the stacks of a crash.",
    ),
    "stdout": (
        "mod_wsgi sends it to Apache's error log, CGI adapters to the client, as a part of the response.",
        "Log it (logging writes to stderr), or print(…, file=environ['wsgi.errors']).",
    ),
    "stdin": (
        "Under mod_wsgi it is at its end, under CGI it is the body of the request.",
        "Read the body from environ['wsgi.input'], and everything else from a file or the environment.",
    ),
    "isatty": (
        "Under a server neither is a terminal; some put an object there that has no such method.",
        "Decide by a setting, not by the terminal.",
    ),
    "cgi": (
        "Such an adapter sends the response through stdout, together with whatever else is written there.",
        "Write nothing to stdout, and leave sys.stdout as it is.",
    ),
    "restricted": (
        "Sites that keep WSGIRestrictStdin or WSGIRestrictStdout On, mod_wsgi's default before 3.0, refuse it.",
        "Leave sys.stdin and sys.stdout alone.",
    ),
    "wsgi": (
        "PEP 3333 forbids it: one server lets it pass, another answers with an error or drops the response.",
        "Do as the message says; Python's wsgiref.validate checks the same.",
    ),
    "state": (
        "Each process and each interpreter has its own copy, and threads change it side by side: "
        "answers depend on where a request happens to run.",
        "Keep it in a database, a cache server or the session.",
    ),
    "parallel": (
        "A server's threads run requests at the same time: such answers depend on who else asks.",
        "Give each request objects of its own, guard what they share with a lock, or let processes have one thread.",
    ),
    "thread": (
        "Each process of the server starts its own, and ends it without notice when it is recycled.",
        "Run it outside of the server, as a service or by a task queue.",
    ),
    "process": (
        "It inherits the server's sockets and threads as they are in that moment, and Apache knows nothing of it.",
        "Run another program (subprocess), or hand the work to a task queue.",
    ),
    "signal": (
        "The server's signals are its own: mod_wsgi ignores the handler, and outside of the main thread it raises.",
        "Leave signals to the server; use atexit to tidy up, and time limits of the libraries.",
    ),
    "environ": (
        "The environment belongs to the process: other threads and interpreters see it change under their hands.",
        "Set it once as the module is imported, or pass the value on by itself.",
    ),
    "cwd": (
        "A server's working directory isn't the project's: a daemon of mod_wsgi has the user's home.",
        "Make paths from __file__; or give WSGIDaemonProcess home=DIRECTORY.",
    ),
    "option": (
        "It changes the whole process, other applications in it too, and holds for what runs afterwards only.",
        "Leave it to the server's configuration.",
    ),
    "deployed": (
        "That is how a site runs that says no more than WSGIDaemonProcess and python-path=.",
        "Mend what the message names, or give the site the option that it needs (home=, lang=, WSGIApplicationGroup).",
    ),
    "leftover": (
        "It was a way around restrictions that mod_wsgi lifted in 3.0 (2009-11-21).",
        "Remove it.",
    ),
    "pyc": (
        "Python may run code that isn't in the source.",
        "Remove the file; let Python write its own, or run `python -m compileall` when you deploy.",
    ),
    "permission": (
        "Apache runs the application as a user of its own.",
        "Give that user the right (chown, chmod), or keep such files in a directory that is its own.",
    ),
    "unchecked": (
        "A part of this check is missing.",
        "Run it again; its output is shown with -v.",
    ),
}
