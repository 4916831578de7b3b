"""`wsgi-dev` inside a devcontainer: the same words as on the host, where no engine is.

The part of it that runs the application is the host's own runner, wsgi_dev_runner. This package finds the application
and the Python environment, leaves the settings that the runner reads, and speaks to a person instead of to a client.
"""
