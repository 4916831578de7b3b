"""The part of wsgi-dev that runs inside the container: Apache's supervisor and the debugger on its console.

Python 3.9 or later, standard library only; it knows nothing of container engines.

Two processes share this package. The supervisor (`supervisor`, `inbox`, `server`, `apache`, `httpd_conf`, `saved`,
`crashes`, `ctrl_c`) is the container's main process: it writes Apache's configuration and starts, stops and restarts
Apache. Apache's own Python (`application`, `loading`, `session`, `middleware`, `console`) loads the WSGI application;
`stop`, `debuggers` and `prompt` stop it at a prompt.
"""
