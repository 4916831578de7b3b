"""`wsgi-dev check`: runs the application in several ways and tells what would not work elsewhere.

`main` starts the passes one after the other, each in a process of its own: `observe`, `conformance` and
`parallel` in plain Python, `cgi`, `restricted` and `deployed` under Apache, `files` without running anything. What they
find goes through `notes` to a file that the client reads.
"""
