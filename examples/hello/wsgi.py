"""The smallest application worth debugging: open http://127.0.0.1:8000/?name=you and stand at the prompt."""

from urllib.parse import parse_qs


def application(environ, start_response):
    query = parse_qs(environ["QUERY_STRING"])
    name = query.get("name", ["world"])[0]
    breakpoint()
    body = f"Hello, {name}!\n".encode()
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
