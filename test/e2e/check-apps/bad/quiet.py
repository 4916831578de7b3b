# Nothing to find, but for what lies beside it.
import old


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(old.VALUE).encode()]
